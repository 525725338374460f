"""OFD (GB/T 33190-2016), the state's own page format: XML in a ZIP file, to the same pages as PDF.

Boxes and matrices of the standard are in millimetres from the top left; a page's words are TextCodes with the
distances between their signs, its lines PathObjects.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import chain, islice

from lxml import etree

from extract.document import Document, Finding
from extract.readers import printed, scan
from extract.readers.boxes import Box
from extract.readers.formats import NotReadable
from extract.readers.glyphs import Glyph, text_of, within
from extract.readers.outlines import IDENTITY, Matrix, Point, applied, box_of, lines_of, multiplied, rules_of
from extract.readers.packages import Package

POINTS = 72 / 25.4
"""In a millimetre."""
MOST_PAGES, MOST_OBJECTS = 300, 40_000
MOST_SCANS = 30
"""Pages read by OCR, at a few seconds each."""
ASCENT, DESCENT = 0.88, 0.12
"""Of a Han sign over and under its baseline, in heights of a sign."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE]-?\d{1,2})?")
_STEPS = re.compile(r"([SMLQBAC])((?:[\s,]+-?[\d.]+(?:[eE]-?\d+)?)*)")


def read_ofd(payload: bytes) -> Document:
    """NotReadable for a damaged package, and for pictures of pages where the ocr extra is not installed."""
    opened = _Opened(payload)
    pages = [opened.page(number) for number in range(1, min(opened.count, MOST_PAGES) + 1)]
    scans = [page.number for page in pages if not page.glyphs and opened.picture(page.number)]
    if len(scans) == len(pages):
        scan.require()
    pages = [opened.scanned(page) if page.number in scans[:MOST_SCANS] else page for page in pages]
    if not any(page.glyphs for page in pages):
        raise NotReadable("an OFD document without text")
    read = printed.document(pages)
    return replace(read, findings=(*read.findings, *_cuts(opened.count, len(pages), len(scans))))


def _cuts(count: int, read: int, scans: int) -> Iterator[Finding]:
    if read < count:
        yield Finding("pages_cut", f"{read} of {count} pages were read")
    if scans > MOST_SCANS:
        yield Finding("scans_cut", f"{MOST_SCANS} of {scans} scanned pages were read")


def count_scans(payload: bytes) -> int:
    """How many pages will be read as pictures."""
    opened = _Opened(payload)
    numbers = range(1, min(opened.count, MOST_PAGES) + 1)
    scans = (number for number in numbers if not opened.page(number).glyphs and opened.picture(number))
    return sum(1 for _ in islice(scans, MOST_SCANS))


def text_in(payload: bytes, page: int, box: Box) -> str:
    """What stands in a box of a page; LookupError where there is no such page."""
    opened = _Opened(payload)
    if page > opened.count:
        raise LookupError(f"no page {page} in this document")
    found = opened.page(page)
    if not found.glyphs and opened.picture(page):
        found = opened.scanned(found)
    return text_of(within(found.glyphs, box), box.width)


class _Opened:
    """A package with its page descriptions, templates and pictures by number."""

    def __init__(self, payload: bytes) -> None:
        self._package = Package(payload)
        self._unpacked: dict[int, list[etree._Element]] = {}
        root = _part(self._package, "OFD.xml")
        name = _resolved("OFD.xml", root.findtext(".//{*}DocRoot") or "")
        document = _part(self._package, name)
        self._templates = {
            each.get("ID", ""): _resolved(name, each.get("BaseLoc", ""))
            for each in document.iterfind(".//{*}TemplatePage")
        }
        self._pages = [
            _resolved(name, each.get("BaseLoc", "")) for each in document.iterfind(".//{*}Pages/{*}Page")
        ]
        self._sheet = _numbers(document.findtext(".//{*}PageArea/{*}PhysicalBox"))
        resources = document.iterfind(".//{*}CommonData/{*}PublicRes"), document.iterfind(".//{*}DocumentRes")
        self._resources = [_resolved(name, each.text or "") for each in chain(*resources)]

    @property
    def count(self) -> int:
        return len(self._pages)

    def page(self, number: int) -> printed.Page:
        """By its text; without glyphs where it has none."""
        layers = self._layers(number)
        sheet = _numbers(layers[-1].findtext("{*}Area/{*}PhysicalBox")) or self._sheet
        return _page(number, layers, sheet)

    def picture(self, number: int) -> bytes | None:
        """The largest picture on a page, as stored."""
        shown = [item for layer in self._layers(number) for item in layer.iter("{*}ImageObject")]
        sized = {item.get("ResourceID", ""): _area(item) for item in shown}
        for name in sorted(sized, key=lambda name: sized[name], reverse=True)[:1]:
            return self._package.part(self._media.get(name, ""))
        return None

    def scanned(self, page: printed.Page) -> printed.Page:
        """The page as OCR reads it; a broken picture costs only itself."""
        try:
            return _scanned(self.picture(page.number) or b"", page.number)
        except NotReadable as error:
            return replace(page, findings=(Finding("page_unread", str(error), f"page:{page.number}"),))

    def _layers(self, number: int) -> list[etree._Element]:
        """Unpacked once: what a package may unpack to is bounded."""
        if number not in self._unpacked:
            content = _part(self._package, self._pages[number - 1])
            used = (each.get("TemplateID", "") for each in content.iterfind("{*}Template"))
            templates = [self._templates[name] for name in used if self._templates.get(name)]
            self._unpacked[number] = [*(_part(self._package, name) for name in templates), content]
        return self._unpacked[number]

    @cached_property
    def _media(self) -> dict[str, str]:
        """The pictures' names in the package, by their numbers."""
        found = {}
        for name in self._resources:
            root = self._package.tree(name)
            if root is None:
                continue
            for each in root.iterfind(".//{*}MultiMedia"):
                file = posixpath.join(root.get("BaseLoc", ""), each.findtext("{*}MediaFile") or "")
                found[each.get("ID", "")] = _resolved(name, file)
        return found


def _area(item: etree._Element) -> float:
    _, _, width, height = [*_numbers(item.get("Boundary")), 0, 0, 0, 0][:4]
    return width * height


@lru_cache(maxsize=4)
def _scanned(picture: bytes, number: int) -> printed.Page:
    """Kept, for every place on the page asks for it again."""
    scan.require()
    from extract.readers.picture import decoded

    return scan.read_picture(decoded(picture), number)


def _part(package: Package, name: str) -> etree._Element:
    root = package.tree(name)
    if root is None:
        raise NotReadable(f"an OFD document without its {name}")
    return root


def _resolved(base: str, name: str) -> str:
    """A member's name, as written in another member."""
    return posixpath.normpath(posixpath.join(posixpath.dirname("/" + base), name)).lstrip("/")


def _page(number: int, layers: list[etree._Element], sheet: list[float]) -> printed.Page:
    left, top, width, height = (sheet + [0, 0, 210, 297][len(sheet) :])[:4]
    origin: Matrix = (POINTS, 0, 0, POINTS, -left * POINTS, -top * POINTS)
    objects = [item for layer in layers for item in layer.iter("{*}TextObject", "{*}PathObject")]
    findings: tuple[Finding, ...] = ()
    if len(objects) > MOST_OBJECTS:
        findings = (
            Finding("drawing_cut", f"{MOST_OBJECTS} of {len(objects)} objects were read", f"page:{number}"),
        )
    texts = [item for item in objects[:MOST_OBJECTS] if item.tag.endswith("TextObject")]
    paths = [item for item in objects[:MOST_OBJECTS] if item.tag.endswith("PathObject")]
    return printed.Page(
        number,
        width * POINTS,
        height * POINTS,
        tuple(chain.from_iterable(_glyphs(item, origin) for item in texts)),
        rules_of(chain.from_iterable(_lines(item, origin) for item in paths)),
        findings=findings,
    )


def _matrix(item: etree._Element, origin: Matrix) -> Matrix:
    """From an object's own measure to points on the page."""
    x, y = [*_numbers(item.get("Boundary")), 0, 0][:2]
    own = _numbers(item.get("CTM"))
    first: Matrix = (own[0], own[1], own[2], own[3], own[4], own[5]) if len(own) == 6 else IDENTITY
    return multiplied(multiplied(first, (1, 0, 0, 1, x, y)), origin)


def _glyphs(item: etree._Element, origin: Matrix) -> Iterator[Glyph]:
    matrix = _matrix(item, origin)
    size = (_numbers(item.get("Size")) or [0.0])[0]
    x = y = 0.0
    for code in item.iterfind("{*}TextCode"):
        x, y = (_numbers(code.get("X")) or [x])[0], (_numbers(code.get("Y")) or [y])[0]
        for sign, across, down, wide in _signs(code, size):
            if not sign.isspace():
                left, base = x + across, y + down
                corner = applied(matrix, left, base - ASCENT * size)
                other = applied(matrix, left + wide, base + DESCENT * size)
                yield Glyph(sign, *box_of([corner, other]))


def _signs(code: etree._Element, size: float) -> Iterator[tuple[str, float, float, float]]:
    """The signs of a run, how far each stands from where it begins, and how wide it is. Where the distances
    give out, signs follow each other as wide as they are, unless the run goes downwards.
    """
    across, down = _distances(code.get("DeltaX")), _distances(code.get("DeltaY"))
    x = y = 0.0
    for number, sign in enumerate("".join((code.text or "").splitlines())):
        own = size / 2 if sign.isascii() else size
        step = across[number] if number < len(across) else own
        yield sign, x, y, min(step, size) if step > 0 else own
        x += step if across or not down else 0
        y += down[number] if number < len(down) else 0


def _distances(written: str | None) -> list[float]:
    """`g 3 4.2 5` stands for 4.2 4.2 4.2 5."""
    words, at = (written or "").split(), 0
    found: list[float] = []
    while at < len(words) and len(found) < MOST_OBJECTS:
        repeats = 1
        if words[at] == "g" and at + 2 < len(words):
            repeats = int(min((_numbers(words[at + 1]) or [1])[0], MOST_OBJECTS))
            at += 2
        found += (_numbers(words[at]) or [0.0])[:1] * repeats
        at += 1
    return found


def _lines(item: etree._Element, origin: Matrix) -> Iterator[Box]:
    is_drawn, is_filled = item.get("Stroke") != "false", item.get("Fill") == "true"
    if not (is_drawn or is_filled):
        return
    matrix = _matrix(item, origin)
    for piece in _pieces(item.findtext("{*}AbbreviatedData") or ""):
        yield from lines_of([applied(matrix, *point) for point in piece], is_drawn=is_drawn)


def _pieces(written: str) -> Iterator[list[Point]]:
    """The stretches of a path; of curves only where they end."""
    piece: list[Point] = []
    for step, words in _STEPS.findall(written):
        numbers = _numbers(words)
        if step in "SM" and piece:
            yield piece
            piece = []
        if step == "C" and piece:
            piece.append(piece[0])
        elif len(numbers) > 1:
            piece.append((numbers[-2], numbers[-1]))
    if piece:
        yield piece


def _numbers(written: str | None) -> list[float]:
    return [float(number) for number in _NUMBER.findall(written or "")]
