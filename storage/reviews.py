"""What persons decided about readings: kept as data, for every later reading to respect."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from storage.tables import read_captures, reviews
from storage.values import as_text, storable

REPORT, NOT_REPORT, CELL = "report", "not_report", "cell"


@dataclass(frozen=True, slots=True)
class Review:
    """`verdict` report or not_report is about the page at `url`. A cell's is about the bytes `sha256` alone:
    when the page changes, it is read anew. `raw_text` is what the person sees printed there.
    """

    url: str
    verdict: str
    reviewer: str
    reason: str
    sha256: str = ""
    table_code: str = ""
    row_code: str = ""
    col_code: str = ""
    raw_text: str = ""

    @property
    def subject(self) -> tuple[str, str, str, str]:
        """What the decision is about: the page as a whole, or a cell of one of its documents."""
        return self.sha256, self.table_code, self.row_code, self.col_code


COLUMNS = tuple(item.name for item in fields(Review))


def keep_review(connection: Connection, review: Review, capture_id: int, now: datetime) -> None:
    """Keep a decision, and have the capture that it is about read again."""
    row = {name: storable(value) for name, value in asdict(review).items()}
    connection.execute(insert(reviews).values(row | {"reviewed_at": as_text(now)}))
    connection.execute(delete(read_captures).where(read_captures.c.capture_id == capture_id))


def reviews_of(connection: Connection, urls: Collection[str]) -> dict[str, list[Review]]:
    """The decisions that count now, by page."""
    query = select(*reviews.c[COLUMNS]).where(reviews.c.url.in_(urls)).order_by(reviews.c.review_id)
    latest: dict[tuple[str, tuple[str, str, str, str]], Review] = {}
    for row in connection.execute(query):
        review = Review(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row by names
        latest[review.url, review.subject] = review
    found: dict[str, list[Review]] = {}
    for review in latest.values():
        found.setdefault(review.url, []).append(review)
    return found
