"""`nianbao export` for researchers, as they would call it."""

import csv
from decimal import Decimal
from random import Random

import pytest

from benchmarks.corpus.markup import WRITERS
from benchmarks.corpus.paper import draw_paper

URL = "http://www.example.gov.cn/nb/1.html"


@pytest.fixture
def paper(nianbao, tmp_path):
    """A report in the archive, and read."""
    random = Random(3)
    paper = draw_paper(random, "2021")
    (tmp_path / "page.html").write_bytes(WRITERS["html, word"](paper, random))
    assert nianbao("import", "page.html", "--url", URL, "--fetched-on", "2024-02-01")[0] == 0
    return paper


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_was_printed_is_what_a_release_has(nianbao, paper, tmp_path):
    status, out, err = nianbao("export", "datapackage", "out")
    assert (status, out) == (0, "wrote 1 reports in 16 tables to out\n"), err
    cells = {
        (row["table_code"], row["row_code"], row["col_code"]): row
        for row in table(tmp_path / "out" / "data" / "cells.csv")
    }
    (wide,) = table(tmp_path / "out" / "data" / "form_2021.csv")
    book = table(tmp_path / "out" / "data" / "codebook.csv")
    assert {tuple(code) for code in paper.truth} == set(cells)
    for row in book:
        code = (row["table_code"], row["row_code"], row["col_code"])
        if row["form"] == "2021" and code in paper.truth:
            value = paper.truth[code].value
            said = {cells[code]["value"], wide[row["variable"]]}
            assert {Decimal(each) if each else None for each in said} == {value}, code


def test_the_named_tables_of_a_year(nianbao, paper, tmp_path):
    status, out, _ = nianbao("export", "csv", "new", "reports", "cells", "--year", paper.year)
    assert (status, out) == (0, "wrote 201 rows of 1 reports in 2 tables to new\n")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["cells.csv", "reports.csv"]
    nianbao("export", "parquet", "other", "reports", "--year", paper.year - 1)
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["reports.parquet"]


def test_what_cannot_be_exported(nianbao, tmp_path):
    assert "no such table; there are reports, cells" in nianbao("export", "csv", "new", "nonsense")[2]
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    status, _, errors = nianbao("export", "datapackage", "full")
    assert (status, errors) == (2, "nianbao: full: exists and is not an empty folder\n")
    assert "is no release" in nianbao("export", "datapackage", "new", "--since", "full")[2]
    assert not (tmp_path / "a.db").exists()


def test_what_has_changed_since_a_release(nianbao, paper, tmp_path):
    nianbao("export", "datapackage", "1")
    status, out, err = nianbao("export", "datapackage", "2", "--since", "1")
    assert status == 0, err
    assert "\n0 changes since the release of 20" in out
    status, _, err = nianbao("export", "datapackage", "3", "--since", "1", "--year", paper.year)
    assert (status, err) == (2, "nianbao: 1: is of another selection; give the options it was made with\n")
    assert not (tmp_path / "3").exists()
