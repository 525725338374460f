"""What a release takes out of packed lists, held against the views row by row."""

import pytest
from rich.console import Console
from sqlalchemy import select

from benchmarks.national import load
from storage.export.cells import FROM_LISTS, said_by_report
from storage.export.selection import Selection, chosen_reports, view
from storage.meanings import load_meanings

REPORTS = 40


@pytest.fixture
def archive(filled):
    """One of everything, and invented reports of every form."""
    load(Console(quiet=True), filled, REPORTS)
    return filled


def rows_of_view(connection, name):
    of = view(load_meanings()[name])
    return [tuple(row) for row in connection.execute(select(of))]


@pytest.mark.parametrize("name", FROM_LISTS)
def test_lists_and_views_give_the_same_rows_in_the_order_of_the_key(archive, name):
    meaning = load_meanings()[name]
    with archive.read() as connection:
        reports = chosen_reports(connection, Selection())
        rows = list(FROM_LISTS[name](connection, reports, lambda *_: None))
        assert len(rows) > REPORTS
        assert sorted(map(repr, rows)) == sorted(map(repr, rows_of_view(connection, name)))
    key = [meaning.names.index(column) for column in meaning.key]
    assert rows == sorted(rows, key=lambda row: [row[place] for place in key])


def test_what_is_said_by_report(archive):
    with archive.read() as connection:
        said = said_by_report(connection, chosen_reports(connection, Selection()))
        rows = rows_of_view(connection, "cells")
    assert sum(map(len, said.values())) == len(rows)
    assert all(said[row[0]][row[1:5]] == row[5:7] for row in rows)
