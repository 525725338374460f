"""Scans and photographs of pages: first the ruling lines, then the writing cell by cell, then the prose.

Finding text is what such models do worst (a lone 0 is overlooked); where lines say what a cell is, only
reading is left to them.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from itertools import chain, islice
from typing import TYPE_CHECKING

from extract.document import Document, Finding
from extract.readers import printed
from extract.readers.boxes import Box
from extract.readers.certainty import STROKE, SURE, UNREAD, Believed, believe, is_figure
from extract.readers.formats import NotReadable
from extract.readers.glyphs import Glyph, text_of, within
from extract.words import fold

if TYPE_CHECKING:  # numpy and OpenCV come only with the ocr extra
    from extract.readers.hairlines import Pixels
    from extract.readers.picture import Picture

Written = tuple[Box, Box]
"""A line of writing, and the box that it may not leave."""

FLATTEST = 3.0
"""Points. Ink in a cell no higher, and long for its height, is a dash; at 120 dots an inch it is so thick."""
QUARTERS = (0, 1, 3, 2)
"""In which order a page is tried, turned clockwise."""
LEGIBLE, CLEARLY, SAMPLED = 0.93, 0.1, 6
"""The model's mean score of so many lines from which a page stands upright, and by how much another turn must
be better.
"""
MOST_LINES = 1_500
"""Lines of writing in the cells of one page; the fullest report has about 300."""


def read_image(payload: bytes) -> Document:
    """NotReadable for a broken picture, one without writing, or without the ocr extra."""
    page = page_of(payload)
    if not page.glyphs:
        raise NotReadable("a picture without writing")
    return printed.document([page])


def text_in(payload: bytes, page: int, box: Box) -> str:
    if page != 1:
        raise LookupError(f"no page {page} in a picture")
    return text_of(within(page_of(payload).glyphs, box), box.width)


@lru_cache(maxsize=2)
def page_of(payload: bytes) -> printed.Page:
    """Kept, for every place on the page asks for it again."""
    require()
    from extract.readers.picture import decoded

    return read_picture(decoded(payload), 1)


def require() -> None:
    """NotReadable without the ocr extra."""
    if not all(map(find_spec, ("cv2", "numpy", "rapidocr", "onnxruntime"))):
        raise NotReadable("a scan; install the ocr extra")


def read_picture(grey: "Pixels", number: int) -> printed.Page:
    """A page from its picture in grey."""
    from extract.readers.picture import cut_out

    _, picture, lines = upright(grey)
    shapes = [sign_by_shape(picture, line) for line, _ in lines]
    strokes = (Glyph(sign, *line) for sign, (line, _) in zip(shapes, lines, strict=True) if sign)
    rest = [line for sign, line in zip(shapes, lines, strict=True) if not sign]
    read = read_twice([cut_out(picture, line, room) for line, room in rest])
    glyphs = (Glyph(text, *line, certain) for (line, _), (text, certain) in zip(rest, read, strict=True))
    findings = tuple(Finding(*told, f"page:{number}") for told in cuts(picture, lines))
    return printed.Page(
        number,
        picture.width,
        picture.height,
        (*glyphs, *strokes, *unread(picture)),
        picture.ruling.rules,
        findings=findings,
        doubtful=picture.ruling.doubtful,
    )


def cuts(picture: "Picture", lines: "Sequence[Written]") -> Iterator[tuple[str, str]]:
    """Code and text of what was left unread."""
    if picture.problem:
        yield "rules_cut", f"{picture.problem}: read without tables"
    if len(lines) == MOST_LINES:
        yield "writing_cut", f"the first {MOST_LINES} lines of writing were read"


def quarters_to_turn(grey: "Pixels") -> int:
    """How many quarters clockwise the picture is turned before it is read."""
    return upright(grey)[0]


def upright(grey: "Pixels") -> "tuple[int, Picture, list[Written]]":
    """The page turned as its writing reads best, for sheets lie sideways and upside down in a scanner too; by
    how many quarters, and its lines of writing.
    """
    from extract.readers.picture import prepared, turned

    best, most = None, 0.0
    for quarters in QUARTERS:
        picture = prepared(turned(grey, quarters))
        lines = list(islice(chain(lines_in_cells(picture), lines_outside(picture)), MOST_LINES))
        legible = legibility(picture, lines)
        if best is None or legible > most + CLEARLY:
            best, most = (quarters, picture, lines), legible
        if most >= LEGIBLE or not (lines or quarters):
            break
    assert best is not None
    return best


def legibility(picture: "Picture", lines: "Sequence[Written]") -> float:
    """How sure the model is of the longest lines, from 0 to 1."""
    from extract.readers.ocr import read_lines
    from extract.readers.picture import cut_out

    longest = sorted(lines, key=lambda line: line[0].width, reverse=True)[:SAMPLED]
    read = read_lines([cut_out(picture, line, room) for line, room in longest])
    return sum(each.score for each in read) / len(read) if read else 0.0


def sign_by_shape(picture: "Picture", line: Box) -> str:
    """A dash or slash alone on its line, which models read as figures; empty for what must be read."""
    from extract.readers.picture import is_slash

    if is_dash(line):
        return "-"
    return "/" if is_slash(picture, line) else ""


def is_dash(line: Box) -> bool:
    return line.height <= FLATTEST and line.width >= STROKE * line.height


def lines_in_cells(picture: "Picture") -> "Iterator[Written]":
    """The lines of writing, each with the box it may not leave. A dash beside other writing is dirt."""
    from extract.readers.picture import room_in, written_lines

    for frame in picture.ruling.tables:
        for span in frame.spans:
            room = room_in(frame.box_of(span))
            found = list(written_lines(picture, room))
            kept = found if len(found) == 1 else [line for line in found if not is_dash(line)]
            yield from ((line, room) for line in kept)


def unread(picture: "Picture") -> Iterator[Glyph]:
    """What stands for the signs that were seen in cells and came apart."""
    from extract.readers.picture import room_in, traces, written_lines

    for frame in picture.ruling.tables:
        for span in frame.spans:
            room = room_in(frame.box_of(span))
            if not any(True for _ in written_lines(picture, room)):
                yield from (Glyph(UNREAD, *box, certain=False) for box in traces(picture, room))


def lines_outside(picture: "Picture") -> "Iterator[Written]":
    from extract.readers.ocr import find_lines
    from extract.readers.picture import outside

    page, rest = Box(0, 0, picture.width, picture.height), outside(picture)
    if rest is not None:
        for box in find_lines(rest):
            yield Box(*(round(at / picture.scale, 2) for at in box)), page


def read_twice(crops: "Sequence[Pixels]") -> list[Believed]:
    """Figures and what was not certain are looked at again, without their noise."""
    from extract.readers.ocr import read_lines
    from extract.readers.picture import calmed

    once = read_lines(crops)
    again = list(once)
    doubtful = [at for at, (text, score) in enumerate(once) if score < SURE or is_figure(fold(text))]
    for number, written in zip(doubtful, read_lines([calmed(crops[at]) for at in doubtful]), strict=True):
        again[number] = written
    return [believe(*both) for both in zip(once, again, strict=True)]
