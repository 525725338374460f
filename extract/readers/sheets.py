"""Printed pages as pictures, in the axes of the places that the readers give (`boxes`)."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image

from extract.readers import scan
from extract.readers.formats import sniff
from extract.readers.pdfium import opened, page_at, picture_of, upright

SCALE = 2.0  # pixels a point, 144 an inch: small print is legible
LONGEST_SIDE = 2_400  # pixels
A4_WIDTH, A4_HEIGHT = 595.0, 842.0
COLOURS = 64  # enough for print, a seal and a smooth edge


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as a PNG. `width` and `height` in points; `count` pages are in the document."""

    png: bytes
    width: float
    height: float
    count: int


@lru_cache(maxsize=4)
def sheet(payload: bytes, number: int) -> Sheet:
    """Page `number`, from 1. Raises NotReadable, and LookupError where there is no such
    page. Kept, for who sees a page asks for its size and then for its picture.
    """
    name = sniff(payload)
    if name == "image" and number == 1:
        return scanned(payload)
    if name != "pdf":
        raise LookupError(f"no page {number} in this document")
    with opened(payload) as document:
        if not 1 <= number <= len(document):
            raise LookupError(f"no page {number} in this document")
        page = page_at(document, number)
        if not page.glyphs and not page.is_blank:
            return straight(picture_of(document, number), len(document))
        scale = min(SCALE, LONGEST_SIDE / max(page.width, page.height, 1))
        return Sheet(png(upright(document, number, scale)), page.width, page.height, len(document))


def scanned(payload: bytes) -> Sheet:
    scan.require()
    from extract.readers.picture import decoded

    return straight(decoded(payload), 1)


def straight(grey: Any, count: int) -> Sheet:
    """A scan set straight as its reader does, whose boxes are of that picture."""
    scan.require()
    from extract.readers.picture import smaller, straightened, turned

    image = Image.fromarray(straightened(smaller(turned(grey, scan.quarters_to_turn(grey)))))
    width, height = image.size
    points = (A4_WIDTH if width <= height else A4_HEIGHT) / width
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return Sheet(png(image), width * points, height * points, count)


def png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.quantize(COLOURS).save(out, "PNG", compress_level=4)
    return out.getvalue()
