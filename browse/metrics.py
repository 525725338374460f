"""`/metrics` in Prometheus text: what an alarm or a chart of the archive needs, from a few counts."""

from collections.abc import Iterator

from sqlalchemy import Connection, text
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

# Name, what it says, and how it is counted: each row a label's value and a number.
GAUGES = (
    ("nianbao_reports", "Reports as they stand, by status.", "status",
     "SELECT status, COUNT(*) FROM reports GROUP BY status"),
    ("nianbao_captures", "Captures so far, by the number of the newest.", "",
     "SELECT '', COALESCE(MAX(capture_id), 0) FROM capture_rows"),
    ("nianbao_run_captures", "Captures of the newest run, by its state.", "state",
     "SELECT state, captures FROM runs WHERE run_id = (SELECT MAX(run_id) FROM runs)"),
    ("nianbao_runs", "Runs, by state.", "state", "SELECT state, COUNT(*) FROM runs GROUP BY state"),
    ("nianbao_frontier_waiting", "Addresses that will be asked for.", "",
     "SELECT '', COUNT(*) FROM frontier WHERE due_at IS NOT NULL"),
    ("nianbao_coverage_gaps", "Reports that are expected and not there, by state.", "state",
     "SELECT state, COUNT(*) FROM coverage_gaps GROUP BY state"),
    ("nianbao_sites_resting", "Hosts that are left in peace.", "",
     "SELECT '', COUNT(*) FROM sites WHERE rests > 0"),
)  # fmt: skip


def metrics(request: Request) -> Response:
    with request.app.state.database.read() as connection:
        lines = list(exposition(connection))
    media_type = "text/plain; version=0.0.4; charset=utf-8"
    return PlainTextResponse("\n".join(lines) + "\n", media_type=media_type)


def exposition(connection: Connection) -> Iterator[str]:
    for name, says, label, query in GAUGES:
        yield f"# HELP {name} {says}"
        yield f"# TYPE {name} gauge"
        for word, number in sorted(map(tuple, connection.execute(text(query)))):
            yield f'{name}{{{label}="{escaped(word)}"}} {number}' if label else f"{name} {number}"


def escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
