"""Reports: the list with its filters, one report laid out as the official form, and a figure's source."""

import json
from urllib.parse import urlencode

from sqlalchemy import RowMapping
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from browse.asking import ask, ask_the_one, database_of
from browse.changes import changes
from browse.equations import address_of, cell_words, form_of, unfold
from browse.facets import cube_of
from browse.layout import laid_out
from browse.lists import Filter, csv_answer
from browse.pages import page_of, render
from browse.rereading import read_place
from browse.viewer import Source, framed
from browse.words import language_of
from extract.forms.codebook import english_column, english_row
from storage.reports import load_reading

PAGE = 50
COLUMNS = """report_id, publisher, year, level, region_code, form, status, title, published_on, url,
    cells_read, cells_expected, checks_passed, checks_failed"""
ONE = "SELECT * FROM reports WHERE report_id = :key"
READINGS = """
    SELECT reading_id, version, standing, readings.capture_id, form, title, cells_read, cells_expected,
        extractor, read_at, evidence, reasons, margin, fetched_at
    FROM readings JOIN captures USING (capture_id) WHERE report_id = :key ORDER BY version"""
FINDINGS = "SELECT code, text, locator FROM reading_findings WHERE reading_id = :id ORDER BY ordinal"
LOCAL = 'SELECT * FROM local_tables WHERE report_id = :key ORDER BY grid, row, "column"'
CELLS = "SELECT * FROM cells WHERE report_id = :key"
CELL = f"{CELLS} AND table_code = :table AND row_code = :row AND col_code = :column"
CHECKS = "SELECT * FROM checks WHERE report_id = :key ORDER BY passed, severity, rule, scope"
SECTIONS = "SELECT * FROM sections WHERE report_id = :key ORDER BY ordinal"
LEFTOVERS = "SELECT * FROM leftovers WHERE report_id = :key"
OTHER_YEARS = """
    SELECT report_id, year FROM reports WHERE publisher = :publisher AND publisher <> ''
    ORDER BY year, report_id"""
# Each filter is one condition; a filter left empty is not asked about.
FILTERS = {
    "q": "publisher LIKE :q",
    "year": "CAST(year AS TEXT) = :year",
    "level": "level = :level",
    "form": "form = :form",
    "status": "status = :status",
    "region": "region_code >= :region AND region_code < :region || ':'",
    "host": "host = :host",
    "failed": "checks_failed > 0 AND :failed <> ''",
}
SHAPES = {"q": "%{}%"}
CHOICES = ("year", "level", "form", "status")
BEYOND_THE_CUBE = ("q", "host")  # filters that the facets do not count by
LISTED = f"""
    SELECT {COLUMNS} FROM reports WHERE {{where}}
    ORDER BY year DESC, publisher DESC, report_id DESC LIMIT :limit OFFSET :offset"""  # noqa: S608 - constants
COUNTED = "SELECT count(*) AS n FROM reports WHERE {where}"


def reports(request: Request) -> Response:
    chosen = Filter.of(request, FILTERS, SHAPES)
    page = page_of(request)
    given = {name: value.strip() for name, value in request.query_params.items()}
    window = {"limit": PAGE + 1, "offset": (page - 1) * PAGE}
    listed = LISTED.format(where=chosen.where)
    found = ask(request, listed, **chosen.values, **window)
    cube = cube_of(request)
    return render(
        request,
        "reports.html",
        found=found[:PAGE],
        total=total(request, chosen, given),
        page=page,
        has_more=len(found) > PAGE,
        facets={name: cube.choices(given, name) for name in CHOICES},
        regions=cube.tree(given),
        given=given,
        link=lambda **changed: link(given, changed),
    )


def total(request: Request, chosen: Filter, given: dict[str, str]) -> int:
    if any(given.get(name) for name in BEYOND_THE_CUBE):
        return int(ask(request, COUNTED.format(where=chosen.where), **chosen.values)[0]["n"])
    return cube_of(request).total(given)


def link(given: dict[str, str], changed: dict[str, object]) -> str:
    """The query of the same list with some of its filters changed, from its first page."""
    query = {**{name: value for name, value in given.items() if name not in {"page", "lang"}}, **changed}
    return urlencode({name: value for name, value in query.items() if value})


def reports_csv(request: Request) -> Response:
    """The whole list as it is filtered."""
    chosen = Filter.of(request, FILTERS, SHAPES)
    query = f"SELECT {COLUMNS} FROM reports WHERE {chosen.where} ORDER BY report_id"  # noqa: S608 - fixed
    return csv_answer(request, "reports", query, chosen.values)


def report(request: Request) -> Response:
    found = find_report(request)
    key = found["report_id"]
    checks = ask(request, CHECKS, key=key)
    cells = ask(request, CELLS, key=key)
    reading = ask(request, READINGS, key=key)
    current = next(each for each in reading if each["standing"] == "current")
    return render(
        request,
        "report.html",
        report=found,
        tables=laid_out(found["form"], cells, checks),
        english_row=english_row,
        english_column=english_column,
        checks=unfold(found["form"], cells, checks),
        sections=ask(request, SECTIONS, key=key),
        leftovers=ask(request, LEFTOVERS, key=key),
        findings=ask(request, FINDINGS, id=current["reading_id"]),
        local=ask(request, LOCAL, key=key),
        reading=current,
        evidence=json.loads(current["evidence"]),
        reasons=json.loads(current["reasons"]),
        versions=[each for each in reading if each["standing"] == "superseded"],
        years=ask(request, OTHER_YEARS, publisher=found["publisher"]),
    )


def version(request: Request) -> Response:
    """`/reports/ID/versions/N`: what changed from version N to the report as it stands now."""
    found = find_report(request)
    known = ask(request, READINGS, key=found["report_id"])
    number = request.path_params["number"]
    before = next(
        (each for each in known if each["version"] == number and each["standing"] != "rejected"), None
    )
    after = next(each for each in known if each["standing"] == "current")
    if before is None:
        raise HTTPException(404)
    with database_of(request).read() as connection:
        readings = [load_reading(connection, each["reading_id"]) for each in (before, after)]
    return render(
        request,
        "version.html",
        report=found,
        before=before,
        after=after,
        changes=changes(*readings),
    )


def find_report(request: Request) -> RowMapping:
    return ask_the_one(request, ONE, key=request.path_params["report_id"])


def source(request: Request) -> Response:
    """From a number to its cell, its bytes, its address and its second."""
    found = find_report(request)
    codes = {name: request.path_params[name] for name in ("table", "row", "column")}
    cell = ask_the_one(request, CELL, key=found["report_id"], **codes)
    with database_of(request).read() as connection:
        again = read_place(connection, cell["capture_id"], cell["locator"])
    words = cell_words(form_of(found["form"]), address_of(cell), language_of(request))
    return framed(request, cell["capture_id"], cell["locator"], Source(found, cell, words, again))
