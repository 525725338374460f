"""Scans and photographs of pages: first the ruling lines, then the writing cell by cell, then the prose.

Finding text is what such models do worst (a lone 0 is overlooked); where lines say what a cell is, only
reading is left to them.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from itertools import chain, islice
from typing import TYPE_CHECKING

from extract.document import Document
from extract.readers import printed
from extract.readers.boxes import Box
from extract.readers.formats import NotReadable
from extract.readers.glyphs import Glyph, text_of, within
from extract.words import fold

if TYPE_CHECKING:  # numpy and OpenCV come only with the ocr extra
    from extract.readers.ocr import Written
    from extract.readers.picture import Picture, Pixels

SURE = 0.85
"""Below this score a line of writing is not certain."""
LIKE_ZERO = re.compile("^[OoQ〇○ÒÓÔÕÖòóôõö]$")
"""A lone round sign. No cell of a Chinese form holds one Latin letter, and 0 is what most cells hold."""
UNREAD = "\ufffd"
"""Stands for writing that was seen and could not be read at all."""
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
    from extract.readers.picture import cut_out, prepared

    picture = prepared(grey)
    lines = list(islice(chain(lines_in_cells(picture), lines_outside(picture)), MOST_LINES))
    read = read_twice([cut_out(picture, line, room) for line, room in lines])
    glyphs = (glyph(line, *written) for (line, _), written in zip(lines, read, strict=True))
    return printed.Page(number, picture.width, picture.height, tuple(glyphs), picture.rules)


def lines_in_cells(picture: "Picture") -> Iterator[tuple[Box, Box]]:
    """The lines of writing, each with the box it may not leave."""
    from extract.readers.picture import room_in, written_lines

    for frame in picture.tables:
        for span in frame.spans:
            room = room_in(frame.box_of(span))
            yield from ((line, room) for line in written_lines(picture, room))


def lines_outside(picture: "Picture") -> Iterator[tuple[Box, Box]]:
    from extract.readers.ocr import find_lines
    from extract.readers.picture import outside

    page, rest = Box(0, 0, picture.width, picture.height), outside(picture)
    if rest is not None:
        for box in find_lines(rest):
            yield Box(*(round(at / picture.scale, 2) for at in box)), page


def read_twice(crops: "Sequence[Pixels]") -> "list[Written]":
    """Each line as read; where that was not certain, as read again without its noise if that goes better."""
    from extract.readers.ocr import read_lines
    from extract.readers.picture import calmed

    read = read_lines(crops)
    doubtful = [number for number, written in enumerate(read) if written.score < SURE]
    for number, again in zip(doubtful, read_lines([calmed(crops[at]) for at in doubtful]), strict=True):
        read[number] = max(read[number], again, key=lambda written: written.score)
    return read


def glyph(line: Box, text: str, score: float) -> Glyph:
    words = LIKE_ZERO.sub("0", fold(text))
    return Glyph(words or UNREAD, *line, bool(words) and score >= SURE)
