"""What a run has to tell a person: one row for each host, code and text, with how often it was so."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, select

from storage.inserting import dialect_insert
from storage.tables import run_findings
from storage.values import storable


class Finding(NamedTuple):
    """`code` is one word for programs, `text` says what was seen."""

    host: str
    code: str
    text: str


def note_findings(connection: Connection, run_id: int, found: Mapping[Finding, int]) -> None:
    for finding, times in found.items():
        row = dialect_insert(connection, run_findings).values(
            run_id=run_id, host=finding.host, code=finding.code, text=storable(finding.text), times=times
        )
        connection.execute(
            row.on_conflict_do_update(
                index_elements=["run_id", "host", "code", "text"],
                set_={"times": run_findings.c.times + times},
            )
        )


def findings_of(connection: Connection, run_id: int) -> list[tuple[Finding, int]]:
    """With how often each was so, by code and host."""
    columns = (run_findings.c.host, run_findings.c.code, run_findings.c.text, run_findings.c.times)
    query = select(*columns).where(run_findings.c.run_id == run_id)
    rows = connection.execute(query.order_by(run_findings.c.code, run_findings.c.host, run_findings.c.text))
    return [(Finding(host, code, text), times) for host, code, text, times in rows]
