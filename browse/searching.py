"""Full text: which reports say a phrase, with the words around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from browse.asking import database_of
from browse.facets import cube_of
from browse.pages import render
from storage.fulltext import Found, PhraseError, Scope, search

MOST_REPORTS = 30
SHOWN = 3  # sections of a report whose words are shown
LONGEST = 60  # characters of a phrase


@dataclass(frozen=True, slots=True)
class Hit:
    """A report that says the phrase: some of its sections, and how often it says it in all."""

    sections: tuple[Found, ...]
    times: int

    @property
    def first(self) -> Found:
        return self.sections[0]


def hits(found: Iterable[Found]) -> list[Hit]:
    by_report = (list(sections) for _, sections in groupby(found, key=lambda each: each.report_id))
    return [Hit(tuple(sections[:SHOWN]), sum(each.times for each in sections)) for sections in by_report]


def searched(request: Request) -> Response:
    """`/search?q=`, within `&year=` and `&region=`."""
    asked = request.query_params
    phrase = asked.get("q", "").strip()[:LONGEST]
    year = asked.get("year", "")
    scope = Scope(int(year) if year.isdecimal() and len(year) == 4 else None, asked.get("region", "").strip())
    problem = ""
    found: list[Hit] = []
    if phrase:
        try:
            with database_of(request).read() as connection:
                found = hits(search(connection, phrase, scope, MOST_REPORTS))
        except PhraseError:
            problem = "phrase_too_short"
    return render(
        request,
        "search.html",
        phrase=phrase,
        given=asked,
        years=cube_of(request).choices({}, "year"),
        problem=problem,
        found=found,
        most=MOST_REPORTS,
    )
