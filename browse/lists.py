"""What every list shares: filters of fixed conditions, and the whole list as CSV."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from browse.asking import database_of

AT_ONCE = 500  # rows read at a time
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Filter:
    """`where` is made of fixed conditions only; what a visitor typed is in `values`."""

    where: str
    values: Mapping[str, str]

    @classmethod
    def of(cls, request: Request, conditions: Mapping[str, str], shapes: Mapping[str, str]) -> "Filter":
        """A filter left empty is not asked about. `shapes` say how a value is put into its condition."""
        given = {name: request.query_params.get(name, "").strip() for name in conditions}
        given = {name: value for name, value in given.items() if value}
        where = " AND ".join(conditions[name] for name in given) or "1 = 1"
        return cls(where, {name: shapes.get(name, "{}").format(value) for name, value in given.items()})


def csv_answer(request: Request, name: str, query: str, values: Mapping[str, Any]) -> Response:
    """All rows of a query, streamed, with the mark that lets Excel see UTF-8."""

    def lines() -> Iterator[str]:
        with database_of(request).read() as connection:
            result = connection.execution_options(yield_per=AT_ONCE).execute(text(query), dict(values))
            yield "\ufeff" + csv_line(list(result.keys()))
            for row in result:
                yield csv_line([tame(value) for value in row])

    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


def tame(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(DANGEROUS) else value


def csv_line(values: list[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()
