"""Papers as OFD (GB/T 33190): the signs and lines of LibreOffice's PDF in the standard's own words."""

from collections.abc import Iterator, Sequence
from ctypes import byref, c_double
from html import escape
from io import BytesIO
from itertools import pairwise
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pypdfium2 import PdfDocument, PdfPage, PdfTextPage
from pypdfium2.raw import FPDF_PAGEOBJ_PATH, FPDFText_GetCharOrigin, FPDFText_GetFontSize

MILLIMETRES = 25.4 / 72  # of a point
STROKE = 0.2  # millimetres that a line is thick
NEAR = 0.5  # millimetres between signs of one run
ASCENT = 0.88  # of its size, by which a sign rises over its line
NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
ROOT = (
    f'<ofd:OFD {NAMESPACE} DocType="OFD" Version="1.0"><ofd:DocBody>'
    "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
)


class Sign(NamedTuple):
    """Where a sign begins on its line, from the top left corner of the page, in millimetres as all of OFD."""

    text: str
    x: float
    baseline: float
    width: float
    size: float


def ofd(pdf: bytes) -> bytes:
    document = PdfDocument(pdf)
    pages = [content(page) for page in document]
    width, height = (side * MILLIMETRES for side in document[0].get_size())
    document.close()
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    parts = {
        "OFD.xml": ROOT,
        "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 "
        f"{width:.2f} {height:.2f}</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        **{f"Doc_0/Pages/Page_{number}/Content.xml": page for number, page in enumerate(pages)},
    }
    file = BytesIO()
    with ZipFile(file, "w") as package:
        for name, text in parts.items():
            package.writestr(ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>{text}', ZIP_DEFLATED)
    return file.getvalue()


def content(page: PdfPage) -> str:
    objects = "".join((*map(written, runs(list(signs(page)))), *strokes(page)))
    return f"<ofd:Page {NAMESPACE}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"


def signs(page: PdfPage) -> Iterator[Sign]:
    """What pdfium makes up between lines has no width."""
    text, height = page.get_textpage(), page.get_height()
    for number in range(text.count_chars()):
        left, _, right, _ = text.get_charbox(number, loose=True)
        said = text.get_text_range(number, 1)
        if right > left and said.strip():
            x, y = origin(text, number)
            size = FPDFText_GetFontSize(text, number)
            measures = (each * MILLIMETRES for each in (x, height - y, right - left, size))
            yield Sign(said, *measures)


def origin(text: PdfTextPage, number: int) -> tuple[float, float]:
    x, y = c_double(), c_double()
    FPDFText_GetCharOrigin(text, number, byref(x), byref(y))
    return x.value, y.value


def runs(written: Sequence[Sign]) -> Iterator[list[Sign]]:
    """Signs of one size that follow each other on a line, as an editor puts them into one object."""
    run = list(written[:1])
    for before, after in pairwise(written):
        on_one_line = (after.baseline, after.size) == (before.baseline, before.size)
        if not on_one_line or abs(after.x - before.x - before.width) > NEAR:
            yield run
            run = []
        run.append(after)
    yield run


def written(run: Sequence[Sign]) -> str:
    first, last = run[0], run[-1]
    steps = " ".join(f"{after.x - before.x:.3f}" for before, after in pairwise(run))
    delta = f' DeltaX="{steps}"' if steps else ""
    rise = ASCENT * first.size
    return (
        f'<ofd:TextObject Boundary="{first.x:.3f} {first.baseline - rise:.3f} '
        f'{last.x + last.width - first.x:.3f} {first.size:.3f}" Size="{first.size:.3f}">'
        f'<ofd:TextCode X="0" Y="{rise:.3f}"{delta}>{escape("".join(sign.text for sign in run))}'
        "</ofd:TextCode></ofd:TextObject>"
    )


def strokes(page: PdfPage) -> Iterator[str]:
    """The borders of tables, which LibreOffice draws as lines or as thin bars."""
    height = page.get_height()
    for drawn in page.get_objects(filter=[FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = drawn.get_bounds()
        x, y, across, down = (side * MILLIMETRES for side in (left, height - top, right - left, top - bottom))
        end = f"{across:.3f} 0" if across > down else f"0 {down:.3f}"
        yield (
            f'<ofd:PathObject Boundary="{x:.3f} {y:.3f} {across:.3f} {down:.3f}" LineWidth="{STROKE}">'
            f"<ofd:AbbreviatedData>M 0 0 L {end}</ofd:AbbreviatedData></ofd:PathObject>"
        )
