"""The codebook of a release: what each official cell is, and how it fares in the chosen reports.

What a form says of its cells comes from whoever knows the forms; the counts come from the database.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from storage.export.cells import FormAddress, said_by_report
from storage.export.quality import Accuracy
from storage.export.selection import PIECE, Row, Tell, view
from storage.meanings import Column, Meaning, load_meanings

NOT_READ = (None, "")  # value and state of a cell that is not there
COUNTED = ("reports", "numbers", "blanks", "checks_held", "checks_failed")  # what no form tells
Line = tuple[str, str, str]  # form, rule and scope of checks


@dataclass(frozen=True, slots=True)
class CodebookEntry:
    """A cell of a form: `told` are the columns of `codebook` that its form tells, `column` its own where a
    report is one row, `checks` the rules that it has a part in, with the scope they are told under.
    """

    address: FormAddress
    column: Column
    checks: tuple[tuple[str, str], ...]
    told: Row

    @property
    def form(self) -> str:
        return self.address[0]


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A line of the measure dictionary."""

    measure: str
    kind: str
    zh: str
    en: str
    formula: str
    note: str


@dataclass(frozen=True, slots=True)
class Dictionary:
    """What the forms say, their cells in order; how exactly the extractor reads them; what the codes of its
    findings and leftovers mean.
    """

    cells: tuple[CodebookEntry, ...]
    measures: tuple[MeasureRow, ...]
    accuracy: Accuracy
    codes: Mapping[str, str]

    def forms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(cell.form for cell in self.cells))


def told_columns() -> tuple[str, ...]:
    """The columns of `codebook` that a form tells, in their order."""
    return tuple(name for name in load_meanings()["codebook"].names if name not in COUNTED)


def codebook_rows(
    connection: Connection, cells: Sequence[CodebookEntry], reports: Sequence[str], tell: Tell
) -> Iterator[Row]:
    read, held = count(connection, reports, tell)
    for cell in cells:
        lines: list[Line] = [(cell.form, rule, scope) for rule, scope in cell.checks]
        states = [read[(*cell.address, state)] for state in (None, "number", "blank")]
        checks = [sum(held[(*line, failed)] for line in lines) for failed in (None, 0)]
        yield (*cell.told, *states, *checks)


def count(connection: Connection, reports: Sequence[str], tell: Tell) -> tuple[Counter[Any], Counter[Any]]:
    """Cells by address and state, checks by line and outcome; None in place of the last stands for all."""
    read: Counter[Any] = Counter()
    held: Counter[Any] = Counter()
    checks, stand = (view(load_meanings()[name]) for name in ("checks", "reports"))
    line = [stand.c.form, *checks.c["rule", "scope", "passed"]]
    with_form = checks.join(stand, stand.c.report_id == checks.c.report_id)
    for start in range(0, len(reports), PIECE):
        piece = reports[start : start + PIECE]
        for cells in said_by_report(connection, piece).values():
            tally(read, ((*address, state, 1) for address, (_, state) in cells.items()))
        outcomes = select(*line, func.count()).select_from(with_form).where(checks.c.report_id.in_(piece))
        tally(held, connection.execute(outcomes.group_by(*line)))
        tell("codebook", start + len(piece), len(reports))
    return read, held


def tally(counts: Counter[Any], rows: Any) -> None:
    for *key, number in rows:
        counts[tuple(key)] += number
        counts[(*key[:-1], None)] += number


def wide_meaning(form: str, cells: Sequence[CodebookEntry]) -> Meaning:
    """The table with one row for each report of a form, and one column for each of its cells."""
    reports = load_meanings()["reports"]
    whose = [each for each in reports.columns if each.name in WHOSE]
    return Meaning(
        f"form_{form}",
        f"{form} 年表式：每份报告一行，每个数据格一列；空白、横线与未读出的格为空，其别见 cells.state",
        f"Form {form}: a row for each report, a column for each cell. Null where no number is printed or the"
        " cell was not read; cells.state tells which",
        (*whose, *(cell.column for cell in cells)),
        ("report_id",),
        tuple(each for each in load_meanings()["cells"].refers if each.table == "reports"),
    )


WHOSE = ("report_id", "publisher", "region_code", "level", "year", "published_on", "status")


def wide_rows(
    connection: Connection, form: str, cells: Sequence[CodebookEntry], reports: Sequence[str], tell: Tell
) -> Iterator[Row]:
    stand = view(load_meanings()["reports"])
    for start in range(0, len(reports), PIECE):
        piece = reports[start : start + PIECE]
        of_form = (stand.c.form == form) & stand.c.report_id.in_(piece)
        whose = sorted(map(tuple, connection.execute(select(*stand.c[WHOSE]).where(of_form))))
        said = said_by_report(connection, [row[0] for row in whose])
        for row in whose:
            here = said.get(row[0], {})
            yield (*row, *(here.get(cell.address, NOT_READ)[0] for cell in cells))
        tell(f"form {form}", start + len(piece), len(reports))
