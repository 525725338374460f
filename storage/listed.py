"""Days that lists print beside their links to files: who says when a file was published that has no page."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

from sqlalchemy import Connection, delete, insert, select

from storage.attachments import newest_captures, portions
from storage.locks import hold_lock
from storage.tables import listed_days, read_captures

Days = Sequence[tuple[str, str]]  # ISO 8601, each with the page that prints it


def note_days(connection: Connection, run_id: int, said: Mapping[tuple[str, str], str]) -> None:
    """By address and day, the page that says so. What is news of a file has it read again."""
    if not said:
        return
    hold_lock(connection, "crawl")  # before looking what is known, for another worker may be about to say it
    urls = {url for url, _ in said}
    known = {(url, day) for url, days in days_of(connection, urls).items() for day, _ in days}
    rows = [
        {"url": url, "day": day, "page": page, "run_id": run_id}
        for (url, day), page in sorted(said.items())
        if (url, day) not in known
    ]
    if rows:
        connection.execute(insert(listed_days), rows)
        read_again(connection, {str(row["url"]) for row in rows})


def days_of(connection: Connection, urls: Collection[str]) -> dict[str, Days]:
    """Of those addresses that have any, the earliest first."""
    found: dict[str, Days] = {}
    for some in portions(urls):
        columns = listed_days.c["url", "day", "page"]
        rows = connection.execute(select(*columns).where(listed_days.c.url.in_(some)).order_by(*columns))
        for url, days in groupby(rows, key=lambda row: row.url):
            found[url] = [(row.day, row.page) for row in days]
    return found


def read_again(connection: Connection, urls: Collection[str]) -> None:
    """Forget that what these addresses give now was read."""
    newest = newest_captures(connection, urls).values()
    if newest:
        connection.execute(delete(read_captures).where(read_captures.c.capture_id.in_(newest)))
