"""The schema, once, for SQLite and Postgres.

Physical tables are plain nouns; what CONTRACT.md promises to others and is not a table of its own
(`reports`, `report_versions`, `cells`, `checks`, `sections`, `leftovers`, `coverage`) is a view in
`storage/views.py`. Times are ISO 8601 text in UTC of one width (`values.as_text`), so that they sort
and compare alike in both databases.
"""

from storage.tables.archive import (
    addresses,
    capture_rows,
    captures,
    dictionaries,
    heads,
    payloads,
    requests,
    runs,
)
from storage.tables.crawling import (
    attachments,
    coverage_gaps,
    frontier,
    listed_days,
    run_findings,
    sites,
    spent_patterns,
)
from storage.tables.readings import (
    crosswalk,
    form_cells,
    form_sums,
    read_captures,
    reading_cells,
    reading_checks,
    reading_findings,
    reading_grids,
    reading_leftovers,
    reading_places,
    reading_sections,
    reading_sums,
    readings,
    reviews,
    series_measures,
    series_parts,
    series_ways,
    year_checks,
)
from storage.tables.schema import metadata

__all__ = [
    "addresses",
    "attachments",
    "capture_rows",
    "captures",
    "coverage_gaps",
    "crosswalk",
    "dictionaries",
    "form_cells",
    "form_sums",
    "frontier",
    "heads",
    "listed_days",
    "metadata",
    "payloads",
    "read_captures",
    "reading_cells",
    "reading_checks",
    "reading_findings",
    "reading_grids",
    "reading_leftovers",
    "reading_places",
    "reading_sections",
    "reading_sums",
    "readings",
    "requests",
    "reviews",
    "run_findings",
    "runs",
    "series_measures",
    "series_parts",
    "series_ways",
    "sites",
    "spent_patterns",
    "year_checks",
]
