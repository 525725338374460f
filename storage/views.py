"""The views that CONTRACT.md promises: the same names, columns and meanings in both databases.

They stand between readers and the tables, so that the tables can change shape and the promise does not.
"""

from sqlalchemy import Connection, inspect

from storage.captures import OUTCOMES
from storage.cells import STATES

REPORT_COLUMNS = """report_id, url, host, publisher, region_code, level, year, form, title, published_on,
    index_number, is_mirror, capture_id, cells_read, cells_expected, checks_passed, checks_failed, status"""

NARROW = 2  # of the evidence (extract/judge.toml): about one weak sign for or against

FITNESS = """(CASE WHEN {0}.status = 'unreadable' THEN 1 ELSE 0 END,
    CASE WHEN {0}.published_on = '' THEN 1 ELSE 0 END, {0}.published_on, {0}.is_mirror, {0}.report_id)"""

VIEWS = {
    "reports": f"SELECT {REPORT_COLUMNS} FROM readings WHERE standing = 'current'",  # noqa: S608 - a constant
    "report_versions": f"SELECT {REPORT_COLUMNS} FROM readings WHERE standing = 'superseded'",  # noqa: S608
    # One row for each cell that the reading has, out of its lists: storage/cells.py.
    "cells": """
        SELECT r.report_id, r.form, k.table_code, k.row_code, k.col_code, {value} AS value, {state} AS state,
            {raw_text} AS raw_text, k.unit, r.capture_id,
            COALESCE(format(p.stems ->> CAST(p.places -> k.position ->> 0 AS INTEGER),
                p.places -> k.position ->> 1, p.places -> k.position ->> 2), '') AS locator
        FROM readings r
        JOIN reading_cells c ON c.reading_id = r.reading_id
        JOIN form_cells k ON k.form = r.form
        LEFT JOIN reading_places p ON p.reading_id = r.reading_id
        WHERE r.standing = 'current' AND {is_there}""",
    "checks": """
        SELECT r.report_id, c.rule, c.scope, c.expected, c.actual, c.passed, c.severity
        FROM readings r JOIN reading_checks c ON c.reading_id = r.reading_id
        WHERE r.standing = 'current'
        UNION ALL
        SELECT r.report_id, c.rule, c.scope, c.expected, c.actual, c.passed, c.severity
        FROM readings r JOIN year_checks c ON c.report_id = r.report_id
        WHERE r.standing = 'current'""",
    "sections": """
        SELECT r.report_id, s.ordinal, s.heading, s.text
        FROM readings r JOIN reading_sections s ON s.reading_id = r.reading_id
        WHERE r.standing = 'current'""",
    "leftovers": """
        SELECT r.report_id, l.kind, l.text, l.locator
        FROM readings r JOIN reading_leftovers l ON l.reading_id = r.reading_id
        WHERE r.standing = 'current'""",
    "findings": """
        SELECT r.report_id, f.code, f.text, f.locator
        FROM readings r JOIN reading_findings f ON f.reading_id = r.reading_id
        WHERE r.standing = 'current'""",
    "local_tables": """
        SELECT r.report_id, g.grid, g.row, g."column", g.label, g.text, g.value, g.locator
        FROM readings r JOIN reading_grids g ON g.reading_id = r.reading_id
        WHERE r.standing = 'current'""",
    # A measure is there where all its cells were read: one cell as it is, sums as storage/sums.py keeps them.
    # SQLite takes a CROSS JOIN in its order: the way first, for there are few, then the reports of its form,
    # and their values last.
    "series": """
        SELECT r.report_id, r.publisher, r.region_code, r.year, w.measure, {value} AS value, r.form,
            w.comparable
        FROM series_ways w CROSS JOIN series_parts k CROSS JOIN readings r CROSS JOIN reading_cells c
        WHERE w.parts = 1 AND k.way_id = w.way_id AND r.form = w.form AND r.standing = 'current'
            AND c.reading_id = r.reading_id AND {is_there} AND {state} <> 'text'
        UNION ALL
        SELECT r.report_id, r.publisher, r.region_code, r.year, w.measure, {sum} AS value, r.form,
            w.comparable
        FROM series_ways w CROSS JOIN readings r CROSS JOIN reading_sums c
        WHERE w.parts > 1 AND r.form = w.form AND r.standing = 'current' AND c.reading_id = r.reading_id
            AND c.items ->> w.at IS NOT NULL""",
    # The rows are few, however many reports: forms, years, levels and provinces. The measures come after,
    # so that SQLite parses each list once.
    "series_sums": """
        SELECT m.measure, sums.form, sums.year, sums.level, sums.province, {bodies} AS bodies,
            {stated} AS stated, CASE WHEN {stated} > 0 THEN {total} END AS total, x.comparable
        FROM form_sums sums CROSS JOIN series_measures m
            CROSS JOIN (SELECT DISTINCT measure, form, comparable FROM crosswalk) x
        WHERE sums.items ->> m.position IS NOT NULL AND x.measure = m.measure AND x.form = sums.form""",
    # What a person should look at: the evidence is nearly even. Of pages that are no report only what was
    # made of them last.
    "review": f"""
        SELECT report_id, url, host, publisher, year, title, standing, margin, reasons, capture_id
        FROM readings
        WHERE margin BETWEEN -{NARROW} AND {NARROW} AND (standing = 'current' OR standing = 'rejected'
            AND reading_id IN (SELECT reading_id FROM read_captures))""",  # noqa: S608 - a constant
    # One row for each body and year, judged by its best page: one that can be read before one that cannot,
    # then the earliest, the body's own before a mirror's. A page without a date is not called late.
    # The dates: 条例 第四十九条 (in force since 2019-05-15) has departments publish by 31 January and
    # governments by 31 March; townships answer to their county as departments do. Before, all by 31 March.
    # "No better page" and not a window, for through a window no database finds one region's rows by an index.
    "coverage": f"""
        SELECT a.publisher, a.region_code, a.year,
            CASE WHEN a.status = 'unreadable' THEN 'unreadable'
                WHEN a.published_on > CAST(a.year + 1 AS TEXT) || CASE
                    WHEN a.year >= 2019 AND a.level IN ('department', 'ministry', 'township') THEN '-01-31'
                    ELSE '-03-31' END THEN 'late'
                ELSE 'found' END AS state,
            a.report_id
        FROM readings a
        WHERE a.standing = 'current' AND a.publisher <> '' AND a.year IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM readings b
            WHERE b.standing = 'current' AND b.publisher = a.publisher AND b.region_code = a.region_code
                AND b.year = a.year AND {FITNESS.format("b")} < {FITNESS.format("a")})
        UNION ALL
        SELECT g.publisher, g.region_code, g.year, g.state, NULL AS report_id
        FROM coverage_gaps g
        WHERE NOT EXISTS (
            SELECT 1 FROM readings r
            WHERE r.publisher = g.publisher AND r.region_code = g.region_code AND r.year = g.year
                AND r.standing = 'current'
        )""",  # noqa: S608 - constants
}

# The archive's rows as one table. `headers` are those of the head (storage/heads.py).
CAPTURES = """
    SELECT c.capture_id, a.url, a.host, {fetched_at} AS fetched_at, h.status, h.content_type,
        {sha256} AS sha256, p.size, h.kind, {outcome} AS outcome, c.run_id, q.method, h.charset,
        COALESCE(c.error, '') AS error, q.ip_address, q.protocol, q.tls, q.robots, c.elapsed,
        c.address_id, c.head_id, c.payload_id, h.headers
    FROM capture_rows c
    JOIN addresses a ON a.address_id = c.address_id
    JOIN heads h ON h.head_id = c.head_id
    JOIN requests q ON q.request_id = h.request_id
    LEFT JOIN payloads p ON p.payload_id = c.payload_id"""
STATE_NAMES = " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(STATES))
IS_THERE = "c.items ->> k.position IS NOT NULL"
# What stands at a cell's position is a number, "", or a list of state, value and raw text: storage/cells.py.
SPELLINGS = {
    "sqlite": {
        "is_there": IS_THERE,
        "value": """CASE WHEN typeof(c.items ->> k.position) = 'text' THEN c.items -> k.position ->> 1
            ELSE c.items ->> k.position END""",
        "state": f"""CASE WHEN typeof(c.items ->> k.position) <> 'text' THEN 'number'
            WHEN c.items ->> k.position = '' THEN 'blank'
            ELSE CASE c.items -> k.position ->> 0 {STATE_NAMES} END END""",
        "raw_text": """CASE WHEN typeof(c.items ->> k.position) <> 'text'
            THEN CAST(c.items ->> k.position AS TEXT)
            ELSE COALESCE(c.items -> k.position ->> 2, '') END""",
        "sum": "NULLIF(c.items ->> w.at, '')",
        # In whole numbers, for a moment in floating point may lose its last millisecond.
        "fetched_at": """strftime('%Y-%m-%dT%H:%M:%S',
            (c.fetched_at - (c.fetched_at % 1000 + 1000) % 1000) / 1000, 'unixepoch')
            || printf('.%03dZ', (c.fetched_at % 1000 + 1000) % 1000)""",
        "sha256": "lower(hex(p.sha256))",
        "bodies": "(sums.items -> m.position ->> 0)",
        "stated": "(sums.items -> m.position ->> 1)",
        "total": "(sums.items -> m.position ->> 2)",
    },
    "postgresql": {
        "is_there": IS_THERE,
        "value": """CASE jsonb_typeof(c.items -> k.position)
            WHEN 'number' THEN (c.items ->> k.position)::numeric
            WHEN 'array' THEN (c.items -> k.position ->> 1)::numeric END""",
        "state": f"""CASE jsonb_typeof(c.items -> k.position)
            WHEN 'number' THEN 'number' WHEN 'string' THEN 'blank'
            ELSE CASE (c.items -> k.position ->> 0)::int {STATE_NAMES} END END""",
        "raw_text": """CASE jsonb_typeof(c.items -> k.position)
            WHEN 'array' THEN c.items -> k.position ->> 2 ELSE c.items ->> k.position END""",
        "sum": "NULLIF(c.items ->> w.at, '')::numeric",
        "fetched_at": """to_char(timestamp 'epoch' + c.fetched_at * interval '1 millisecond',
            'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')""",
        "sha256": "encode(p.sha256, 'hex')",
        "bodies": "(sums.items -> m.position ->> 0)::int",
        "stated": "(sums.items -> m.position ->> 1)::int",
        "total": "(sums.items -> m.position ->> 2)::numeric",
    },
}


def spelled(dialect: str) -> dict[str, str]:
    """Every view's query in a dialect's words."""
    places = " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(OUTCOMES))
    words = SPELLINGS[dialect] | {"outcome": f"CASE c.outcome {places} END"}
    return {name: query.format(**words) for name, query in (VIEWS | {"captures": CAPTURES}).items()}


def create_views(connection: Connection) -> None:
    for name, query in spelled(connection.dialect.name).items():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {query}")


def drop_views(connection: Connection) -> None:
    for name in inspect(connection).get_view_names():
        connection.exec_driver_sql(f'DROP VIEW "{name}"')
