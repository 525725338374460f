"""`nianbao show`: one report as the official form prints it, and where a number came from."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection, RowMapping, text

from browse.layout import Block, LaidOut, Line, laid_out
from extract.forms.model import Column
from pipeline.errors import UsageProblem
from pipeline.locators import words_of
from pipeline.present import wide_console
from settings.tables import load_toml
from storage.rows import report_id as id_of

STATES = {"blank": "·", "dash": "—", "not_applicable": "无"}  # what is shown where no number is
NOTHING = "∅"  # the report does not have this cell
FEWEST = 4  # letters of an id that are enough to look for it
MOST_NAMED = 5
NAMES = 16  # columns
INDENT = 2
BEGIN = 60  # characters of a section's text
IDENTITY = ("publisher", "year", "title", "published_on", "index_number", "level")


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything stored about one report."""

    report: RowMapping
    cells: Sequence[RowMapping]
    checks: Sequence[RowMapping]
    sections: Sequence[RowMapping]
    leftovers: Sequence[RowMapping]
    findings: Sequence[RowMapping]
    evidence: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A cell and its way back. `again` is what stands at its place in the archived bytes, `seal` that of the
    run that brought them, if it has ended.
    """

    cell: RowMapping
    capture: RowMapping
    again: str
    seal: str | None


def find_report(connection: Connection, wanted: str) -> RowMapping:
    """By the beginning of its id, or its address. Raises UsageProblem for none and for several."""
    by_url = "://" in wanted
    where = "report_id = :key" if by_url else "report_id LIKE :key"
    key = id_of(wanted) if by_url else f"{wanted}%"
    if not by_url and not (len(wanted) >= FEWEST and wanted.isalnum()):
        raise UsageProblem(f"{wanted!r} is neither an address nor {FEWEST} or more letters of a report's id")
    query = text(f"SELECT * FROM reports WHERE {where} ORDER BY report_id LIMIT {MOST_NAMED}")  # noqa: S608 - constants
    found = connection.execute(query, {"key": key}).mappings().all()
    if not found:
        raise UsageProblem(f"no report {wanted}; `nianbao status` counts what there is")
    if len(found) > 1:
        names = ", ".join(f"{each['report_id']} ({each['publisher']} {each['year']})" for each in found)
        raise UsageProblem(f"{wanted} may be {names}")
    return found[0]


def load_shown(connection: Connection, wanted: str) -> Shown:
    report = find_report(connection, wanted)

    def of(table: str, order: str) -> Sequence[RowMapping]:
        query = text(f"SELECT * FROM {table} WHERE report_id = :key ORDER BY {order}")  # noqa: S608 - constants
        return connection.execute(query, {"key": report["report_id"]}).mappings().all()

    reading = text(
        "SELECT reading_id, evidence FROM readings WHERE report_id = :key AND standing = 'current'"
    )
    current = connection.execute(reading, {"key": report["report_id"]}).one()
    findings = text("SELECT * FROM reading_findings WHERE reading_id = :reading ORDER BY ordinal")
    return Shown(
        report,
        of("cells", "table_code"),
        of("checks", "passed, severity, rule, scope"),
        of("sections", "ordinal"),
        of("leftovers", "kind"),
        connection.execute(findings, {"reading": current.reading_id}).mappings().all(),
        json.loads(current.evidence),
    )


def find_source(connection: Connection, wanted: str, address: str) -> Source:
    """Raises UsageProblem for a cell that the report does not have."""
    report = find_report(connection, wanted)
    table, row, column = (*address.split("/"), "", "")[:3]
    query = text(
        "SELECT * FROM cells WHERE report_id = :key AND table_code = :t AND row_code = :r AND col_code = :c"
    )
    given = {"key": report["report_id"], "t": table, "r": row, "c": column}
    cell = connection.execute(query, given).mappings().first()
    if cell is None:
        raise UsageProblem(f"this report has no cell {address}; write it as requests/received/total")
    capture = text("SELECT * FROM captures WHERE capture_id = :id")
    captured = connection.execute(capture, {"id": cell["capture_id"]}).mappings().one()
    words = words_of(connection, cell["capture_id"], is_mirror=bool(report["is_mirror"]))
    try:
        again = words(cell["locator"])
    except LookupError as error:
        again = f"nothing any more: {error}"
    sealed = text("SELECT seal FROM runs WHERE run_id = :run")
    seal = connection.execute(sealed, {"run": captured["run_id"]}).scalar_one()
    return Source(cell, captured, again, seal)


def print_shown(shown: Shown) -> None:
    console = wide_console()
    for part in parts(shown):
        console.print(part, soft_wrap=isinstance(part, Text))  # an address stays whole


def parts(shown: Shown) -> Iterator[RenderableType]:
    yield from heading(shown)
    failed = {(check["rule"], check["scope"]) for check in shown.checks if not check["passed"]}
    for table in laid_out(shown.report["form"], shown.cells, shown.checks):
        yield Text(f"\n{table.table.heading}", style="bold")
        yield from (drawn(table, block) for block in table.blocks)
    if shown.sections:
        yield listed("正文 prose", map(section_line, shown.sections))
    if failed:
        yield listed("勾稽不符 checks that fail", map(check_line, failing(shown.checks)))
    if shown.leftovers:
        yield listed("未能归位 seen in the tables and not placed", leftover_lines(shown.leftovers))
    if shown.findings:
        yield listed("备注 noticed while reading", finding_lines(shown.findings))


def heading(shown: Shown) -> Iterator[Text]:
    """Whose report it is and how that is known."""
    report = shown.report
    yield fact("report", report["report_id"])
    for name in IDENTITY:
        yield fact(name, str(report[name] or "?"), why=shown.evidence.get(name, ""))
    yield fact("url", report["url"])
    read = f"{report['cells_read']} of {report['cells_expected']} cells, {report['status']}"
    yield fact("form", report["form"], why=read)
    yield fact("checks", f"{report['checks_passed']} pass, {report['checks_failed']} fail")
    if report["is_mirror"]:
        yield fact("mirror", "yes", why="restored from traditional characters with readings in brackets")


def fact(name: str, value: str, style: str = "", why: str = "") -> Text:
    return Text.assemble(f"{name:<{NAMES}}", (value, style), *([("  " + why, "dim")] if why else []))


def drawn(table: LaidOut, block: Block) -> Table:
    lines = Table(title=block.caption or None, title_justify="left", show_lines=False)
    lines.add_column("", max_width=40, overflow="fold")
    for column in block.columns:
        lines.add_column(column.label, justify="right", max_width=10, overflow="fold")
    for line in block.lines:
        if line.group and line.group_span:
            lines.add_row(Text(line.group, style="dim"))
        indent = INDENT * bool(line.group)
        lines.add_row(Padding(line.row.label, (0, 0, 0, indent)), *values(table, block.columns, line))
    return lines


def values(table: LaidOut, columns: Sequence[Column], line: Line) -> Iterator[Text]:
    for column, cell in zip(columns, line.cells, strict=True):
        if cell is None:
            yield Text(NOTHING, style="yellow")
        elif table.is_wrong(line.row.code, column.code):
            yield Text(printed(cell), style="bold red")
        else:
            yield Text(printed(cell), style="magenta" if cell["state"] == "text" else "")


def printed(cell: RowMapping) -> str:
    """The number, exactly; or the sign of the cell's state; or the words that stand there."""
    if cell["value"] is not None:
        return f"{cell['value']}"
    return STATES.get(cell["state"]) or str(cell["raw_text"])


def failing(checks: Sequence[RowMapping]) -> Iterator[RowMapping]:
    return (check for check in checks if not check["passed"])


def check_line(check: RowMapping) -> Text:
    printed = "no number" if check["actual"] is None else check["actual"]
    said = f"{check['rule']} {check['scope']}: the parts give {check['expected']}, printed is {printed}"
    return Text(said, style="red" if check["severity"] == "error" else "yellow")


def section_line(section: RowMapping) -> Text:
    begin = " ".join(section["text"].split())
    more = f" … ({len(begin)} characters)" if len(begin) > BEGIN else ""
    return Text.assemble((section["heading"], "bold"), " ", begin[:BEGIN], more)


def leftover_lines(leftovers: Sequence[RowMapping]) -> Iterator[Text]:
    """Kind by kind, each with its place."""
    for kind, those in groupby(leftovers, key=lambda left: str(left["kind"])):
        yield Text(f"{meaning(kind)}:")
        for left in those:
            yield Text.assemble("  ", left["text"], " ", (left["locator"], "dim"))


def finding_lines(findings: Sequence[RowMapping]) -> Iterator[Text]:
    """One line a kind, for a whole column may have the same."""
    counted = Counter(finding["code"] for finding in findings)
    for code, count in counted.items():
        texts = [finding["text"] for finding in findings if finding["code"] == code]
        more = f" … and {count - MOST_NAMED} more" if count > MOST_NAMED else ""
        yield Text(f"{meaning(code)}: {'; '.join(texts[:MOST_NAMED])}{more}")


def listed(title: str, lines: Iterator[Text]) -> Group:
    return Group(Text(f"\n{title}", style="bold"), *(Padding(line, (0, 0, 0, 2)) for line in lines))


@cache
def meanings() -> dict[str, str]:
    return load_toml("pipeline", "findings.toml")


def meaning(code: str) -> str:
    return meanings().get(code, code)


def print_source(source: Source) -> None:
    cell, capture = source.cell, source.capture
    unit = f" {cell['unit']}" if cell["value"] is not None else ""
    agrees = source.again == cell["raw_text"]
    facts = (
        fact("cell", f"{cell['table_code']}/{cell['row_code']}/{cell['col_code']} (form {cell['form']})"),
        fact("value", f"{printed(cell)}{unit} ({cell['state']})"),
        fact("as printed", repr(cell["raw_text"])),
        fact("read again", repr(source.again), "green" if agrees else "bold red"),
        fact("place", cell["locator"]),
        fact("url", capture["url"]),
        fact("fetched at", f"{capture['fetched_at']} (capture {capture['capture_id']})"),
        fact("sha256", capture["sha256"]),
        fact(
            "run", f"{capture['run_id']}, " + (f"sealed {source.seal}" if source.seal else "not sealed yet")
        ),
    )
    console = Console(soft_wrap=True)
    for each in facts:
        console.print(each)
