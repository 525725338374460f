"""The views that CONTRACT.md promises: the same names, columns and meanings in both databases.

They stand between readers and the tables, so that the tables can change shape and the promise does not.
"""

from sqlalchemy import Connection

REPORT_COLUMNS = """report_id, url, host, publisher, region_code, level, year, form, title, published_on,
    index_number, is_mirror, capture_id, cells_read, cells_expected, checks_passed, checks_failed, status"""

VIEWS = {
    "reports": f"SELECT {REPORT_COLUMNS} FROM readings WHERE standing = 'current'",  # noqa: S608 - a constant
    "report_versions": f"SELECT {REPORT_COLUMNS} FROM readings WHERE standing = 'superseded'",  # noqa: S608
    "cells": """
        SELECT r.report_id, r.form, c.table_code, c.row_code, c.col_code, c.value, c.state, c.raw_text,
            c.unit, r.capture_id, c.locator
        FROM readings r JOIN reading_cells c ON c.reading_id = r.reading_id
        WHERE r.standing = 'current'""",
    "checks": """
        SELECT r.report_id, c.rule, c.scope, c.expected, c.actual, c.passed, c.severity
        FROM readings r JOIN reading_checks c ON c.reading_id = r.reading_id
        WHERE r.standing = 'current'""",
    "sections": """
        SELECT r.report_id, s.ordinal, s.heading, s.text
        FROM readings r JOIN reading_sections s ON s.reading_id = r.reading_id
        WHERE r.standing = 'current'""",
    "leftovers": """
        SELECT r.report_id, l.kind, l.text, l.locator
        FROM readings r JOIN reading_leftovers l ON l.reading_id = r.reading_id
        WHERE r.standing = 'current'""",
    # One row for each body and year, judged by its best page: one that can be read before one that cannot,
    # then the earliest, the body's own before a mirror's. A page without a date is not called late.
    # The dates: 条例 第四十九条 (in force since 2019-05-15) has departments publish by 31 January and
    # governments by 31 March; townships answer to their county as departments do. Before, all by 31 March.
    "coverage": """
        SELECT publisher, region_code, year,
            CASE WHEN status = 'unreadable' THEN 'unreadable'
                WHEN published_on > deadline THEN 'late' ELSE 'found' END AS state,
            report_id
        FROM (
            SELECT publisher, region_code, year, status, published_on, report_id,
                CAST(year + 1 AS TEXT) || CASE
                    WHEN year >= 2019 AND level IN ('department', 'ministry', 'township') THEN '-01-31'
                    ELSE '-03-31' END AS deadline,
                ROW_NUMBER() OVER (
                    PARTITION BY publisher, region_code, year
                    ORDER BY CASE WHEN status = 'unreadable' THEN 1 ELSE 0 END,
                        CASE WHEN published_on = '' THEN 1 ELSE 0 END, published_on, is_mirror, report_id
                ) AS place
            FROM readings
            WHERE standing = 'current' AND publisher <> '' AND year IS NOT NULL
        ) AS ranked
        WHERE place = 1""",
}


def create_views(connection: Connection) -> None:
    for name, query in VIEWS.items():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {query}")


def drop_views(connection: Connection) -> None:
    for name in VIEWS:
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")
