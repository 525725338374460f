"""Every table of a release read by the programs that researchers use, each value in its right type."""

import json
import subprocess
from datetime import date, datetime

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from storage.meanings import load_meanings

POLARS = {
    "string": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
    "datetime": pl.Datetime("ms", "UTC"),
}
DUCKDB = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP WITH TIME ZONE",
}
PANDAS = {
    "string": pd.ArrowDtype(pa.string()),
    "integer": pd.ArrowDtype(pa.int64()),
    "number": pd.ArrowDtype(pa.float64()),
    "boolean": pd.ArrowDtype(pa.bool_()),
    "date": pd.ArrowDtype(pa.date32()),
    "datetime": pd.ArrowDtype(pa.timestamp("ms", tz="UTC")),
}
R = {"string": "character", "integer": "numeric", "number": "numeric", "boolean": "integer", "date": "Date"}
EXCEL_TEXT = 32_767  # characters that a cell of Excel holds


@pytest.fixture(scope="module")
def tables(package):
    """Each CSV resource by its name: its schema and how many rows it says to have."""
    resources = json.loads((package / "datapackage.json").read_bytes())["resources"]
    found = {each["name"]: each for each in resources if each["type"] == "table"}
    assert set(found) == set(load_meanings()) - {"changes"} | {"form_2014", "form_2019", "form_2021"}
    return found


def kinds(resource):
    return {field["name"]: field["type"] for field in resource["schema"]["fields"]}


def path_of(package, name, suffix="parquet"):
    return package / "data" / f"{name}.{suffix}"


def test_polars(package, tables):
    for name, resource in tables.items():
        frame = pl.read_parquet(path_of(package, name))
        assert dict(frame.schema) == {column: POLARS[kind] for column, kind in kinds(resource).items()}, name
        assert frame.height == resource["rows"]


def test_duckdb(package, tables):
    with duckdb.connect() as connection:
        for name, resource in tables.items():
            wanted = {column: DUCKDB[kind] for column, kind in kinds(resource).items()}
            for source in (
                f"'{path_of(package, name)}'",
                csv_in_duckdb(path_of(package, name, "csv"), wanted),
            ):
                rows = connection.sql(f"SELECT * FROM {source}")
                assert dict(zip(rows.columns, map(str, rows.types), strict=True)) == wanted, name
                assert len(rows.fetchall()) == resource["rows"], name


def csv_in_duckdb(path, columns):
    return f"read_csv('{path}', header = true, columns = {columns})"


def test_pandas(package, tables):
    for name, resource in tables.items():
        frame = pd.read_parquet(path_of(package, name), dtype_backend="pyarrow")
        assert dict(frame.dtypes) == {column: PANDAS[kind] for column, kind in kinds(resource).items()}, name
        assert len(frame) == resource["rows"]


def test_csv_and_parquet_say_the_same_to_pandas(package, tables):
    for name, resource in tables.items():
        texts = {column: str for column, kind in kinds(resource).items() if kind == "string"}
        frame = pd.read_csv(path_of(package, name, "csv"), dtype=texts, keep_default_na=False, na_values=[""])
        other = pd.read_parquet(path_of(package, name))
        assert (frame.isna().to_numpy() == other.isna().to_numpy()).all(), name
        for column in [column for column, kind in kinds(resource).items() if kind == "number"]:
            assert frame[column].dropna().tolist() == other[column].dropna().tolist(), (name, column)


def test_stata(package, tmp_path):
    """The wide tables under the short names of the codebook."""
    book = pd.read_csv(path_of(package, "codebook", "csv"), dtype=str)
    for form in ("2014", "2021"):
        of_form = book[book["form"] == form]
        frame = pd.read_parquet(path_of(package, f"form_{form}"))
        values = frame[list(of_form["variable"])].rename(
            columns=dict(of_form[["variable", "stata"]].to_numpy())
        )
        values.to_stata(tmp_path / "form.dta", write_index=False, version=118)
        again = pd.read_stata(tmp_path / "form.dta")
        assert list(again.columns) == list(of_form["stata"])
        assert again.notna().to_numpy().sum() == values.notna().to_numpy().sum() > 0


def test_excel(package, tables, tmp_path):
    for name in tables:
        table = parquet.read_table(path_of(package, name))
        sheet = [table.column_names, *(map(as_excel, row.values()) for row in table.to_pylist())]
        book = openpyxl.Workbook(write_only=True)
        written = book.create_sheet(name)
        for row in map(list, sheet):
            written.append(row)
        book.save(tmp_path / "table.xlsx")
        _, *again = openpyxl.load_workbook(tmp_path / "table.xlsx")[name].iter_rows(values_only=True)
        assert [list(row) for row in again] == [
            [as_excel(value) for value in row.values()] for row in table.to_pylist()
        ], name


def as_excel(value):
    """Excel knows no time zones; every time of a release is in UTC. It writes a line's end as a line feed."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, datetime.min.time())
    if isinstance(value, str):
        assert len(value) <= EXCEL_TEXT
        return value.replace("\r\n", "\n")
    return value


SCRIPT = """
table <- read.csv({path}, colClasses = c({classes}), na.strings = "", encoding = "UTF-8", check.names = FALSE)
stopifnot(nrow(table) == {rows})
cat(paste(sapply(table, function(column) class(column)[1]), collapse = " "), "\\n")
cat(sum(is.na(table)), "\\n")
"""


def test_r(rscript, package, tables, tmp_path):
    script, wanted = [], []
    for name, resource in tables.items():
        classes = [R.get(kind, "character") for kind in kinds(resource).values()]
        wanted += [classes, [str(nulls(path_of(package, name)))]]
        quoted = ", ".join(f'"{each}"' for each in classes)
        csv = f'"{path_of(package, name, "csv")}"'
        script.append(SCRIPT.format(path=csv, classes=quoted, rows=resource["rows"]))
    (tmp_path / "read.R").write_text("\n".join(script), encoding="utf-8")
    done = subprocess.run(
        [rscript, "--vanilla", tmp_path / "read.R"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [line.split() for line in done.stdout.splitlines()] == wanted


def nulls(path):
    return sum(column.null_count for column in parquet.read_table(path).columns)
