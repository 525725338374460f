"""Payloads that want to bring the reading down: what each costs, and what is said of it.

    .venv/bin/python -m benchmarks.hostile

Each is read under the limits of a real night, 5 s of CPU and 500 MB, in one reading process that goes on with
a good report after it. CPU and memory are those of that process, memory beyond what it had before.
"""

import re
import struct
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

import click
from rich.console import Console
from rich.table import Table

from benchmarks.corpus.markup import WRITERS
from benchmarks.corpus.ofd import ofd
from benchmarks.corpus.paper import draw_paper
from benchmarks.corpus.word import docx
from benchmarks.machine import describe_machine
from extract.decode import decode
from pipeline.processes import reading_processes
from pipeline.workers import Document, Read, Result, read, read_documents

FILES = Path(__file__).parents[1] / "tests" / "extract" / "readers" / "files"
FAULTS = ("more CPU", "more memory", "longer than", "died of it", "fault of nianbao")
PAPER = draw_paper(Random(7), "2021")
PAGE = decode(WRITERS["html, word"](PAPER, Random(7))).text
BEGIN, END = PAGE.split('<div id="zoom">')
CUTS = 4  # places at which each file is cut off
MOST_CPU, MOST_MEMORY = 5.0, 500  # seconds, MB
STATUS, PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs")


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


def scan(width: int, height: int, line: Callable[[int], bytes]) -> bytes:
    """A grey PNG; `line` gives the brightness of each point of a line, from 0 for black."""
    rows = zlib.compress(b"".join(b"\0" + line(number) for number in range(height)))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    written = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def blank_scan(width: int, height: int) -> bytes:
    return scan(width, height, lambda _: b"\xff" * width)


def noise(width: int, height: int) -> bytes:
    random = Random(width)
    return scan(width, height, lambda _: random.randbytes(width))


def lattice(width: int, height: int, step: int) -> bytes:
    """Lines across and down, `step` points apart."""
    row = (b"\0" + b"\xff" * (step - 1)) * (width // step + 1)
    return scan(width, height, lambda number: row[:width] if number % step else b"\0" * width)


def locked_doc() -> bytes:
    """A DOC whose file information block says that it is encrypted ([MS-DOC] 2.5.2, bit 8 of the flags)."""
    payload = bytearray((FILES / "report.doc").read_bytes())
    payload[payload.find(b"\xec\xa5") + 11] |= 1
    return bytes(payload)


def locked_pdf() -> bytes:
    lock = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >> /ID [<00> <00>]"
    )
    return many_pages(1).replace(b"/Root", lock.encode() + b" /Root")


def cut_off(name: str, payload: bytes) -> dict[str, bytes]:
    random = Random(name)
    return {f"{name} cut at {at}": payload[:at] for at in random.sample(range(1, len(payload)), CUTS)}


def ruins() -> Mapping[str, bytes]:
    return {
        "60,000 breaks": page("<br>" * 60_000),
        "10,000 links": page("<a href=x>公开</a>" * 10_000),
        "a table of 2 MB": page(table(2_000, 75)),
        "4,000 tags left open": page("<font>" * 4_000),
        "3,000 deep": page("<div>" * 3_000),
        "tables 3,000 deep": page("<table><tr><td>" * 3_000),
        "spans beyond all pages": page(
            "<table><tr><td rowspan=65534 colspan=1000>1</td><td>2</td></tr></table>"
        ),
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
        "a XLSX bomb": zipped({"xl/workbook.xml": b"<workbook>" + b"a" * 40_000_000}),
        "an OFD bomb": zipped({"OFD.xml": b"<OFD>" + b"a" * 40_000_000}),
        "2,000 pages": many_pages(2_000),
        "a PDF with a password": locked_pdf(),
        "a DOC with a password": locked_doc(),
        "a blank scan of 100 million dots": blank_scan(10_000, 10_000),
        "a scan of noise": noise(1_654, 2_339),
        "a scan of a lattice": lattice(1_654, 2_339, 30),
        "a scan of a finer lattice": lattice(1_654, 2_339, 12),
        **cut_off("html", page("")),
        **cut_off("text", WRITERS["text, cell a line"](PAPER, Random(1))),
        **cut_off("pdf", many_pages(40)),
        **cut_off("png", blank_scan(800, 1_100)),
        **cut_off("ofd", ofd(many_pages(40))),
        **cut_off("zip", zipped({"report.html": PAGE.encode(), "report.docx": good_report()})),
        **cut_off("own docx", docx(PAPER, Random(1))),
        **{
            name: part
            for file in sorted(FILES.glob("*.[!m]*"))
            for name, part in cut_off(file.name, file.read_bytes()).items()
        },
    }


def good_report() -> bytes:
    return docx(PAPER, Random(2))


def measured(document: Document) -> Result:
    """Stands in for `read`: a line with the CPU, the memory and the outcome."""
    before = resident("VmRSS")
    PEAK.write_text("5", encoding="ascii")  # the highest mark begins anew
    begun = time.process_time()
    result = read(document)
    cost = f"{time.process_time() - begun:.2f} {max(0, resident('VmHWM') - before)}"
    return f"{cost} {outcome(result)}"


def resident(mark: str) -> int:
    """MB of this process's memory."""
    found = re.search(rf"{mark}:\s+(\d+) kB", STATUS.read_text(encoding="ascii"))
    return int(found[1]) // 1024 if found else 0


def outcome(result: Result) -> str:
    if isinstance(result, str):
        return result
    said = sorted({finding.code for finding in result.findings})
    return f"{result.status}, {len(result.cells)} cells" + (f"; {', '.join(said)}" if said else "")


def results(read_one: Read = measured) -> Iterator[tuple[str, Result, Result]]:
    """Each ruin's name with its result and that of the good report after it, all in one process."""
    given, good = ruins(), good_report()
    payloads = [payload for ruin in given.values() for payload in (ruin, good)]
    documents = [Document(n, f"http://a.gov.cn/{n}", "", (), each) for n, each in enumerate(payloads, 1)]
    with reading_processes(1) as room:
        answers = room.answers(partial(read_documents, read_one), ([document] for document in documents))
        read_them = [result for [result] in answers]
    yield from zip(given, read_them[::2], read_them[1::2], strict=True)


@click.command()
def main() -> None:
    """Print a table of CPU, memory and outcome; exit 1 where one costs too much or takes the next along."""
    console = Console(width=160)
    console.print(describe_machine(), soft_wrap=True)
    table = Table("payload", "CPU s", "peak MB", "outcome", "the next")
    worst_cpu, worst_memory, bad = 0.0, 0, 0
    for name, said, after in results():
        assert isinstance(said, str)
        assert isinstance(after, str)
        cpu, memory, what = said.split(" ", 2) if said[0].isdigit() else ("", "", said)
        goes_on = "complete" in after
        table.add_row(name, cpu, memory, what[:90], "read" if goes_on else "NOT READ")
        worst_cpu, worst_memory = max(worst_cpu, float(cpu or 0)), max(worst_memory, int(memory or 0))
        bad += not goes_on or not cpu or float(cpu) > MOST_CPU or int(memory) > MOST_MEMORY
    console.print(table)
    console.print(
        f"most: {worst_cpu:.2f} s of CPU, {worst_memory} MB; over a limit or taking others along: {bad}"
    )
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
