"""What goes wrong with reports before they are published, each a function from a paper to a paper.

Every one has been seen on a real page. A defect never changes what is true, only how it is printed: the
truth of a paper is what its tables still show.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from random import Random

from benchmarks.corpus.paper import Block, Paper
from samples.figures import Figures as Drawn
from samples.figures import Printed, misprint
from samples.forms import Code, Layout, Slot, load_form, request_figures, retyped_requests, torn_requests

Defect = Callable[[Paper, Random], Paper]
Row = tuple[Slot, ...]

FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
ZEROS = {"": "blank", "/": "dash", "-": "dash", "—": "dash", "无": "not_applicable", "不填": "not_applicable"}
LOOK_ALIKES = "利够杜发申伴情子撑末巳干"
REDRAWN = frozenset({"torn, heads again", "retyped"})
PAGE_BREAK = "cut in two, no heads"
HEADER_ROWS = 3


def table(paper: Paper, name: str, change: Callable[[Layout], tuple[Layout, ...]]) -> Paper:
    """The paper with one of its tables drawn otherwise."""

    def changed(block: Block) -> tuple[Block, ...]:
        is_it = not isinstance(block, str) and any(
            slot.code and slot.code[0] == name for slot in chain(*block)
        )
        return change(block) if is_it and not isinstance(block, str) else (block,)

    return replace(paper, blocks=tuple(chain.from_iterable(map(changed, paper.blocks))))


def slots(paper: Paper, change: Callable[[Slot], Slot]) -> Paper:
    return replace(
        paper,
        blocks=tuple(
            block if isinstance(block, str) else tuple(tuple(map(change, row)) for row in block)
            for block in paper.blocks
        ),
    )


def prints(paper: Paper, change: Callable[[Code, Printed], Printed]) -> Paper:
    return replace(paper, printed={code: change(code, printed) for code, printed in paper.printed.items()})


def is_values(row: Row) -> bool:
    return any(slot.code for slot in row)


def clean(paper: Paper, _random: Random) -> Paper:
    return paper


def zeros(paper: Paper, random: Random) -> Paper:
    """A zero is left out, or printed as the office is used to."""
    text = random.choice(list(ZEROS))

    def change(code: Code, printed: Printed) -> Printed:
        is_total = "total" in code[1] + code[2]
        return printed if printed.value or is_total else Printed(text, None, ZEROS[text])

    return prints(paper, change)


def dressed_figures(paper: Paper, random: Random) -> Paper:
    """Full-width digits, separators, the unit in the cell."""

    def change(code: Code, printed: Printed) -> Printed:
        if printed.state != "number" or code[2] in {"amount", "items_change"}:
            return printed
        text = random.choice(
            (
                printed.text,
                printed.text.translate(FULL_WIDTH),
                f"{printed.value:,}",
                f"{printed.text}件",
                f" {printed.text} ",
            )
        )
        return replace(printed, text=text)

    return prints(paper, change)


def signs(paper: Paper, random: Random) -> Paper:
    """Changes as words: 增15, 减4."""
    more, less = random.choice((("增", "减"), ("+", "-"), ("增加", "减少"), ("＋", "－")))

    def change(code: Code, printed: Printed) -> Printed:
        if code[2] != "items_change" or not printed.value:
            return printed
        return replace(printed, text=f"{more if printed.value > 0 else less}{abs(printed.value)}")

    return prints(paper, change)


def notes(paper: Paper, random: Random) -> Paper:
    """22（其中修订 16 件）"""

    def change(code: Code, printed: Printed) -> Printed:
        if code[0] != "disclosure" or code[2] == "amount" or random.random() < 0.5:
            return printed
        return replace(printed, text=f"{printed.text}（其中修订 {random.randint(1, 20)} 件）")

    return prints(paper, change)


def wrong_total(paper: Paper, random: Random) -> Paper:
    totals = [code for code in paper.codes() if "total" in code[1] + code[2] and code[0] != "disclosure"]
    return replace(paper, printed=misprint(Drawn(paper.form, paper.printed), random.choice(totals)).cells)


def spaced_headers(paper: Paper, _random: Random) -> Paper:
    return slots(paper, lambda slot: replace(slot, text=" ".join(slot.text)) if len(slot.text) < 8 else slot)


def cut_headers(paper: Paper, random: Random) -> Paper:
    """The last letters of narrow headers are lost: 尚未审结 → 尚未."""

    def cut(slot: Slot) -> Slot:
        is_narrow = slot.column_span == 1 and 4 <= len(slot.text) <= 6 and slot.text[0] not in "信（"
        return replace(slot, text=slot.text[:-2]) if is_narrow and random.random() < 0.5 else slot

    def with_cut(layout: Layout) -> Layout:
        return tuple(row if is_values(row) else tuple(map(cut, row)) for row in layout)

    return replace(
        paper,
        blocks=tuple(block if isinstance(block, str) else with_cut(block) for block in paper.blocks),
    )


def misspelt(paper: Paper, random: Random) -> Paper:
    """One letter of a label is another."""

    def misspell(slot: Slot) -> Slot:
        if len(slot.text) < 4 or random.random() < 0.7:
            return slot
        at = random.randrange(2, len(slot.text))
        return replace(slot, text=slot.text[:at] + random.choice(LOOK_ALIKES) + slot.text[at + 1 :])

    return slots(paper, misspell)


def two_at_once(paper: Paper, random: Random) -> Paper:
    """Any two of the others. Those that draw a table anew go first, the page break comes last."""
    first, second = sorted(random.sample(list(DEFECTS), 2), key=turn)
    return DEFECTS[second](DEFECTS[first](paper, random), random)


def turn(name: str) -> int:
    return 0 if name in REDRAWN else 2 if name == PAGE_BREAK else 1


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

    return table(paper, "requests", without)


def remark(paper: Paper, _random: Random) -> Paper:
    """A line of words under the figures, in the table."""
    return table(
        paper,
        "requests",
        lambda layout: ((*layout, (Slot("注：2件申请为同一申请人于12月提出。", column_span=10),)),),
    )


def foreign_table(paper: Paper, random: Random) -> Paper:
    """A table of the office's own, with words that the form has, too."""
    numbers = [str(random.randint(1, 90)) for _ in range(4)]
    own: Layout = (
        tuple(Slot(text) for text in ("培训场次", "参加人数", "其他", "总计")),
        tuple(map(Slot, numbers)),
    )
    at = paper.blocks.index("二、主动公开政府信息情况")
    return replace(paper, blocks=(*paper.blocks[:at], own, *paper.blocks[at:]))


def fee_in_yuan(paper: Paper, _random: Random) -> Paper:
    """The page's own header says 元, and the figures are in 元."""

    def change(code: Code, printed: Printed) -> Printed:
        is_fee = code[1:] == ("fees", "amount") and printed.value is not None
        return replace(printed, text=f"{printed.value * 10000:.0f}") if is_fee and printed.value else printed

    paper = slots(paper, lambda slot: replace(slot, text=slot.text.replace("单位：万元", "单位：元")))
    return prints(paper, change) if paper.form == "2021" else paper


DEFECTS: dict[str, Defect] = {
    "none": clean,
    "zeros otherwise": zeros,
    "dressed figures": dressed_figures,
    "signs in words": signs,
    "notes behind figures": notes,
    "wrong total": wrong_total,
    "spaced headers": spaced_headers,
    "cut headers": cut_headers,
    "misspelt labels": misspelt,
    "header left out": header_left_out,
    "headers merged": headers_merged,
    "torn, heads again": torn,
    PAGE_BREAK: cut_in_two,
    "row left out": row_left_out,
    "row added": row_added,
    "subtotal column": subtotal,
    "rowspan overruns": rowspan_overruns,
    "colspans disagree": colspans_disagree,
    "retyped": retyped,
    "hybrid": hybrid,
    "rows swapped": rows_swapped,
    "value left out": value_left_out,
    "remark in table": remark,
    "foreign table": foreign_table,
    "fee in 元": fee_in_yuan,
}

DEFECTS_AND_PAIRS = {**DEFECTS, "two at once": two_at_once}
