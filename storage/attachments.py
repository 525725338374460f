"""Which page offers which file: what joins a report that is a file to the page that presents it."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from storage.tables import attachments, captures

AT_ONCE = 500  # addresses asked for in one statement


def note_offered(connection: Connection, offered: Mapping[str, Sequence[str]]) -> None:
    """What the newest captures of pages offer takes the place of what was noted of them before."""
    connection.execute(delete(attachments).where(attachments.c.page.in_(offered)))
    rows = [
        {"page": page, "ordinal": at, "url": url}
        for page, files in offered.items()
        for at, url in enumerate(files, 1)
    ]
    if rows:
        connection.execute(insert(attachments), rows)


def files_of(connection: Connection, pages: Collection[str]) -> dict[str, list[str]]:
    """The files of those pages that have any, in the order of the page."""
    return grouped(connection, attachments.c.page, attachments.c.url, pages)


def pages_of(connection: Connection, files: Collection[str]) -> dict[str, list[str]]:
    return grouped(connection, attachments.c.url, attachments.c.page, files)


def pages_beside(connection: Connection, file: str, page: str) -> list[str]:
    """The other pages that offer the file."""
    return [each for each in pages_of(connection, [file]).get(file, ()) if each != page]


def grouped(
    connection: Connection, by: ColumnElement[str], what: ColumnElement[str], wanted: Collection[str]
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for some in portions(wanted):
        query = select(by, what).where(by.in_(some)).order_by(attachments.c.page, attachments.c.ordinal)
        for key, value in connection.execute(query):
            found.setdefault(key, []).append(value)
    return found


def newest_captures(connection: Connection, urls: Collection[str]) -> Mapping[str, int]:
    """For each address that gave anything, the newest capture of what it gives now."""
    newest: dict[str, int] = {}
    for some in portions(urls):
        query = (
            select(captures.c.url, captures.c.capture_id)
            .where(captures.c.url.in_(some), captures.c.outcome == "new", captures.c.status == 200)
            .where(captures.c.sha256.is_not(None))
            .order_by(captures.c.fetched_at, captures.c.capture_id)
        )
        newest.update((url, capture_id) for url, capture_id in connection.execute(query))
    return newest


def urls_of(connection: Connection, capture_ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(capture_ids), AT_ONCE):
        some = capture_ids[start : start + AT_ONCE]
        query = select(captures.c.capture_id, captures.c.url).where(captures.c.capture_id.in_(some))
        found.update((capture_id, url) for capture_id, url in connection.execute(query))
    return found


def portions(wanted: Collection[str]) -> list[list[str]]:
    every = sorted(wanted)
    return [every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE)]
