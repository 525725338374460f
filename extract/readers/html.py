"""HTML pages: parsed, located, freed of chrome, with the furniture kept aside."""

from collections.abc import Collection, Iterator, Sequence
from itertools import takewhile

from lxml import etree

from extract.chrome import strip
from extract.decode import decode
from extract.document import Block, Cell, Document, Finding, Furniture
from extract.furniture import box_entries, breadcrumb
from extract.locate import locate
from extract.readers import flat
from extract.readers.grids import Paths, cell_texts, data_tables, grid, may_hide
from extract.readers.markup import parse
from extract.readers.passages import Passage, passages
from extract.restore import has_tones, wording_of
from extract.words import fold

FEWEST_WORDS = 60
"""Characters. Every page that says something has more about it; a bare title has less."""
_HEAD = 4_000
"""Characters at either end of a page in which its first and its last tag stand."""
FEWEST_FLAT_VALUES = 6
"""Fewer values in a run of short paragraphs are no flattened table, but numbers that a page also has."""


def read_html(payload: bytes) -> Document:
    decoded = decode(payload)
    page = parse(decoded)
    wording = wording_of(decoded.text) if has_tones(decoded.utf8) else str
    seen = passages(page.root, data_tables(page.root), wording)
    location = locate(page.root, seen)
    inside = seen[location.begin : location.end]
    stripped = strip(location.container, inside)
    kept = set(map(id, stripped.kept))
    cut = set(map(id, takewhile(lambda passage: id(passage) not in kept, inside)))
    hides = any(passage.is_table for passage in stripped.kept) and may_hide(decoded.utf8)
    return Document(
        blocks=tuple(_blocks(stripped.kept, hides=hides)),
        furniture=_furniture(page.root, [passage for passage in seen if id(passage) not in kept], cut),
        encoding=decoded.encoding,
        findings=(
            *page.findings,
            *location.findings,
            *stripped.findings,
            *_links(inside),
            *_lacking(decoded.text, page.root, seen),
        ),
    )


def _links(inside: Sequence[Passage]) -> Iterator[Finding]:
    """A page whose content is links is a listing, whatever its title says."""
    said = [passage for passage in inside if not (passage.is_table or passage.is_furniture)]
    linked, written = sum(passage.linked for passage in said), sum(len(passage.text) for passage in said)
    if linked * 2 > written:
        yield Finding("mostly_links", f"{linked} of {written} characters of the content are links")


def _lacking(text: str, root: etree._Element, seen: Sequence[Passage]) -> Iterator[Finding]:
    """A page that was cut off on its way, and one whose words a script brings (广东's gkmlpt)."""
    head, foot = (part.encode(errors="ignore").lower() for part in (text[:_HEAD], text[-_HEAD:]))
    if b"<html" in head and b"</html" not in foot and "</" in text:
        yield Finding("cut_short", "the page ends before its </html>")
    if (
        sum(len(passage.text) for passage in seen) < FEWEST_WORDS
        and next(root.iter("script"), None) is not None
    ):
        yield Finding("script_only", "hardly any words on the page, and scripts that may bring them")


def _blocks(kept: Sequence[Passage], *, hides: bool) -> Iterator[Block]:
    """Tables as grids; the paragraphs between them as prose, or as a grid that lost its lines."""
    paths = Paths()
    between: list[flat.Line] = []
    above = None
    for passage in kept:
        if passage.is_table:
            yield from flat.blocks(between, FEWEST_FLAT_VALUES)
            between = []
            yield grid(passage.home, paths, hides=hides)
        else:
            blanks = [flat.Line((Cell("", paths.of(blank)),), "") for blank in _blanks_before(passage, above)]
            cell = Cell(passage.text, _place(passage, paths))
            between += [*reversed(blanks), flat.Line((cell,), passage.plain)]
        above = passage.home
    yield from flat.blocks(between, FEWEST_FLAT_VALUES)


def _blanks_before(passage: Passage, above: etree._Element | None) -> Iterator[etree._Element]:
    """The empty paragraphs right before one, the nearest first: empty cells of a table without lines. The
    home of the passage `above` is not empty.
    """
    home = passage.home
    before = home.getprevious() if passage.line == 1 and home.tag == "p" else None
    while (
        before is not None
        and before is not above
        and before.tag == "p"
        and not "".join(before.itertext()).strip()
    ):
        yield before
        before = before.getprevious()


def _place(passage: Passage, paths: Paths) -> str:
    """`#2` is the second paragraph of an element whose paragraphs are only divided by `<br>`; a `<td>` with
    no `#` is the whole cell.
    """
    path = paths.of(passage.home)
    whole = passage.line == 1 and passage.home.tag not in ("td", "th")
    return path if whole else f"{path}#{passage.line}"


def _furniture(root: etree._Element, outside: Sequence[Passage], cut: Collection[int]) -> Furniture:
    """`cut` are the passages (by id) from the container's beginning to the report's: its title, mostly."""
    texts = [passage.text for passage in outside if not passage.is_table]
    title, metas = _title_and_metas(root)
    box: dict[str, str] = {}
    for label, value in (*_boxed(outside), *box_entries(texts)):
        box.setdefault(label, value)
    return Furniture(
        title=title,
        headings=tuple(passage.text for passage in outside if _is_title(passage, cut)),
        metas=metas,
        index_box=box,
        breadcrumb=breadcrumb(texts),
        text="\n".join(passage.text for passage in outside),
    )


def _boxed(outside: Sequence[Passage]) -> Iterator[tuple[str, str]]:
    for passage in outside:
        if passage.is_table and passage.is_furniture:
            yield from box_entries(cell_texts(passage.home))


def _is_title(passage: Passage, cut: Collection[int]) -> bool:
    if not (passage.home.tag in ("h1", "h2", "h3") or id(passage) in cut):
        return False
    return not (passage.is_table or passage.is_link or passage.is_furniture)


def _title_and_metas(root: etree._Element) -> tuple[str, dict[str, str]]:
    """The first title of a page, and its metas, of each name the first; in one walk, which is what costs."""
    titles: list[str] = []
    metas: dict[str, str] = {}
    for element in root.iter("title", "meta"):
        name, content = element.get("name"), element.get("content")
        if element.tag == "title":
            titles.append(element.text or "")
        elif name and content:
            metas.setdefault(name.strip().lower(), fold(content))
    return fold(titles[0]) if titles else "", metas
