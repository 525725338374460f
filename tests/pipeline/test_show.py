"""From the command line to a number's place in the archived bytes, and back to what stands there."""

import re
import sqlite3
from pathlib import Path
from random import Random

import pytest

from benchmarks.corpus.defects import wrong_total
from benchmarks.corpus.markup import WRITERS
from benchmarks.corpus.paper import draw_paper
from benchmarks.corpus.word import docx
from pipeline.locators import agree
from pipeline.show import meanings

URL = "http://www.example.gov.cn/nb/1.html"


@pytest.fixture
def paper(nianbao, tmp_path):
    """A report with a total that is wrong, in the archive and read."""
    random = Random(3)
    paper = wrong_total(draw_paper(random, "2021"), random)
    (tmp_path / "page.html").write_bytes(WRITERS["html, word"](paper, random))
    status, out, err = nianbao("import", "page.html", "--url", URL, "--fetched-on", "2024-02-01")
    assert status == 0, out + err
    return paper


def report_id(tmp_path):
    with sqlite3.connect(tmp_path / "a.db") as connection:
        return connection.execute("SELECT report_id FROM reports").fetchone()[0]


def test_a_report_is_printed_as_its_form(nianbao, paper, tmp_path):
    status, out, _ = nianbao("show", report_id(tmp_path)[:6])
    assert status == 0
    assert paper.publisher in out
    assert "勾稽不符" in out
    for code, printed in paper.truth.items():
        assert printed.value is None or str(printed.value) in out, code
    assert nianbao("show", URL)[1] == out


def test_a_cell_is_walked_back(nianbao, paper, tmp_path):
    status, out, _ = nianbao("show", URL, "--cell", "requests/received/total")
    assert status == 0
    assert f"'{paper.truth['requests', 'received', 'total'].text}'" in out
    with sqlite3.connect(tmp_path / "a.db") as connection:
        sha256, fetched_at = connection.execute("SELECT sha256, fetched_at FROM captures").fetchone()
        [seal] = connection.execute("SELECT seal FROM runs").fetchone()
    for said in (URL, sha256, fetched_at, f"1, sealed {seal}", "xpath:"):
        assert said in out


@pytest.mark.parametrize("words", [("show", "zz%"), ("show", "abcdef"), ("show", URL, "--cell", "a/b/c")])
def test_what_is_not_there(nianbao, paper, words):
    status, _, errors = nianbao(*words)
    assert status == 2
    assert errors.count("\n") == 1


def test_every_locator_resolves(nianbao, tmp_path):
    random, folder = Random(5), tmp_path / "pages"
    folder.mkdir()
    lines = ["file,url,fetched_on"]
    for number, write in enumerate((*WRITERS.values(), docx)):
        name = f"{number}.docx" if write is docx else f"{number}.html"
        (folder / name).write_bytes(write(draw_paper(random, "2021"), random))
        lines.append(f"{name},http://www.example.gov.cn/{name},2024-02-01")
    (folder / "manifest.csv").write_text("\n".join(lines))
    assert f"{len(lines) - 1} reports new" in nianbao("import", folder)[1]
    status, out, _ = nianbao("verify", "--locators")
    assert status == 0, out
    assert "every cell" in out


def test_a_cell_that_says_otherwise_than_the_archive_is_found(nianbao, paper, tmp_path):
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("UPDATE reading_cells SET items = json_set(items, '$[29]', 4711)")
        connection.execute("UPDATE reading_places SET stems = json_insert(stems, '$[#]', 'xpath:/html/none')")
        last = "json('[' || (json_array_length(stems) - 1) || ']')"
        connection.execute(f"UPDATE reading_places SET places = json_set(places, '$[30]', {last})")
    status, out, errors = nianbao("verify", "--locators")
    assert status == 1
    assert "'4711'" in out
    assert "nothing at" in out
    assert "3 faults" in errors  # the reading's own digest is the third


def test_every_code_of_the_extractor_has_words():
    sources = (Path(__file__).parents[2] / "extract").rglob("*.py")
    written = re.compile(r'(?:Finding|Leftover|find|_doubt)\(\s*"([a-z_]+)"')
    codes = {code for source in sources for code in written.findall(source.read_text())}
    assert len(codes) > 20
    assert not codes - meanings().keys()


@pytest.mark.parametrize(
    ("raw", "said", "agrees"),
    [("1", "1", True), ("4", "1 0 4", True), ("0", "0000", True), ("1", "10", False), ("", "1", False)],
)
def test_a_cell_agrees_with_its_place(raw, said, agrees):
    assert agree(raw, said) is agrees
