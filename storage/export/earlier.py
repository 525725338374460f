"""Answers that lie in the packages of earlier runs, so that each run's package holds only what is new."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, func, select

from storage.captures import Capture
from storage.tables import addresses, capture_rows, heads, payloads, requests
from storage.warc.write import Origin, name_of


@dataclass(slots=True)
class EarlierRuns:
    """The runs before `run_id`; `used` are those that were referred to."""

    connection: Connection
    run_id: int
    used: set[int] = field(default_factory=set)
    known: dict[str, int] | None = None  # the capture that first gave a body, by sha256

    def of_payload(self, sha256: str) -> Origin | None:
        if self.known is None:
            self.known = dict(self.firsts())
        capture_id = self.known.get(sha256)
        return None if capture_id is None else self.origin(capture_id)

    def firsts(self) -> list[tuple[str, int]]:
        """Of all bodies of this run at once, for an index by body would cost more than it helps."""
        here = select(capture_rows.c.payload_id).where(capture_rows.c.run_id == self.run_id)
        query = (
            select(payloads.c.sha256, capture_rows.c.run_id, func.min(capture_rows.c.capture_id))
            .join_from(capture_rows, payloads, payloads.c.payload_id == capture_rows.c.payload_id)
            .where(capture_rows.c.run_id < self.run_id, capture_rows.c.payload_id.in_(here))
            .group_by(payloads.c.sha256, capture_rows.c.run_id)
            .order_by(capture_rows.c.run_id.desc())  # the first run is the last to be set
        )
        return [(sha256, capture_id) for sha256, _, capture_id in self.connection.execute(query)]

    def of_request(self, capture: Capture) -> Origin | None:
        query = (
            joined(select(capture_rows.c.capture_id))
            .where(addresses.c.url == capture.url, requests.c.method == capture.method)
            .where(requests.c.body == capture.request_body, heads.c.status == 200)
            .where(capture_rows.c.run_id < self.run_id, capture_rows.c.payload_id.is_not(None))
            .order_by(capture_rows.c.capture_id.desc())
        )
        last = self.connection.scalar(query.limit(1))
        return None if last is None else self.origin(last)

    def origin(self, capture_id: int) -> Origin:
        columns = (
            addresses.c.url,
            requests.c.method,
            *capture_rows.c["fetched_at", "run_id"],
            payloads.c.sha256,
        )
        query = joined(select(*columns)).join(payloads, payloads.c.payload_id == capture_rows.c.payload_id)
        row = self.connection.execute(query.where(capture_rows.c.capture_id == capture_id)).one()
        self.used.add(row.run_id)
        named = name_of("answer", capture_id, row.method, row.url, row.fetched_at)
        return Origin(named, row.url, row.fetched_at, row.sha256)


def joined(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(capture_rows)
        .join(addresses, addresses.c.address_id == capture_rows.c.address_id)
        .join(heads, heads.c.head_id == capture_rows.c.head_id)
        .join(requests, requests.c.request_id == heads.c.request_id)
    )
