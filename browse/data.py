"""For researchers: the codebook, questions in SQL, and the whole as downloads."""

from starlette.requests import Request
from starlette.responses import Response

from browse.lists import csv_line
from browse.pages import render
from extract.forms.model import official_forms
from storage.meanings import load_meanings
from storage.questions import load_questions

DOWNLOADS = ("reports", "captures", "coverage", "sites", "runs", "codes")
HEAD = ["form", "table_code", "row_code", "col_code", "table", "group", "row", "column", "unit"]


def data(request: Request) -> Response:
    """`/data`"""
    return render(
        request,
        "data.html",
        tables=load_meanings().values(),
        forms=official_forms(),
        questions=load_questions().values(),
        downloads=DOWNLOADS,
        has_releases=request.app.state.options.releases is not None,
        can_ask=request.app.state.sql is not None,
    )


def codes_csv(_: Request) -> Response:
    """Every official cell of every form, with its printed words."""
    lines = [csv_line(HEAD)]
    for form in official_forms():
        for sheet in (form, *map(form.with_alternate, form.alternates)):
            for table, row, column in sheet.cells():
                codes = (form.code, table.code, row.code, column.code)
                words = (table.heading, row.group, row.label, column.label, column.unit)
                lines.append(csv_line([*codes, *words]))
    text = "\ufeff" + "".join(dict.fromkeys(lines))
    headers = {"Content-Disposition": 'attachment; filename="codes.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
