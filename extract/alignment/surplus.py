"""A column too many in lines of which only the order is known: a body's own subtotal (法人小计).

Where the header cannot say which value of a line is the one too many, arithmetic may, if over the whole table
only one reading is left: the surplus value is then the sum of some neighbours of it, the others add up as
the form says, and no other choice does as well.
"""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from extract.alignment.assign import Assignment
from extract.alignment.line import Line
from extract.document import Cell
from extract.forms.model import Equation, Form
from extract.values import read_value

NOTHING = Decimal(0)
MISPRINTS = 10  # one line in so many may have its sums wrong
Numbers = tuple[Decimal, ...]


def surplus_place(lines: Sequence[Line], form: Form, hinted: Collection[int] = ()) -> int | None:
    """Which value of each of a table's lines is the one too many, all having one; None where none can be."""
    columns = [column.code for column in lines[0].entry.row.columns]
    for equation in form.equations_of("row_total"):
        if equation.table == lines[0].table and {*equation.total, *equation.parts} <= set(columns):
            return surplus_column([line.values for line in lines], columns, equation, hinted)
    return None


def leave_out(line: Line, place: int) -> Assignment:
    """The line in the form's order, without the value at `place`."""
    return Assignment((*line.targets[:place], None, *line.targets[place:]))


def surplus_column(
    lines: Sequence[Sequence[Cell]], columns: Sequence[str], equation: Equation, hinted: Collection[int]
) -> int | None:
    """Which value of every line is the one too many, or None where that cannot be said for certain. `hinted`
    are the places where an unknown word of the header may stand; any where it has none.
    """
    table = [numbers for line in lines if (numbers := numbers_of(line)) is not None]
    total = columns.index(equation.total[0])
    parts = [columns.index(code) for code in equation.parts]
    allowed = len(table) // MISPRINTS
    found: dict[tuple[Numbers, ...], int] = {}
    for place, begin, end in choices(len(columns) + 1):
        if hinted and place not in hinted:
            continue
        broken = sum(not holds(numbers, place, begin, end, total, parts) for numbers in table)
        if broken <= allowed:
            found.setdefault(tuple(without(numbers, place) for numbers in table), place)
    return next(iter(found.values())) if len(found) == 1 else None


def choices(width: int) -> Iterator[tuple[int, int, int]]:
    """A place for the surplus value, and at least two values in a row that end before it or begin after."""
    for place in range(width):
        yield from ((place, begin, place) for begin in range(place - 1))
        yield from ((place, place + 1, end) for end in range(place + 3, width + 1))


def holds(numbers: Numbers, place: int, begin: int, end: int, total: int, parts: Sequence[int]) -> bool:
    rest = without(numbers, place)
    adds_up = rest[total] == sum((rest[part] for part in parts), NOTHING)
    return adds_up and numbers[place] == sum(numbers[begin:end], NOTHING)


def without(numbers: Numbers, place: int) -> Numbers:
    return numbers[:place] + numbers[place + 1 :]


def numbers_of(line: Sequence[Cell]) -> Numbers | None:
    """Blank and dash count as nothing; None where a cell holds words."""
    values = [read_value(cell.text) for cell in line]
    if any(value.state == "text" for value in values):
        return None
    return tuple(value.number or NOTHING for value in values)
