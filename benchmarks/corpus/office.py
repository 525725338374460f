"""Papers as LibreOffice writes them: PDF, DOC, RTF, DOCX, XLS, XLSX, a batch in one go."""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from html import escape
from pathlib import Path
from random import Random

from benchmarks.corpus.markup import composed, spans
from benchmarks.corpus.paper import Paper
from samples.forms import Slot

BATCH = 40  # documents for one start of LibreOffice, which takes a second by itself
SECONDS = 600

FILTERS = {  # suffix → what reads the HTML, what writes
    "pdf": ("HTML (StarWriter)", "pdf:writer_web_pdf_Export"),
    "doc": ("HTML (StarWriter)", "doc:MS Word 97"),
    "rtf": ("HTML (StarWriter)", "rtf:Rich Text Format"),
    "docx": ("HTML (StarWriter)", "docx:MS Word 2007 XML"),
    "xls": ("HTML (StarCalc)", "xls:MS Excel 97"),
    "xlsx": ("HTML (StarCalc)", "xlsx:Calc MS Excel 2007 XML"),
}
STYLE = (
    "<style>@page {{ size: A4 }} body {{ font-family: '{font}' }} table {{ border-collapse: collapse }} "
    "td {{ border: 1px solid black; font-size: 9pt }} p {{ font-size: 12pt }}</style>"
)
FONTS = ("Liberation Serif", "Noto Serif CJK SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei")
"""Any, by a document's number. For those not installed, and the Chinese of the first, others are taken."""


def is_installed() -> bool:
    return shutil.which("soffice") is not None


def office_html(paper: Paper, font: str) -> str:
    def cell(text: str, slot: Slot) -> str:
        return f"<td{spans(slot)}>{escape(text)}</td>"

    body = composed(paper, lambda text: f"<p>{escape(text)}</p>", cell, 'border="1"')
    title = escape(paper.title)
    style = STYLE.format(font=font)
    return f'<html><head><meta charset="utf-8">{style}</head><body><h1>{title}</h1>{body}</body></html>'


def font_of(number: int) -> str:
    return Random(number).choice(FONTS)


def converted(papers: Mapping[int, Paper], suffix: str) -> dict[int, bytes]:
    """Each paper's document, by its number. Raises CalledProcessError where LibreOffice fails."""
    numbers = sorted(papers)
    made: dict[int, bytes] = {}
    for start in range(0, len(numbers), BATCH):
        made |= convert_batch({number: papers[number] for number in numbers[start : start + BATCH]}, suffix)
    return made


def convert_batch(papers: Mapping[int, Paper], suffix: str) -> dict[int, bytes]:
    reader, writer = FILTERS[suffix]
    with tempfile.TemporaryDirectory(prefix="nianbao-office-") as name:
        folder = Path(name)
        for number, paper in papers.items():
            (folder / f"{number}.html").write_text(office_html(paper, font_of(number)), encoding="utf-8")
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile"]
        command += [f"--infilter={reader}", "--convert-to", writer, "--outdir", str(folder / "out")]
        sources = [str(folder / f"{number}.html") for number in papers]
        subprocess.run([*command, *sources], check=True, timeout=SECONDS, capture_output=True)
        return {number: (folder / "out" / f"{number}.{suffix}").read_bytes() for number in papers}
