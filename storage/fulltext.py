"""Full text: which reports say a phrase, and where in them.

SQLite keeps an FTS5 index without the text (`section_index`, its rowid a reading): every Han character is a
word there, so that any two of them are found. Postgres keeps a GIN index over the pairs of characters of each
section. Both give candidates; what counts is the text itself, read again, so that both find the same. The
last read reports of a place and a year are candidates without the index: it would first list all that say a
frequent phrase, and reading these few is quicker than listing those, or finds as many as were asked for.

Readings are never changed, so neither is what the index has of them; which of them stand now `readings` says.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice, pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, TextClause, bindparam, select, text, true

from storage.tables import reading_sections, readings

# What stands between characters without parting a phrase.
SEPARATORS = " \t\r\n\u3000，。、；：？！…—·“”‘’（）《》〈〉【】()\"',.;:?!"
FIRST_WIDE = "\u2e80"  # from here on a character is a word
CONTEXT = 30  # characters on either side
GROUP = 200  # readings indexed together
NEWEST = 300  # reports of a scope that are looked into without the index
AT_ONCE = 30  # reports looked into together
# With less, Postgres forgets which rows of a page the index named, and makes the pairs of all of them again.
INDEX_MEMORY = "64MB"
SQLITE_INDEX = (
    "CREATE VIRTUAL TABLE section_index USING fts5"
    " (said, content='', columnsize=0, tokenize='unicode61 remove_diacritics 0')"
)
# The cost is near the truth: without it Postgres would rather make the pairs of every section anew.
POSTGRES_INDEX = (
    f"""CREATE FUNCTION character_pairs(said text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS $$
        SELECT COALESCE(array_agg(DISTINCT one || two), '{{}}')
        FROM string_to_array(lower(translate(said, '{SEPARATORS.replace("'", "''")}', '')), NULL) AS letters,
            unnest(letters[:cardinality(letters) - 1], letters[2:]) AS pair(one, two)
    $$""",  # noqa: S608 - SEPARATORS is a constant
    """CREATE INDEX ix_reading_sections_pairs ON reading_sections
    USING gin (character_pairs(heading || ' ' || text))""",
)
INDEXED = {
    "sqlite": """
        SELECT r.reading_id FROM section_index i JOIN readings r ON r.reading_id = i.rowid
        WHERE section_index MATCH :words AND i.rowid < :below AND {chosen} ORDER BY i.rowid DESC""",
    "postgresql": """
        WITH said AS MATERIALIZED (
            SELECT DISTINCT reading_id FROM reading_sections
            WHERE character_pairs(heading || ' ' || text) @> CAST(:pairs AS text[]))
        SELECT r.reading_id FROM said JOIN readings r ON r.reading_id = said.reading_id
        WHERE r.reading_id < :below AND {chosen} ORDER BY r.reading_id DESC""",
}
SECTIONS = (
    select(
        *readings.c["reading_id", "report_id", "publisher", "year", "url"],
        *reading_sections.c["heading", "text"],
    )
    .join(readings, readings.c.reading_id == reading_sections.c.reading_id)
    .where(reading_sections.c.reading_id.in_(bindparam("ids", expanding=True)))
    .order_by(reading_sections.c.reading_id.desc(), reading_sections.c.ordinal)
)
LAST_READ = "SELECT r.reading_id FROM readings r WHERE {chosen} ORDER BY r.reading_id DESC LIMIT :newest"


class PhraseError(ValueError):
    """A phrase that cannot be searched. One line."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to search; a region's code stands for all below it: 340000 for the whole of Anhui."""

    year: int | None = None
    region: str = ""

    def chosen(self) -> tuple[str, dict[str, object]]:
        """A condition on `readings r`, and its values."""
        words, values = "r.standing = 'current'", dict[str, object]()
        if self.region:
            low, high = region_range(self.region)
            words += " AND r.region_code >= :low AND r.region_code < :high"
            values |= {"low": low, "high": high}
        if self.year is not None:
            # The sign keeps SQLite from finding a region's few reports among all of the year.
            words, values = (
                words + f" AND {'+' * bool(self.region)}r.year = :year",
                values | {"year": self.year},
            )
        return words, values


@dataclass(frozen=True, slots=True)
class Found:
    """A section that says the phrase: the words before it, as it stands there, after it; and how often."""

    report_id: str
    publisher: str
    year: int | None
    url: str
    heading: str
    before: str
    phrase: str
    after: str
    times: int


def region_range(code: str) -> tuple[str, str]:
    """Give the least code of a region and the first beyond it: 340000 to 35 exclusive."""
    stem = re.sub("(00)+$", "", code) if len(code) % 2 == 0 else code
    return stem, stem + ":"  # the character after 9


def search(connection: Connection, phrase: str, scope: Scope = Scope(), limit: int = 20) -> Iterator[Found]:
    """Sections of up to `limit` reports as they now stand, last read first. Raises PhraseError."""
    seen = finder(phrase)
    groups = in_groups(candidates(connection, phrase, scope))
    every = chain.from_iterable(found_in(connection, group, seen) for group in groups)
    yield from chain.from_iterable(islice(every, limit))


def finder(phrase: str) -> re.Pattern[str]:
    """What the phrase looks like in a text: its characters with nothing but separators between them."""
    letters = letters_of(phrase)
    if len(letters) < 2:
        raise PhraseError("a phrase has at least two characters, not counting spaces and punctuation")
    between = f"[{re.escape(SEPARATORS)}]*"
    start = r"(?<![0-9A-Za-z])" if letters[0].isascii() else ""
    end = r"(?![0-9A-Za-z])" if letters[-1].isascii() else ""
    return re.compile(start + between.join(map(re.escape, letters)) + end, re.IGNORECASE | re.ASCII)


def letters_of(phrase: str) -> str:
    return "".join(letter for letter in phrase.lower() if letter not in SEPARATORS)


def candidates(connection: Connection, phrase: str, scope: Scope) -> Iterator[int]:
    """Readings that may say the phrase, last read first."""
    newest = last_read(connection, scope)
    yield from newest
    if len(newest) == NEWEST:
        yield from indexed(connection, phrase, scope, newest[-1])


def last_read(connection: Connection, scope: Scope) -> list[int]:
    chosen, values = scope.chosen()
    query = text(LAST_READ.format(chosen=chosen))
    return list(connection.scalars(query, values | {"newest": NEWEST}))


def indexed(connection: Connection, phrase: str, scope: Scope, below: int) -> Iterator[int]:
    """What the index names of the readings before one."""
    query, values = indexed_query(connection.dialect.name, phrase, scope, below)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL work_mem = '{INDEX_MEMORY}'")
    with connection.execute(query, values) as rows:
        yield from rows.scalars()


def indexed_query(dialect: str, phrase: str, scope: Scope, below: int) -> tuple[TextClause, dict[str, Any]]:
    chosen, values = scope.chosen()
    if dialect == "sqlite":
        asked: dict[str, Any] = {"words": f'"{spaced(phrase).replace(chr(34), " ")}"'}
    else:
        asked = {"pairs": [one + two for one, two in pairwise(letters_of(phrase))]}
    return text(INDEXED[dialect].format(chosen=chosen)), values | asked | {"below": below}


def in_groups(ids: Iterator[int]) -> Iterator[list[int]]:
    while group := list(islice(ids, AT_ONCE)):
        yield group


def found_in(connection: Connection, ids: Sequence[int], seen: re.Pattern[str]) -> Iterator[list[Found]]:
    """For each of the readings that says it, the last first, its sections that do."""
    rows = connection.execute(SECTIONS, {"ids": ids}).all()
    for _, sections in groupby(rows, key=lambda row: int(row.reading_id)):
        found = [said for section in sections for said in said_in(section, seen)]
        if found:
            yield found


def said_in(row: Row[Any], seen: re.Pattern[str]) -> Iterator[Found]:
    said = f"{row.heading}\n{row.text}"
    every = list(seen.finditer(said))
    if every:
        start, end = every[0].span()
        before, after = said[max(0, start - CONTEXT) : start], said[end : end + CONTEXT]
        words = (row.heading, before, every[0][0], after, len(every))
        yield Found(row.report_id, row.publisher, row.year, row.url, *words)


def spaced(said: str) -> str:
    """Every Han character a word of its own."""
    return "".join(f" {letter} " if letter >= FIRST_WIDE else letter for letter in said)


def create_index(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(SQLITE_INDEX)
        rebuild_index(connection)
    else:
        for statement in POSTGRES_INDEX:
            connection.exec_driver_sql(statement)


def wording(sections: Iterable[tuple[str, str]]) -> str:
    """Headings and texts as SQLite's index has them."""
    return spaced("\n".join(f"{heading}\n{body}" for heading, body in sections))


def index_wordings(connection: Connection, said: Sequence[tuple[int, str]]) -> None:
    """Index the wordings of new readings. Postgres has done so itself."""
    if connection.dialect.name == "sqlite" and said:
        insert = "INSERT INTO section_index (rowid, said) VALUES (?, ?)"
        connection.exec_driver_sql(insert, [*said])


def rebuild_index(connection: Connection) -> None:
    """Index anew what a migration has brought."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO section_index (section_index) VALUES ('delete-all')")
        index_readings(connection, true())


def index_readings(connection: Connection, which: ColumnElement[bool]) -> None:
    """Index readings that a copy has brought. Postgres has done so itself."""
    if connection.dialect.name != "sqlite":
        return
    for reading_id, sections in texts(connection, which):
        index_wordings(connection, [(reading_id, wording(sections))])


def texts(connection: Connection, which: ColumnElement[bool]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Headings and texts of those readings that are reports."""
    columns = (reading_sections.c.reading_id, reading_sections.c.heading, reading_sections.c.text)
    query = (
        select(*columns)
        .join(readings, readings.c.reading_id == reading_sections.c.reading_id)
        .where(readings.c.standing != "rejected", which)
        .order_by(reading_sections.c.reading_id, reading_sections.c.ordinal)
    )
    rows = connection.execute(query, execution_options={"yield_per": GROUP})
    for reading_id, sections in groupby(rows, key=lambda row: int(row.reading_id)):
        yield reading_id, [(row.heading, row.text) for row in sections]
