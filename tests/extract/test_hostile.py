"""Payloads that want to bring the reading down, each under the limits of a real night: 5 s of CPU, 500 MB.

What goes over a limit is ended by the kernel and says so, so that "is read, or refused in words" proves both.
"""

from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from benchmarks.corpus.markup import WRITERS
from benchmarks.corpus.paper import draw_paper
from benchmarks.corpus.word import docx
from extract.decode import decode
from extract.result import Extraction
from pipeline.workers import Document, reading_processes

FILES = Path(__file__).parent / "readers" / "files"
FAULTS = ("more CPU", "more memory", "longer than", "died of it", "fault of nianbao")
PAPER = draw_paper(Random(7))
PAGE = decode(WRITERS["html, word"](PAPER, Random(7))).text
BEGIN, END = PAGE.split('<div id="zoom">')
CUTS = 4  # places at which each file is cut off


def page(ruin: str) -> bytes:
    return f"{BEGIN}<div>{ruin}{END}".encode()


def table(rows: int, columns: int) -> str:
    row = "<tr>" + "<td>4711</td>" * columns + "</tr>"
    return f"<table>{row * rows}</table>"


def zipped(members: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return file.getvalue()


def laughs(root: str) -> bytes:
    """XML whose entities grow by ten with each of ten lines."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 11))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><{root}>&l10;</{root}>'.encode()


def many_pages(count: int) -> bytes:
    """A PDF whose pages all show the same line."""
    kids = " ".join(f"{number + 4} 0 R" for number in range(count))
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R >>"
    words = "BT /F1 12 Tf 72 700 Td (4711) Tj ET"
    font = "<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} /Resources << /Font {font} >> >>",
        f"<< /Length {len(words)} >>\nstream\n{words}\nendstream",
        *[page] * count,
    ]
    body = "".join(f"{number} 0 obj\n{each}\nendobj\n" for number, each in enumerate(objects, 1))
    return f"%PDF-1.4\n{body}trailer\n<< /Root 1 0 R /Size {count + 4} >>\n%%EOF".encode()


def shifted(payload: bytes) -> bytes:
    """GBK from the wrong byte on: half of a character is lost in the middle of the text."""
    middle = next(at for at in range(len(payload) // 2, len(payload)) if payload[at] > 0x80)
    return payload[:middle] + payload[middle + 1 :]


def cut_off(name: str, payload: bytes) -> dict[str, bytes]:
    random = Random(name)
    return {f"{name} cut at {at}": payload[:at] for at in random.sample(range(1, len(payload)), CUTS)}


RUINS = {
    "60,000 breaks": page("<br>" * 60_000),
    "10,000 links": page("<a href=x>公开</a>" * 10_000),
    "a table of 2 MB": page(table(2_000, 75)),
    "4,000 tags left open": page("<font>" * 4_000),
    "3,000 deep": page("<div>" * 3_000),
    "tables 3,000 deep": page("<table><tr><td>" * 3_000),
    "spans beyond all pages": page("<table><tr><td rowspan=65534 colspan=1000>1</td><td>2</td></tr></table>"),
    "many wide spans": page(
        "<table>" + "<tr><td colspan=1000 rowspan=60000>1</td></tr>" * 2_000 + "</table>"
    ),
    "one line of 3 MB": page("一" * 1_000_000),
    "digits without end": page(f"<table><tr><td>规章</td><td>{'9' * 1_000_000}</td></tr></table>"),
    "headings without end": page("<p>一、总体情况</p>" * 20_000),
    "labels without end": page(("<p>（一）予以公开</p>" + "<p>1</p>" * 7) * 3_000),
    "brackets": ("(" * 500_000).encode(),
    "bars": ("|" * 500_000).encode(),
    "blank lines": b"\n" * 2_000_000,
    "entities": page("&amp;" * 300_000),
    "attributes": page("<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">1"),
    "shifted GBK": shifted(PAGE.encode("gb18030")),
    "a DOCX bomb": zipped({"word/document.xml": b"<w:document>" + b"a" * 40_000_000}),
    "laughs in DOCX": zipped({"word/document.xml": laughs("document")}),
    "laughs in XLSX": zipped(
        {"xl/workbook.xml": laughs("workbook"), "xl/worksheets/sheet1.xml": laughs("s")}
    ),
    "laughs in OFD": zipped({"OFD.xml": laughs("OFD")}),
    "a ZIP of bombs": zipped({f"{n}.html": b"<p>" + b"a" * 30_000_000 for n in range(12)}),
    "2,000 pages": many_pages(2_000),
    **cut_off("html", page("")),
    **cut_off("text", WRITERS["text, cell a line"](PAPER, Random(1))),
    **cut_off("own docx", docx(PAPER, Random(1))),
    **{
        name: part
        for file in sorted(FILES.glob("*.*"))
        for name, part in cut_off(file.name, file.read_bytes()).items()
    },
}


@pytest.fixture(scope="module")
def results():
    """All in one process, a good report after each, to see that the next goes on."""
    good = docx(PAPER, Random(2))
    payloads = [payload for ruin in RUINS.values() for payload in (ruin, good)]
    documents = [Document(n, f"http://a.gov.cn/{n}", "", (), each) for n, each in enumerate(payloads)]
    with reading_processes(1) as read_all:
        read = [result for _, result in read_all(documents)]
    return dict(zip(RUINS, zip(read[::2], read[1::2], strict=True), strict=True))


@pytest.mark.parametrize("name", RUINS)
def test_is_read_or_refused_in_words(results, name):
    result, after = results[name]
    assert isinstance(after, Extraction)
    assert after.status == "complete"
    if isinstance(result, str):
        assert not any(fault in result for fault in FAULTS), result
        assert result
        assert "\n" not in result
    elif "cut at" in name:
        read = {(cell.table, cell.row, cell.column): cell for cell in result.cells}
        assert result.status != "complete" or len(read) == result.cells_expected
