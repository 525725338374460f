"""A body's years side by side, measure by measure, and what the checks across years say."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import RowMapping
from starlette.requests import Request
from starlette.responses import Response

from browse.asking import ask
from browse.equations import form_of, subject_of
from browse.lists import csv_answer
from browse.pages import render
from browse.reports import find_report
from browse.words import language_of
from extract.forms.codebook import english_measure
from extract.forms.crosswalk import crosswalk

ITS_YEARS = """
    SELECT report_id, year, form, status FROM reports
    WHERE publisher = :publisher AND region_code = :region AND year IS NOT NULL ORDER BY year, report_id"""
SERIES = """
    SELECT measure, year, value, comparable, report_id FROM series
    WHERE publisher = :publisher AND region_code = :region AND year IS NOT NULL ORDER BY year, report_id"""
ACROSS = """
    SELECT checks.*, reports.year, reports.form FROM checks JOIN reports USING (report_id)
    WHERE publisher = :publisher AND region_code = :region
        AND rule IN ('carried_over', 'stock_in_force', 'items_carried_over')
    ORDER BY year, rule, scope"""


@dataclass(frozen=True, slots=True)
class Point:
    """A measure in a year. Where it is not comparable the form of that year counted something else."""

    value: Decimal | None
    comparable: bool
    report_id: str


def years(request: Request) -> Response:
    """`/reports/ID/years`"""
    report = find_report(request)
    body = {"publisher": report["publisher"], "region": report["region_code"]}
    across = ask(request, ACROSS, **body)
    return render(
        request,
        "years.html",
        report=report,
        columns=ask(request, ITS_YEARS, **body),
        lines=lines(ask(request, SERIES, **body), language_of(request)),
        across=[
            (check, subject_of(form_of(check["form"]), check["rule"], check["scope"])) for check in across
        ],
    )


def years_csv(request: Request) -> Response:
    report = find_report(request)
    return csv_answer(
        request, "years", SERIES, {"publisher": report["publisher"], "region": report["region_code"]}
    )


def lines(rows: list[RowMapping], language: str) -> list[tuple[str, dict[int, Point]]]:
    """Each measure's label and points by year, in the order of the crosswalk."""
    found: dict[str, dict[int, Point]] = {}
    for row in rows:
        point = Point(row["value"], bool(row["comparable"]), row["report_id"])
        found.setdefault(row["measure"], {}).setdefault(row["year"], point)
    named: dict[str, str] = {}
    for measure in crosswalk():
        named.setdefault(measure.code, measure.label if language == "zh" else english_measure(measure.code))
    return [(named[code], found[code]) for code in named if code in found]
