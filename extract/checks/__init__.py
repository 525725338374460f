"""The rules a report's numbers are held against. Each file is one rule: form, cells and prose → checks."""

from collections.abc import Callable, Iterator, Sequence

from extract.checks.at_most import at_most
from extract.checks.balance import balance
from extract.checks.column_total import column_total
from extract.checks.indicator_total import indicator_total
from extract.checks.proceedings_total import proceedings_total
from extract.checks.row_total import row_total
from extract.checks.stated_answered import stated_answered
from extract.checks.stated_carried_out import stated_carried_out
from extract.checks.stated_lawsuits import stated_lawsuits
from extract.checks.stated_received import stated_received
from extract.checks.stated_reconsiderations import stated_reconsiderations
from extract.checks.sums import Cells
from extract.checks.whole_number import whole_number
from extract.forms.model import Form
from extract.result import Check, ReadCell, Section
from extract.words import squeeze

Rule = Callable[[Form, Cells], Iterator[Check]]
ProseRule = Callable[[Form, Cells, str], Iterator[Check]]

CHECKS: tuple[Rule, ...] = (
    row_total,
    column_total,
    balance,
    proceedings_total,
    indicator_total,
    at_most,
    whole_number,
)


PROSE_CHECKS: tuple[ProseRule, ...] = (
    stated_received,
    stated_answered,
    stated_carried_out,
    stated_reconsiderations,
    stated_lawsuits,
)


def check(form: Form, cells: Sequence[ReadCell], sections: Sequence[Section] = ()) -> tuple[Check, ...]:
    """Every rule over the cells and the prose of one report, in the order of CHECKS and PROSE_CHECKS."""
    prose = squeeze("\n".join(section.text for section in sections).replace("\n", "。"))
    legible = {(cell.table, cell.row, cell.column): cell for cell in cells if cell.state != "text"}
    by_tables = (result for rule in CHECKS for result in rule(form, legible))
    by_prose = (result for rule in PROSE_CHECKS for result in rule(form, legible, prose))
    return (*by_tables, *by_prose)
