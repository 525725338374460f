"""A release read again by other hands: Frictionless, pyarrow, the csv module."""

import csv
import hashlib
import json
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from frictionless import Package
from pyarrow import parquet

from benchmarks.servers import postgres_database
from pipeline.codebook import dictionary
from storage.database import open_database
from storage.export.datapackage import export_datapackage, export_tables
from storage.export.selection import Selection

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
LINES = "一、总体情况\r\n“公开”, 说明\n第二行"


def quiet(_what: str, _done: int, _of: int) -> None:
    return


def release(database, folder, **chosen):
    export_datapackage(database, folder, Selection(**chosen), dictionary(), quiet)
    return folder


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*.*")}


def table(folder, name):
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.filterwarnings("default")  # Frictionless's own
def test_frictionless_finds_nothing_wrong(filled, tmp_path):
    folder = release(filled, tmp_path / "out")
    report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "type", "message"])
    assert {task.name for task in report.tasks} >= {"reports", "cells", "series", "codebook", "form_2021"}


@pytest.mark.filterwarnings("default")
def test_frictionless_sees_a_changed_number(filled, tmp_path):
    folder = release(filled, tmp_path / "out")
    path = folder / "data" / "form_2021.csv"
    path.write_bytes(path.read_bytes().replace(b",7,", b",8,", 1))
    assert not Package(str(folder / "datapackage.json")).validate().valid


def test_a_second_export_is_the_same_bytes(filled, tmp_path):
    assert digests(release(filled, tmp_path / "1")) == digests(release(filled, tmp_path / "2"))


@pytest.mark.postgres
def test_either_database_makes_the_same_bytes(postgres_server, fill, tmp_path):
    with postgres_database(postgres_server) as url:
        made = []
        for each in (url, f"sqlite:///{tmp_path}/nianbao.db"):
            with closing(open_database(each)) as database:
                fill(database)
                made.append(digests(release(database, tmp_path / str(len(made)))))
    assert made[0] == made[1]


def test_both_formats_say_the_same_in_the_right_types(filled, tmp_path):
    folder = release(filled, tmp_path / "out")
    wide = parquet.read_table(folder / "data" / "form_2021.parquet").to_pylist()
    assert [(row["publisher"], row["published_on"], row["requests_received_total"]) for row in wide] == [
        ("a人民政府", date(2024, 1, 5), 7.0)
    ]
    assert wide[0]["disclosure_fees_amount"] == 1234567890.5
    assert wide[0]["requests_received_natural"] is wide[0]["requests_granted_total"] is None
    (captured, *_) = parquet.read_table(folder / "data" / "captures.parquet").to_pylist()
    assert captured["fetched_at"] == NOW
    (line,) = table(folder, "form_2021")
    assert (line["requests_received_total"], line["disclosure_fees_amount"]) == ("7", "1234567890.5")
    assert table(folder, "sections")[0]["text"] == LINES
    assert [row["locator"] for row in table(folder, "leftovers")] == ["at:2", "at:3"]
    assert table(folder, "local_tables")[0]["value"] == "3"


def test_series_and_measures_meet(filled, tmp_path):
    folder = release(filled, tmp_path / "out")
    known = {row["measure"] for row in table(folder, "measures")}
    found = [
        (row["year"], row["value"])
        for row in table(folder, "series")
        if row["measure"] == "requests.received.total"
    ]
    assert sorted(found) == [("2016", "12"), ("2023", "7")]
    assert {row["measure"] for row in table(folder, "series")} <= known


def test_the_codebook_counts_blanks_and_failures(filled, tmp_path):
    folder = release(filled, tmp_path / "out")
    rows = {
        (row["form"], row["row_code"], row["col_code"]): row
        for row in table(folder, "codebook")
        if row["table_code"] == "requests"
    }
    counted = ("reports", "numbers", "blanks", "checks_held", "checks_failed")
    assert [rows["2021", "received", "natural"][name] for name in counted] == ["1", "0", "1", "1", "0"]
    assert [rows["2021", "granted", "total"][name] for name in counted] == ["1", "0", "0", "1", "1"]
    assert [rows["2019", "granted", "total"][name] for name in counted] == ["0"] * 5


@pytest.mark.parametrize(
    ("chosen", "hosts"),
    [
        ({"year": 2016}, ["b"]),
        ({"region": "340000"}, ["a", "b"]),
        ({"region": "349900"}, []),
        ({"level": "county"}, ["b"]),
        ({"host": "c.gov.cn"}, ["c"]),
    ],
)
@pytest.mark.filterwarnings("default")
def test_a_part_is_whole_in_itself(filled, tmp_path, chosen, hosts):
    folder = release(filled, tmp_path / "out", **chosen)
    assert sorted(row["host"] for row in table(folder, "reports")) == [f"{host}.gov.cn" for host in hosts]
    assert sorted(row["url"] for row in table(folder, "captures")) == [
        f"http://{host}.gov.cn/" for host in hosts
    ]
    assert Package(str(folder / "datapackage.json")).validate().valid


def test_single_tables_in_one_format(filled, tmp_path):
    rows = export_tables(filled, tmp_path, ["cells"], ["csv"], Selection(), dictionary(), quiet)
    assert rows == {"cells": 5}
    assert [path.name for path in tmp_path.glob("cells.*")] == ["cells.csv"]


def test_the_descriptor_names_the_seal_and_the_extractor(filled, tmp_path):
    folder = release(filled, tmp_path / "out")
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["nianbao"]["extractors"] == ["1"]
    assert len(descriptor["nianbao"]["seal"]) == 64
    assert descriptor["created"] == "2026-11-22T10:00:00.000Z"
