"""Printed pages to a document: what PDF, OFD and scans have in common is signs and lines with positions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extract.document import Block, Document, Finding, Furniture, Prose
from extract.readers import columns
from extract.readers.boxes import Box
from extract.readers.drawn import Drawn, draw, grid, is_one, join
from extract.readers.glyphs import Glyph, Line, line_box, line_text, lines, within
from extract.readers.paragraphs import Margins, Paragraph, is_page_number, paragraphs
from extract.readers.ruling import Rules, TooManyRules, frames
from extract.words import squeeze

FEWEST_REPEATS = 3
"""Pages on which a first or last line must stand alike to be a running title."""


@dataclass(frozen=True, slots=True)
class Page:
    """`number` counts from 1; lengths in points. `stray` is text that is not the page's own: watermarks.
    `is_blank`: nothing at all is drawn on it, no picture either. `doubtful` are those of its lines, piece by
    piece, that a machine saw in a picture and was not sure of.
    """

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: Rules
    stray: str = ""
    findings: tuple[Finding, ...] = ()
    is_blank: bool = False
    doubtful: tuple[Box, ...] = ()


Tables = tuple[tuple[Box, Drawn], ...]
"""Those of a page, each with the place that it takes."""


@dataclass(frozen=True, slots=True)
class Parted:
    """A page come apart: tables and the lines outside them, each from the top down."""

    page: Page
    tables: Tables
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...] = ()


def document(pages: Iterable[Page]) -> Document:
    parted: list[Parted] = []
    for page in pages:
        parted.append(part(page, parted[-1].tables[-1][1].xs if parted and parted[-1].tables else ()))
    running = running_titles(parted)
    margins = Margins.of(line for page in parted for line in page.lines)
    blocks: list[Paragraph | Drawn] = []
    chrome: list[str] = []
    for each in parted:
        own, furniture = without_furniture(each, running)
        chrome += [*furniture, *filter(None, [each.page.stray])]
        tables, own = unboxed(each, own, blocks)
        blocks = continued(blocks, list(arranged(each.page.number, tables, own, margins)), margins)
    return Document(
        blocks=tuple(map(block_of, blocks)),
        furniture=Furniture(text="\n".join(chrome)),
        findings=(
            *(told for page in parted for told in (*page.page.findings, *page.findings)),
            *doubts(blocks),
        ),
    )


def part(page: Page, above: tuple[float, ...] = ()) -> Parted:
    """`above` are the lines between the columns of the table that the page before ends with."""
    try:
        found = frames(page.rules, above)
    except TooManyRules as error:
        told = Finding("rules_cut", f"{error}: read without tables", f"page:{page.number}")
        return Parted(page, (), tuple(lines(page.glyphs)), (told,))
    inside: list[tuple[Box, list[Glyph]]] = [(frame.box, []) for frame in found]
    outside: list[Glyph] = []
    for glyph in page.glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2
        for (x0, y0, x1, y1), held in inside:
            if x0 <= x < x1 and y0 <= y < y1:
                held.append(glyph)
                break
        else:
            outside.append(glyph)
    worded = [(frame, box, held) for frame, (box, held) in zip(found, inside, strict=True) if held]
    tables = tuple((box, draw(page.number, frame, held, page.doubtful)) for frame, box, held in worded)
    return Parted(page, tables, tuple(lines(outside)))


def running_titles(parted: Sequence[Parted]) -> frozenset[str]:
    """What stands alike at the top or bottom of most pages."""
    ends = Counter(
        words for page in parted for words in {squeeze(line_text(line)) for line in outermost(page)}
    )
    most = max(FEWEST_REPEATS, len(parted) // 2 + 1)
    return frozenset(words for words, count in ends.items() if count >= most)


def outermost(page: Parted) -> tuple[Line, ...]:
    return (*page.lines[:1], *page.lines[1:][-1:])


def without_furniture(page: Parted, running: frozenset[str]) -> tuple[list[Line], list[str]]:
    """The page's own lines, and the texts of its page number and running titles."""
    ends = [id(line) for line in outermost(page)]
    texts = {
        id(line): text
        for line in page.lines
        if id(line) in ends
        and ((text := line_text(line)) and (is_page_number(text) or squeeze(text) in running))
    }
    return [line for line in page.lines if id(line) not in texts], list(texts.values())


def unboxed(
    page: Parted, own: Sequence[Line], before: Sequence[Paragraph | Drawn]
) -> tuple[Tables, list[Line]]:
    """The tables and the lines outside them. A first table of one cell is a box around text, unless the table
    `before` goes on in it.
    """
    if not page.tables or len(page.tables[0][1].cells) > 1:
        return page.tables, list(own)
    (box, table), *others = page.tables
    is_first = not any(line_box(line).y0 < box.y0 for line in own)
    if is_first and before and isinstance(before[-1], Drawn) and is_one(before[-1], table):
        return page.tables, list(own)
    inside = lines(within(page.page.glyphs, box))
    return tuple(others), sorted([*own, *inside], key=lambda line: line_box(line).y0)


def arranged(page: int, tables: Tables, own: Sequence[Line], margins: Margins) -> Iterator[Paragraph | Drawn]:
    """Paragraphs and tables from the top down."""
    waiting = list(own)
    for box, table in tables:
        above = [line for line in waiting if any(glyph.y0 < box.y0 for glyph in line)]
        yield from outside_tables(page, above, margins)
        yield table
        waiting = waiting[len(above) :]
    yield from outside_tables(page, waiting, margins)


def outside_tables(page: int, own: Sequence[Line], margins: Margins) -> Iterator[Paragraph | Drawn]:
    for piece in columns.parted(page, own):
        if isinstance(piece, Drawn):
            yield piece
        else:
            yield from paragraphs(page, piece, margins)


def continued(
    before: list[Paragraph | Drawn], after: list[Paragraph | Drawn], margins: Margins
) -> list[Paragraph | Drawn]:
    """Two pages' blocks, with what the page break cut made whole."""
    if before and after:
        last, first = before[-1], after[0]
        if isinstance(last, Drawn) and isinstance(first, Drawn) and is_one(last, first):
            return [*before[:-1], join(last, first), *after[1:]]
        if isinstance(last, Paragraph) and isinstance(first, Paragraph) and last.goes_on_in(first, margins):
            return [*before[:-1], last.joined(first), *after[1:]]
    return [*before, *after]


def doubts(blocks: Iterable[Paragraph | Drawn]) -> Iterator[Finding]:
    for block in blocks:
        for cell in block.cells if isinstance(block, Drawn) else ():
            if cell.text and not cell.certain:
                yield Finding("ocr_uncertain", cell.text, cell.place)


def block_of(block: Paragraph | Drawn) -> Block:
    return grid(block) if isinstance(block, Drawn) else Prose(block.text, block.place)
