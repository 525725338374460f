"""What is in here, at one glance."""

from starlette.requests import Request
from starlette.responses import Response

from browse.asking import ask
from browse.charts import HEIGHT, WIDTH, bars
from browse.pages import render

FACTS = {
    "reports": ("/reports", "SELECT count(*) AS n FROM reports"),
    "cells": ("/reports", "SELECT count(*) AS n FROM cells"),
    "failed_checks": (
        "/reports?failed=1",
        "SELECT count(*) AS n FROM checks WHERE passed = 0 AND severity = 'error'",
    ),
    "captures": ("/captures", "SELECT count(*) AS n FROM captures"),
    "sites": ("/sites", "SELECT count(*) AS n FROM sites WHERE last_run_at IS NOT NULL"),
}
BY_YEAR = "SELECT year, count(*) AS n FROM reports WHERE year IS NOT NULL GROUP BY year ORDER BY year"
RECEIVED = """
    SELECT year, sum(value) AS n FROM cells JOIN reports USING (report_id)
    WHERE table_code = 'requests' AND row_code = 'received' AND col_code = 'total' AND year IS NOT NULL
    GROUP BY year HAVING sum(value) IS NOT NULL ORDER BY year"""


def overview(request: Request) -> Response:
    facts = [(word, place, ask(request, query)[0]["n"]) for word, (place, query) in FACTS.items()]
    charts = [
        (word, bars([(str(row["year"]), row["n"]) for row in ask(request, query)]))
        for word, query in (("reports_by_year", BY_YEAR), ("received_by_year", RECEIVED))
    ]
    return render(request, "overview.html", facts=facts, charts=charts, width=WIDTH, height=HEIGHT)
