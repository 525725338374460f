"""What captures were read as, each reading with its parts, and what persons decided of it."""

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy.schema import SchemaItem

from storage.tables.archive import capture_rows
from storage.tables.schema import CURRENT, FAILED, RowId, metadata
from storage.values import ExactNumber, Packed

# One row for each result of reading a capture. `standing` is current (the report as it stands now),
# superseded (an earlier version) or rejected (read, and not an annual report; reasons say why).
readings = Table(
    "readings",
    metadata,
    Column("reading_id", RowId, primary_key=True),
    Column("report_id", Text, nullable=False),
    Column("capture_id", ForeignKey(capture_rows.c.capture_id), nullable=False),
    Column("standing", Text, nullable=False),
    Column("version", Integer, nullable=False),  # 1 is the first reading of this report
    Column("extractor", Text, nullable=False),
    Column("digest", Text, nullable=False),  # over everything read; equal digests change nothing
    Column("read_at", Text, nullable=False),
    Column("reasons", Text, nullable=False, server_default="[]"),  # JSON list
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("region_code", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("year", Integer),
    Column("form", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("published_on", Text, nullable=False),
    Column("index_number", Text, nullable=False),
    Column("is_mirror", Integer, nullable=False),
    Column("cells_read", Integer, nullable=False),
    Column("cells_expected", Integer, nullable=False),
    Column("checks_passed", Integer, nullable=False),
    Column("checks_failed", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column(
        "evidence", Text, nullable=False, server_default="{}"
    ),  # JSON: what each part of the identity came from
    # How far the evidence lies from the least that makes a report; below zero it is none. Null before 0004.
    Column("margin", Integer),
    Index("ix_readings_report_id_standing", "report_id", "standing"),
    Index(
        "uq_readings_current",  # a report stands in one way at a time, whoever writes
        "report_id",
        unique=True,
        **CURRENT,
    ),
    Index("ix_readings_form_year", "form", "year", **CURRENT),
    Index("ix_readings_year", "year", **CURRENT),
    Index("ix_readings_region_code_year", "region_code", "year", **CURRENT),
    Index("ix_readings_read_at", "read_at", **CURRENT),
    # `standing` too, for SQLite leaves a row alone only where all that is asked of it stands in the index.
    Index("ix_readings_listed", "year", "publisher", "report_id", "standing", **CURRENT),
    Index("ix_readings_publisher_year", "publisher", "year"),
    Index("ix_readings_capture_id", "capture_id"),
)

# What persons decided. Each decision is a row; of several about one thing the last one counts. `verdict`:
# report or not_report of the page at `url`; cell: what is printed in a cell of the document `sha256`.
reviews = Table(
    "reviews",
    metadata,
    Column("review_id", RowId, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("url", "verdict", "sha256")),
    *(Column(name, Text, nullable=False) for name in ("table_code", "row_code", "col_code")),
    *(Column(name, Text, nullable=False) for name in ("raw_text", "reviewer", "reason")),
    Column("reviewed_at", Text, nullable=False),
    Index("ix_reviews_url", "url"),
)

# Which extractor has seen which capture, so that a reading that changed nothing is not repeated.
read_captures = Table(
    "read_captures",
    metadata,
    Column("capture_id", ForeignKey(capture_rows.c.capture_id), primary_key=True, autoincrement=False),
    Column("extractor", Text, nullable=False),
    Column("reading_id", ForeignKey(readings.c.reading_id), nullable=False),
)

# Every cell that readings of a form had so far, by its position in their lists. Rows are only ever added.
form_cells = Table(
    "form_cells",
    metadata,
    Column("form", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),  # from 0
    Column("table_code", Text, nullable=False),
    Column("row_code", Text, nullable=False),
    Column("col_code", Text, nullable=False),
    Column("unit", Text, nullable=False),
    UniqueConstraint("form", "table_code", "row_code", "col_code", "unit"),
)

# The cells of a reading as one list, each at its position: storage/cells.py. To read cells use the view
# `cells`. Places lie apart, for who asks for numbers seldom asks for them.
reading_cells = Table(
    "reading_cells",
    metadata,
    Column("reading_id", ForeignKey(readings.c.reading_id), primary_key=True, autoincrement=False),
    Column("items", Packed, nullable=False),
    Column("sequence", Packed),  # the positions in the order they were read; null: by position
)

reading_places = Table(
    "reading_places",
    metadata,
    Column("reading_id", ForeignKey(readings.c.reading_id), primary_key=True, autoincrement=False),
    Column("stems", Packed, nullable=False),  # storage/places.py
    Column("places", Packed, nullable=False),
)


def part_of_readings(name: str, *columns: SchemaItem) -> Table:
    """What a reading has many of, in their order."""
    return Table(
        name,
        metadata,
        Column("reading_id", ForeignKey(readings.c.reading_id), primary_key=True),
        Column("ordinal", Integer, primary_key=True),
        *columns,
    )


def check_columns() -> list[Column[Any]]:
    return [
        Column("rule", Text, nullable=False),
        Column("scope", Text, nullable=False),
        Column("expected", ExactNumber),
        Column("actual", ExactNumber),
        Column("passed", Integer, nullable=False),
        Column("severity", Text, nullable=False),
    ]


reading_checks = part_of_readings(
    "reading_checks",
    *check_columns(),
    Index("ix_reading_checks_failed", "reading_id", "rule", "severity", **FAILED),
)

reading_sections = part_of_readings(
    "reading_sections",
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
)

reading_leftovers = part_of_readings(
    "reading_leftovers",
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("locator", Text, nullable=False),
)

reading_findings = part_of_readings(
    "reading_findings",
    Column("code", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("locator", Text, nullable=False),
)

# The tables that no official form explains, or not wholly: every cell of them.
reading_grids = part_of_readings(
    "reading_grids",
    Column("grid", Integer, nullable=False),
    Column("row", Integer, nullable=False),
    Column("column", Integer, nullable=False),
    Column("label", Text, nullable=False),  # the path of words beside and above the cell
    Column("text", Text, nullable=False),
    Column("value", ExactNumber),
    Column("locator", Text, nullable=False),
)

# Which cells of each form are the same measure; a measure is the sum of `parts` cells of one option.
crosswalk = Table(
    "crosswalk",
    metadata,
    Column("measure", Text, primary_key=True),
    Column("form", Text, primary_key=True),
    Column("option", Integer, primary_key=True),
    Column("table_code", Text, primary_key=True),
    Column("row_code", Text, primary_key=True),
    Column("col_code", Text, primary_key=True),
    Column("parts", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("comparable", Integer, nullable=False),  # 0: see the note
    Column("note", Text, nullable=False),
)

# Each way in which a form has a measure, with the positions of its cells: the crosswalk and `form_cells` put
# together, so that a series looks up numbers and no codes (storage/ways.py). Made anew with either.
series_ways = Table(
    "series_ways",
    metadata,
    Column("way_id", Integer, primary_key=True, autoincrement=False),
    Column("measure", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("parts", Integer, nullable=False),  # cells that a report must have
    Column("comparable", Integer, nullable=False),
    Column("at", Integer),  # of a sum of several cells its position in the lists of `reading_sums`
    Index("ix_series_ways_measure", "measure"),
)

series_parts = Table(
    "series_parts",
    metadata,
    Column("way_id", ForeignKey(series_ways.c.way_id), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
)

# Of each report as it now stands the measures that are sums of several cells: storage/sums.py.
reading_sums = Table(
    "reading_sums",
    metadata,
    Column("reading_id", ForeignKey(readings.c.reading_id), primary_key=True, autoincrement=False),
    Column("items", Packed, nullable=False),
)

# A report held against the same body's report of the year before. Made anew whenever either changes.
year_checks = Table(
    "year_checks",
    metadata,
    Column("report_id", Text, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    *check_columns(),
    Index("ix_year_checks_failed", "report_id", "rule", "severity", **FAILED),
)

# Every measure of the crosswalk, by its position in the lists of `form_sums`. Rows are only ever added.
series_measures = Table(
    "series_measures",
    metadata,
    Column("measure", Text, primary_key=True),
    Column("position", Integer, nullable=False, unique=True),  # from 0
)

# Sums over every report as it now stands: storage/sums.py. To read them use the view `series_sums`.
form_sums = Table(
    "form_sums",
    metadata,
    Column("form", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("level", Text, primary_key=True),
    Column("province", Text, primary_key=True),  # the first digits of the region code
    Column("items", Packed, nullable=False),
)
