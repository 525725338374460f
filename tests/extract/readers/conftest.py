"""A small writer of PDF files, so that each test can print exactly what it needs."""

import os

import pypdfium2 as pdfium
import pytest


class Sheet:
    """One page. `y` counts down from the top, as the readers have it; `turn` is its /Rotate."""

    def __init__(self, width=595, height=842, turn=0, *, in_form=False):
        self.width, self.height, self.turn, self.in_form = width, height, turn, in_form
        self.operators = []

    def text(self, x, y, words, size=10, matrix="1 0 0 1"):
        code = words.encode("utf-16-be").hex()
        self.operators.append(f"BT /F1 {size} Tf {matrix} {x} {self.height - y} Tm <{code}> Tj ET")
        return self

    def line(self, x0, y0, x1, y1, width=0.5):
        self.operators.append(f"{width} w {x0} {self.height - y0} m {x1} {self.height - y1} l S")
        return self

    def bar(self, x0, y0, x1, y1):
        """A filled rectangle, as thin ones stand for lines in some programs."""
        self.operators.append(f"{x0} {self.height - y1} {x1 - x0} {y1 - y0} re f")
        return self

    def table(self, x, y, widths, rows, height=20, edges=None):
        """Rows of texts with all lines; None is a cell that the one to the left covers."""
        xs = [x + sum(widths[:number]) for number in range(len(widths) + 1)]
        for number in range(len(rows) + 1):
            self.line(xs[0], y + number * height, xs[-1], y + number * height)
        for number, row in enumerate(rows):
            top = y + number * height
            for column, edge in enumerate(xs):
                if column in (0, len(widths)) or row[column] is not None:
                    self.line(edge, top, edge, top + height)
            for column, words in enumerate(row):
                if words:
                    self.text(xs[column] + 6, top + height - 6, words)
        return self

    def content(self):
        return "\n".join(self.operators).encode()


def written(*sheets, encrypt=""):
    objects = [b"", b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        b" /DescendantFonts [4 0 R] >>"
    )
    objects.append(
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500 814 907 500]"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R >>"
    )
    objects.append(
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -120 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
    )
    kids = []
    fonts = b"/Resources << /Font << /F1 3 0 R >>"
    for sheet in sheets:
        content, number = sheet.content(), len(objects)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        resources = fonts + b" >>"
        if sheet.in_form:
            box = b"/BBox [0 0 %d %d]" % (sheet.width, sheet.height)
            objects[number] = (
                b"<< /Type /XObject /Subtype /Form /Matrix [1 0 0 1 5 -5] %s %s >>"
                b" /Length %d >>\nstream\n%s\nendstream" % (box, fonts, len(content), content)
            )
            resources = b"/Resources << /XObject << /X1 %d 0 R >> >>" % number
            objects.append(b"<< /Length 6 >>\nstream\n/X1 Do\nendstream")
            number += 1
        kids.append(len(objects))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %g %g] /Rotate %d %s /Contents %d 0 R >>"
            % (sheet.width, sheet.height, sheet.turn, resources, number)
        )
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (
        b" ".join(b"%d 0 R" % kid for kid in kids),
        len(kids),
    )
    return assembled(objects, encrypt)


def assembled(objects, encrypt):
    out, offsets = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(objects[1:], start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % len(objects)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects),
        encrypt.encode(),
        start,
    )
    return bytes(out)


@pytest.fixture(scope="session")
def chinese_font():
    """pdfium tells Chinese text whose font is not embedded only where the machine has a Chinese font."""
    page = Sheet(200, 100)
    page.text(20, 50, "总计")
    with pdfium.PdfDocument(written(page)) as document:
        told = document[0].get_textpage().get_text_bounded()
    if "总计" in told:
        return
    lacking = "no Chinese font on this machine; install fonts-wqy-zenhei"
    if os.environ.get("CI"):  # noqa: TID251 - there, it is a missing step and no reason to skip
        pytest.fail(lacking)
    pytest.skip(lacking)


@pytest.fixture(scope="session")
def sheet():
    return Sheet


@pytest.fixture(scope="session")
def pdf():
    return written
