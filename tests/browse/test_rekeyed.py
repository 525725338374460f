"""Figures keyed by hand from ten reports, each followed from a release to its mark in the archived page."""

import csv
import re
import tomllib
from html import unescape
from pathlib import Path

import pytest

from extract.forms.model import official_forms
from pipeline.codebook import dictionary
from pipeline.reading import read_captures
from storage.export.datapackage import export_tables
from storage.export.selection import Selection
from storage.rows import report_id

pytestmark = pytest.mark.real

HERE = Path(__file__).parent
FILES = HERE.parent / "extract" / "readers" / "files"
KEYED = tomllib.loads((HERE / "rekeyed.toml").read_text(encoding="utf-8"))
MEDIA = {
    ".txt": "text/plain; charset=utf-8",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BLANK = "_"
MARK = re.compile(r'<(\w+)[^>]* id="nianbao-here"[^>]*>(.*?)</\1>', re.DOTALL)
TAG = re.compile(r"<[^>]+>|\s")


def url_of(name):
    return f"http://www.keyed{list(KEYED).index(name)}.gov.cn/nb/report{Path(KEYED[name]['file']).suffix}"


def keyed(name):
    return {row: printed.split() for row, printed in KEYED[name].items() if row != "file"}


@pytest.fixture(scope="module")
def release(keep, real_dir, tmp_path_factory):
    """The tables of a release of the ten, by report: rows of cells, and of tables of no official form."""
    for name, entry in KEYED.items():
        path = next(path for path in (real_dir / entry["file"], FILES / entry["file"]) if path.exists())
        keep.put(url_of(name), path.read_bytes(), MEDIA[path.suffix])
    read_captures(keep.database)
    folder = tmp_path_factory.mktemp("release")
    tables = ["reports", "cells", "local_tables"]
    export_tables(keep.database, folder, tables, ["csv"], Selection(), dictionary(), lambda *_: None)
    return {table: rows_of(folder / f"{table}.csv") for table in tables}


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cells_of(release, name):
    """By row, the cells that the report's release has, in the form's order."""
    found = [row for row in release["cells"] if row["report_id"] == report_id(url_of(name))]
    assert found, name
    form = next(form for form in official_forms() if form.code == found[0]["form"])
    sheets = [form, *map(form.with_alternate, form.alternates)]
    every = [cell for sheet in sheets for cell in sheet.cells()]
    order = [f"{table.code}/{row.code}/{column.code}" for table, row, column in every]
    known = {f"{row['table_code']}/{row['row_code']}/{row['col_code']}": row for row in found}
    by_row = {}
    for address in dict.fromkeys(order):
        if address in known:
            by_row.setdefault(address.rpartition("/")[0], []).append(known[address])
    return by_row


@pytest.mark.parametrize("name", [name for name in KEYED if "its own" not in name])
def test_each_figure_from_the_release_to_its_mark(release, pages, snapshots, name):
    cells = cells_of(release, name)
    for row, printed in keyed(name).items():
        assert [cell["raw_text"] or BLANK for cell in cells[row]] == list(map(restored, printed)), row
        for cell, figure in zip(cells[row], printed, strict=True):
            follow(pages, snapshots, name, cell, "" if figure == BLANK else figure)


def restored(figure):
    """A mirror writes traditional signs; a release has the official ones."""
    return figure.replace("萬", "万")


def follow(pages, snapshots, name, cell, printed):
    address = f"{cell['table_code']}/{cell['row_code']}/{cell['col_code']}"
    source = pages.get(f"/reports/{report_id(url_of(name))}/{address}", follow_redirects=True).text
    assert url_of(name) in source
    frame = unescape(re.search(r'<iframe[^>]* src="([^"]+)"', source)[1])
    page = snapshots.get(frame.removeprefix("http://snapshots.test")).text
    marked = MARK.search(page)
    assert marked, address
    if not name.startswith("洪泽区"):  # of a PDF a place on the picture is marked, and no text
        assert TAG.sub("", unescape(marked[2])) == printed, address


def test_each_figure_of_a_table_of_its_own(release, snapshots):
    name = next(name for name in KEYED if "its own" in name)
    key = report_id(url_of(name))
    capture_id = next(row["capture_id"] for row in release["reports"] if row["report_id"] == key)
    rows = [row for row in release["local_tables"] if row["report_id"] == key]
    for label, printed in keyed(name).items():
        said = [row for row in rows if label in row["label"].replace(" ", "")]
        assert [row["text"] for row in said] == printed, label
        for row in said:
            page = snapshots.get(f"/capture/{capture_id}", params={"at": row["locator"]}).text
            marked = MARK.search(page)
            assert TAG.sub("", unescape(marked[2])) == row["text"]
