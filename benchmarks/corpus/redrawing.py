"""What happens to the table of requests before it is published: drawn otherwise, torn, with cells too few."""

from dataclasses import replace
from decimal import Decimal
from random import Random

from benchmarks.corpus.defects import Row, is_values, slots, table
from benchmarks.corpus.paper import Paper
from samples.figures import Printed
from samples.forms import Layout, Slot, load_form, request_figures, retyped_requests, torn_requests

HEADER_ROWS = 3


def header_left_out(paper: Paper, _random: Random) -> Paper:
    """The first kind of applicant is not there: seen where a page's own template lost it."""

    def without(layout: Layout) -> tuple[Layout, ...]:
        return (tuple(tuple(slot for slot in row if slot.text != "自然人") for row in layout),)

    return table(paper, "requests", without)


def headers_merged(paper: Paper, random: Random) -> Paper:
    """Two neighbours in one cell."""

    def merge(layout: Layout) -> tuple[Layout, ...]:
        heads = list(layout[2])
        at = random.randrange(len(heads) - 1)
        heads[at : at + 2] = [Slot(heads[at].text + heads[at + 1].text, column_span=2)]
        return ((*layout[:2], tuple(heads), *layout[3:]),)

    return table(paper, "requests", merge)


def torn(paper: Paper, _random: Random) -> Paper:
    """Over a page break, with its heads again."""
    return table(paper, "requests", lambda _: torn_requests(load_form(paper.form)))


def cut_in_two(paper: Paper, random: Random) -> Paper:
    """Over a page break, without heads; the labels that span the break stand again, in part or not at all."""

    def cut(layout: Layout) -> tuple[Layout, ...]:
        at = random.randrange(HEADER_ROWS + 1, len(layout) - 1)
        first, open_slots = cut_above(layout, at)
        again = random.choice(("whole", "blank"))
        heads = tuple(replace(slot, text=slot.text if again == "whole" else "") for slot in open_slots)
        return first, ((*heads, *layout[at]), *layout[at + 1 :])

    return table(paper, "requests", cut)


def cut_above(layout: Layout, at: int) -> tuple[Layout, Row]:
    """The rows before `at` with no cell reaching over it, and the rest of the cells that did."""
    first: list[Row] = []
    rest: list[Slot] = []
    for number, row in enumerate(layout[:at]):
        over = [number + slot.row_span - at for slot in row]
        rest += [replace(slot, row_span=left) for slot, left in zip(row, over, strict=True) if left > 0]
        first.append(
            tuple(
                replace(slot, row_span=slot.row_span - max(left, 0))
                for slot, left in zip(row, over, strict=True)
            )
        )
    return tuple(first), tuple(rest)


def row_left_out(paper: Paper, random: Random) -> Paper:
    def without(layout: Layout) -> tuple[Layout, ...]:
        numbered = [number for number, row in enumerate(layout) if row[0].text[:1] in "2345678"]
        at = random.choice(numbered)
        return ((*shortened_over(layout, at)[:at], *layout[at + 1 :]),)

    return table(paper, "requests", without)


def shortened_over(layout: Layout, at: int) -> Layout:
    """Cells that reach over row `at` are one row shorter."""
    return tuple(
        tuple(
            replace(slot, row_span=slot.row_span - 1) if number + slot.row_span > at else slot for slot in row
        )
        for number, row in enumerate(layout[:at])
    )


def row_added(paper: Paper, random: Random) -> Paper:
    """An office counts something of its own."""

    def with_row(layout: Layout) -> tuple[Layout, ...]:
        values = tuple(Slot(str(random.randint(0, 3))) for _ in range(7))
        row = (Slot("其中：网上申请", column_span=3), *values)
        return ((*layout[: HEADER_ROWS + 1], row, *layout[HEADER_ROWS + 1 :]),)

    return table(paper, "requests", with_row)


def subtotal(paper: Paper, _random: Random) -> Paper:
    """A column 小计 behind the organisations: eight values a row."""

    def with_column(layout: Layout) -> tuple[Layout, ...]:
        top, second, third = layout[:HEADER_ROWS]
        heads = (
            (top[0], replace(top[1], column_span=8)),
            tuple(replace(slot, column_span=6) if slot.column_span == 5 else slot for slot in second),
            (*third, Slot("小计")),
        )
        return ((*heads, *(added(row) for row in layout[HEADER_ROWS:])),)

    def added(row: Row) -> Row:
        parts = [paper.printed[slot.code].value or Decimal(0) for slot in row[-6:-1] if slot.code]
        return (*row[:-1], Slot(str(sum(parts))), row[-1])

    return table(paper, "requests", with_column)


def rowspan_overruns(paper: Paper, random: Random) -> Paper:
    """三、本年度办理结果 reaches over what follows it, which HTML then moves to the right."""
    beyond = random.randint(1, 3)
    return slots(
        paper,
        lambda slot: replace(slot, row_span=slot.row_span + beyond) if slot.text.startswith("三、") else slot,
    )


def colspans_disagree(paper: Paper, random: Random) -> Paper:
    def change(slot: Slot) -> Slot:
        is_wide = slot.column_span > 3 and not slot.code
        return replace(slot, column_span=slot.column_span + random.choice((-1, 1, 2))) if is_wide else slot

    return slots(paper, change)


def retyped(paper: Paper, _random: Random) -> Paper:
    return table(paper, "requests", lambda _: (retyped_requests(load_form(paper.form)),))


def hybrid(paper: Paper, _random: Random) -> Paper:
    """（六）其他处理 as one row in a report of the later form."""
    single = [("requests", "other", slot.code[2]) for slot in request_figures("other") if slot.code]
    sums = {code: three_in_one(paper, code[2]) for code in single}
    if paper.form != "2021":
        return paper

    def in_one(layout: Layout) -> tuple[Layout, ...]:
        rows = [row for row in layout if not any(is_part_of_other(slot) for slot in row)]
        row = (Slot("（六）其他处理", column_span=2), *request_figures("other"))
        shorter = [tuple(shortened(slot) for slot in row) for row in rows]
        return ((*shorter[:-2], row, *shorter[-2:]),)

    return table(replace(paper, printed={**paper.printed, **sums}), "requests", in_one)


def is_part_of_other(slot: Slot) -> bool:
    return bool(slot.code and slot.code[1].startswith("other."))


def shortened(slot: Slot) -> Slot:
    return replace(slot, row_span=slot.row_span - 2) if slot.text.startswith("三、") else slot


def three_in_one(paper: Paper, column: str) -> Printed:
    parts = [
        printed.value or Decimal(0)
        for (_, row, col), printed in paper.printed.items()
        if col == column and row.startswith("other.")
    ]
    return Printed(str(sum(parts, Decimal(0))), sum(parts, Decimal(0)))


def rows_swapped(paper: Paper, random: Random) -> Paper:
    """Two rows have changed places, with their values."""

    def swap(layout: Layout) -> tuple[Layout, ...]:
        rows = list(layout)
        plain = [
            n
            for n, row in enumerate(rows)
            if row[0].text[:1] in "23456" and rows[n + 1][0].text[:1].isdigit()
        ]
        at = random.choice(plain)
        rows[at], rows[at + 1] = rows[at + 1], rows[at]
        return (tuple(rows),)

    return table(paper, "requests", swap)


def value_left_out(paper: Paper, random: Random) -> Paper:
    """A row with a cell too few: nobody can tell which."""

    def without(layout: Layout) -> tuple[Layout, ...]:
        at = random.choice([number for number, row in enumerate(layout) if is_values(row)])
        drop = random.randrange(len(layout[at]) - 7, len(layout[at]))
        row = tuple(slot for number, slot in enumerate(layout[at]) if number != drop)
        return ((*layout[:at], row, *layout[at + 1 :]),)

    shorter = table(paper, "requests", without)
    dropped = set(paper.codes()) - set(shorter.codes())
    return replace(shorter, cut=tuple(code for code in dropped if code[2] == "total"))


def remark(paper: Paper, _random: Random) -> Paper:
    """A line of words under the figures, in the table."""
    return table(
        paper,
        "requests",
        lambda layout: ((*layout, (Slot("注：2件申请为同一申请人于12月提出。", column_span=10),)),),
    )
