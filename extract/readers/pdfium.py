"""PDF pages to signs and lines, by pdfium: the only module that names it.

pdfium counts in points from the lower left of the page as stored. Pages come out of here turned so that most
of their text stands upright, whatever their /Rotate says: landscape tables are often set sideways.
"""

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple
from unicodedata import normalize

import pypdfium2 as pdfium
from pypdfium2 import raw

from extract.document import Finding
from extract.readers.boxes import Box
from extract.readers.formats import NotReadable
from extract.readers.glyphs import Glyph
from extract.readers.outlines import (
    IDENTITY,
    SHORTEST,
    Matrix,
    Point,
    applied,
    is_line,
    lines_of,
    moved,
    multiplied,
    rules_of,
)
from extract.readers.printed import Page

MOST_PATHS, MOST_SEGMENTS = 20_000, 40_000
"""Of one page; those beyond belong to drawings."""
MOST_SIGNS = 50_000
"""Of one page; the fullest has 4,000."""
DEEPEST_FORM = 6
DPI, LONGEST_SIDE = 200, 4_000
"""Of a page drawn for OCR, in pixels an inch and pixels."""
TOO_TALL = 4.0
"""Times the height of most signs; titles are three times as high at most."""
SQUAT = 0.65
"""Of its neighbour's height: no two fonts of a line differ so much."""
SAME_LINE = 0.1
"""Of a sign's height, by which the lines that two signs stand on may differ."""
CHINESE_SIGN = 0x4E2D
"""中. Simple fonts, which have no more than 256 signs, give it no width."""
PROBE = b"""%PDF-1.5
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R
  /Resources << /Font << /F 5 0 R >> >> >> endobj
4 0 obj << /Length 23 >> stream
BT /F 9 Tf <4E2D> Tj ET
endstream endobj
5 0 obj << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H
  /DescendantFonts [6 0 R] >> endobj
6 0 obj << /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000
  /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 7 0 R >> endobj
7 0 obj << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -120 1000 880]
  /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> endobj
trailer << /Root 1 0 R >>
"""
"""A PDF that says 中 in a font that it does not embed."""
FONT_ADVICE = (
    "the PDF does not embed their font, and this machine has no Chinese one: install one, such as Debian's "
    "fonts-wqy-zenhei, and run `nianbao extract --all`"
)
PATH, TEXT, FORM = raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_FORM
SPACES = frozenset([*range(33), 0xA0, 0x3000])
RADICALS = str.maketrans(
    "⺠⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻩⻬⻰", "民见角贝车长门青页风飞食马骨鬼鱼鸟黄齐龙"
)
"""Signs that some programs map to the radical which looks the same, and NFKC leaves alone."""

Corners = tuple[float, float, float, float]
Turn = Callable[[float, float, float, float], Corners]


@contextmanager
def opened(payload: bytes) -> Iterator[pdfium.PdfDocument]:
    """NotReadable where pdfium cannot open it, a password included."""
    try:
        document = pdfium.PdfDocument(payload)
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise NotReadable("a PDF that asks for a password") from error
        raise NotReadable("a PDF too broken to open") from error
    with closing(document):
        yield document


def page_at(document: pdfium.PdfDocument, number: int) -> Page:
    """Page `number`, from 1; NotReadable where it is broken."""
    with closing(_loaded(document, number)) as page:
        return _Reader(page, number).read()


def _loaded(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    try:
        return document[number - 1]
    except pdfium.PdfiumError as error:
        raise NotReadable(f"page {number} is broken") from error


def picture_of(document: pdfium.PdfDocument, number: int) -> Any:
    """Page `number` as a grey picture (a numpy array); NotReadable where it is broken."""
    with closing(_loaded(document, number)) as page:
        scale = min(DPI / 72, LONGEST_SIDE / max(page.get_size()))
        with closing(page.render(scale=scale, grayscale=True)) as bitmap:
            return bitmap.to_numpy().squeeze().copy()


def upright(document: pdfium.PdfDocument, number: int, scale: float) -> Any:
    """Page `number` as a picture in colour (Pillow's), `scale` pixels a point, turned as `page_at` does."""
    with closing(_loaded(document, number)) as page:
        rotation = _Reader(page, number).quarter() * 90 - page.get_rotation()
        with closing(page.render(scale=scale, rotation=rotation % 360)) as bitmap:
            return bitmap.to_pil().convert("RGB")


class _Sign(NamedTuple):
    """`angle` as pdfium gives it; `number` is pdfium's number of the sign."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    angle: float
    number: int


class _Texts(dict[int, str]):
    """What a code stands for; empty where the font does not say."""

    def __missing__(self, code: int) -> str:
        if 0xD800 <= code <= 0xF8FF or code in (0xFFFD, 0xFFFE, 0xFFFF):
            self[code] = ""
        elif 0x2E80 <= code <= 0x2FD5:
            self[code] = normalize("NFKC", chr(code)).translate(RADICALS)
        else:
            self[code] = chr(code)
        return self[code]


_TEXTS = _Texts()


class _Reader:
    """One page; what is counted here is told as findings."""

    def __init__(self, page: pdfium.PdfPage, number: int) -> None:
        self._page = page
        self._number = number
        self._unmapped, self._lost, self._cut = 0, 0, False
        self._paths, self._segments = MOST_PATHS, MOST_SEGMENTS
        self._may_lose = not has_chinese_font()
        self._fill, self._stroke = ctypes.c_int(), ctypes.c_int()
        self._mode = ctypes.byref(self._fill), ctypes.byref(self._stroke)
        self._bounds_of = _Bounds()

    def read(self) -> Page:
        signs = self._signs()
        quarter_of, quarter = standing(signs)
        turn, width, height = turning(self._page.get_bbox(), quarter)
        lines = list(self._lines(self._objects(), IDENTITY, DEEPEST_FORM))
        return Page(
            self._number,
            width,
            height,
            tuple(
                Glyph(text, *turn(x0, y0, x1, y1))
                for text, x0, y0, x1, y1, angle, _ in signs
                if quarter_of[angle] is not None
            ),
            rules_of(Box(*turn(*line)) for line in lines),
            "".join(sign.text for sign in signs if quarter_of[sign.angle] is None),
            tuple(self._findings()),
            is_blank=raw.FPDFPage_CountObjects(self._page.raw) == 0,
        )

    def quarter(self) -> int:
        """How many quarters clockwise the page is turned."""
        return standing(self._signs())[1]

    def _signs(self) -> "list[_Sign]":
        with closing(self._page.get_textpage()) as text:
            return self._signs_of(text.raw)

    def _findings(self) -> Iterator[Finding]:
        where = f"page:{self._number}"
        if self._unmapped:
            yield Finding(
                "signs_unmapped", f"{self._unmapped} signs whose font does not say what they are", where
            )
        if self._lost:
            yield Finding("font_missing", f"{self._lost} pieces of text lost; {FONT_ADVICE}", where)
        if self._cut:
            yield Finding("signs_cut", f"more than {MOST_SIGNS} signs; the rest was not read", where)
        if self._paths < 0 or self._segments < 0:
            yield Finding("drawing_cut", "more lines than a page of tables has; the rest was not read", where)

    def _signs_of(self, text: Any) -> list[_Sign]:
        box_of, angle_of = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharAngle
        count = raw.FPDFText_CountChars(text)
        rect = raw.FS_RECTF()
        at = ctypes.byref(rect)
        found = [
            _Sign(_TEXTS[code], rect.left, rect.bottom, rect.right, rect.top, angle_of(text, number), number)
            for number, code in enumerate(codes(text, min(count, MOST_SIGNS)))
            if code not in SPACES and box_of(text, number, at)
        ]
        self._cut = count > MOST_SIGNS
        self._unmapped = sum(1 for sign in found if not sign.text)
        return mended([sign for sign in found if sign.text], text)

    def _objects(self) -> list[Any]:
        page, object_at = self._page.raw, raw.FPDFPage_GetObject
        return [object_at(page, index) for index in range(raw.FPDFPage_CountObjects(page))]

    def _lines(self, objects: Sequence[Any], matrix: Matrix, depth: int) -> Iterator[Box]:
        """Lines along an axis, as thin boxes; those inside form objects too."""
        for item, kind in zip(objects, map(raw.FPDFPageObj_GetType, objects), strict=True):
            if kind == TEXT:
                self._lost += self._may_lose and is_lost(item)
            elif kind == PATH:
                self._paths -= 1
                if self._paths < 0:
                    return
                yield from self._path(item, matrix)
            elif kind == FORM and depth:
                count = raw.FPDFFormObj_CountObjects(item)
                inner = [raw.FPDFFormObj_GetObject(item, index) for index in range(count)]
                yield from self._lines(inner, multiplied(matrix_of(item), matrix), depth - 1)

    def _path(self, path: Any, matrix: Matrix) -> Iterable[Box]:
        raw.FPDFPath_GetDrawMode(path, *self._mode)
        is_drawn = bool(self._stroke.value)
        if not (is_drawn or self._fill.value):
            return ()
        box = moved(self._bounds_of(path), matrix)
        if is_line(box):
            return (box,)
        segments = raw.FPDFPath_CountSegments(path)
        if (segments <= 5 and not is_drawn) or min(box.width, box.height) < SHORTEST:
            return ()  # the shade of a cell, or a dot
        self._segments -= segments
        if self._segments < 0:
            return ()
        return outline(path, segments, multiplied(matrix_of(path), matrix), is_drawn=is_drawn)


def codes(text: Any, count: int) -> Sequence[int]:
    """Of the first signs. One call gives all, unless there are signs that are not one UTF-16 unit each."""
    units = (ctypes.c_ushort * (count + 1))()
    if raw.FPDFText_GetText(text, 0, count, units) == count + 1:
        found: list[int] = units[:count]
        if not any(0xD800 <= unit <= 0xDFFF for unit in found):
            return found
    return [raw.FPDFText_GetUnicode(text, number) for number in range(count)]


def standing(signs: Iterable[_Sign]) -> tuple[dict[float, int | None], int]:
    """How many quarters signs at each angle must be turned, and how many most of them."""
    angles = Counter(map(attrgetter("angle"), signs))
    quarter_of = {angle: quarters(angle) for angle in angles}
    turns: Counter[int] = Counter()
    for angle, quarter in quarter_of.items():
        if quarter is not None:
            turns[quarter] += angles[angle]
    return quarter_of, turns.most_common(1)[0][0] if turns else 0


def mended(signs: list[_Sign], text: Any) -> list[_Sign]:
    """To signs of vertical fonts pdfium gives a loose box of the font's own size, not of the page's: those
    get the tight one. Where a font does not say how deep it goes, a box ends where the ink does, so that 一
    is half as high as what stands beside it: such a sign gets its neighbour's.
    """
    heights = [sign.y1 - sign.y0 for sign in signs]
    limit = TOO_TALL * sorted(heights)[len(heights) // 2] if heights else 0.0
    if max(heights, default=0.0) > limit:
        signs = [sign if sign.y1 - sign.y0 <= limit else tight(sign, text) for sign in signs]
    for number, (before, height, after) in enumerate(
        zip([0.0, *heights], heights, [*heights[1:], 0.0], strict=False)
    ):
        if height < SQUAT * before or height < SQUAT * after:
            beside = (at for at in (number - 1, number + 1) if 0 <= at < len(signs))
            signs[number] = levelled(signs[number], [signs[at] for at in beside], text)
    return signs


def levelled(sign: _Sign, beside: Sequence[_Sign], text: Any) -> _Sign:
    """As high and deep as the highest sign on either side that stands on the same line."""
    level = baseline(sign, text)
    height = sign.y1 - sign.y0
    peers = [each for each in beside if abs(baseline(each, text) - level) < SAME_LINE * (each.y1 - each.y0)]
    best = max(peers, key=lambda each: each.y1 - each.y0, default=sign)
    return sign if SQUAT * (best.y1 - best.y0) <= height else sign._replace(y0=best.y0, y1=best.y1)


def baseline(sign: _Sign, text: Any) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, sign.number, ctypes.byref(x), ctypes.byref(y))
    return y.value


def tight(sign: _Sign, text: Any) -> _Sign:
    left, bottom, right, top = (ctypes.c_double() for _ in range(4))
    at = ctypes.byref
    raw.FPDFText_GetCharBox(text, sign.number, at(left), at(right), at(bottom), at(top))
    return sign._replace(x0=left.value, y0=bottom.value, x1=right.value, y1=top.value)


def outline(path: Any, segments: int, matrix: Matrix, *, is_drawn: bool) -> Iterator[Box]:
    """The lines that the pieces of a path hold."""
    pieces: list[list[Point]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(segments):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO or not pieces:
            pieces.append([])
        pieces[-1].append(applied(matrix, x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            pieces[-1].append(pieces[-1][0])
    for piece in pieces:
        yield from lines_of(piece, is_drawn=is_drawn)


def quarters(angle: float) -> int | None:
    """How many quarters a sign must be turned clockwise to stand upright; None where it stands slantwise.
    pdfium gives its angle in radians, clockwise too.
    """
    if not angle:
        return 0
    turns = angle / (math.pi / 2)
    return -round(turns) % 4 if abs(turns - round(turns)) < 0.05 else None


def turning(bbox: Corners, quarter: int) -> tuple[Turn, float, float]:
    """What turns boxes from pdfium's axes to ours, and the width and height of the turned page."""
    left, bottom, right, top = bbox
    width, height = right - left, top - bottom
    turns: tuple[Turn, ...] = (
        lambda x0, y0, x1, y1: (x0 - left, top - y1, x1 - left, top - y0),
        lambda x0, y0, x1, y1: (y0 - bottom, x0 - left, y1 - bottom, x1 - left),
        lambda x0, y0, x1, y1: (right - x1, y0 - bottom, right - x0, y1 - bottom),
        lambda x0, y0, x1, y1: (top - y1, right - x1, top - y0, right - x0),
    )
    return (turns[quarter], height, width) if quarter % 2 else (turns[quarter], width, height)


@lru_cache(maxsize=1)
def has_chinese_font() -> bool:
    """Whether pdfium finds one here: without, it leaves out signs of fonts that are not embedded."""
    with closing(pdfium.PdfDocument(PROBE)) as document, closing(_loaded(document, 1)) as page:
        return not is_lost(raw.FPDFPage_GetObject(page.raw, 0))


def is_lost(text: Any) -> bool:
    """A piece of text that takes no room, in a font of Chinese signs that is not embedded."""
    font, width = raw.FPDFTextObj_GetFont(text), ctypes.c_float()
    raw.FPDFFont_GetGlyphWidth(font, CHINESE_SIGN, 10, ctypes.byref(width))
    is_foreign = width.value > 0 and not raw.FPDFFont_GetIsEmbedded(font)
    return is_foreign and _Bounds()(text).width == 0


class _Bounds:
    """Asks for the bounds of one object after the other, all into the same four numbers."""

    def __init__(self) -> None:
        self._edges = tuple(ctypes.c_float() for _ in range(4))
        self._at = tuple(map(ctypes.byref, self._edges))

    def __call__(self, item: Any) -> Box:
        left, bottom, right, top = self._edges
        if not raw.FPDFPageObj_GetBounds(item, *self._at):
            return Box(0, 0, 0, 0)
        return Box(left.value, bottom.value, right.value, top.value)


def matrix_of(item: Any) -> Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, ctypes.byref(found)):
        return IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)
