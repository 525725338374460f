"""What goes wrong with the words and figures of reports, each a function from a paper to a paper.

Every one has been seen on a real page. A defect never changes what is true, only how it is printed: the
truth of a paper is what its tables still show.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from random import Random

from benchmarks.corpus.paper import Block, Paper
from samples.figures import Figures as Drawn
from samples.figures import Printed, misprint
from samples.forms import Code, Layout, Slot

Defect = Callable[[Paper, Random], Paper]
Row = tuple[Slot, ...]

FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
ZEROS = {"": "blank", "/": "dash", "-": "dash", "—": "dash", "无": "not_applicable", "不填": "not_applicable"}
LOOK_ALIKES = "利够杜发申伴情子撑末巳干"
INDICATORS_OF_MONEY = frozenset({"fees.amount", "capacity.budget"})


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


def is_money(code: Code) -> bool:
    return code[2] == "amount" or code[1] in INDICATORS_OF_MONEY


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
        if printed.state != "number" or is_money(code) or code[2] == "items_change":
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
        is_noted = code[0] in {"disclosure", "statistics"} and not is_money(code)
        if not is_noted or printed.state != "number" or random.random() < 0.5:
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
    """The page's own header, or the unit beside the figure, says 元, and the figures are in 元."""

    def change(code: Code, printed: Printed) -> Printed:
        is_fee = is_money(code) and code[1] != "procurement"
        return replace(printed, text=f"{printed.value * 10000:.0f}") if is_fee and printed.value else printed

    if paper.form == "2019":
        return paper
    return prints(slots(paper, lambda slot: replace(slot, text=in_yuan(slot.text))), change)


def in_yuan(text: str) -> str:
    return "元" if text == "万元" else text.replace("单位：万元", "单位：元")
