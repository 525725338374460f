"""What happens to lists of indicators: the table of 2014, and the tables that bodies made for themselves."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from benchmarks.corpus.defects import Row, is_values, table
from benchmarks.corpus.paper import Paper
from samples.forms import Layout, Slot

FOOTER = ("单位负责人：张三", "审核人：李四", "填报人：王五")


def listed(paper: Paper, change: Callable[[Layout], tuple[Layout, ...]]) -> Paper:
    return table(paper, "statistics" if paper.form == "2014" else "local", change)


def torn(paper: Paper, random: Random) -> Paper:
    """Over a page break, with its heads again."""

    def tear(layout: Layout) -> tuple[Layout, ...]:
        at = break_of(layout, random)
        return layout[:at], (layout[0], *layout[at:])

    return listed(paper, tear)


def cut_in_two(paper: Paper, random: Random) -> Paper:
    """Over a page break, without heads."""

    def cut(layout: Layout) -> tuple[Layout, ...]:
        at = break_of(layout, random)
        return layout[:at], layout[at:]

    return listed(paper, cut)


def break_of(layout: Layout, random: Random) -> int:
    """A row over which no cell reaches, away from head and foot where the list is long enough."""
    ends = [max((number + slot.row_span for slot in row), default=0) for number, row in enumerate(layout)]
    free = [at for at in range(1, len(layout)) if max(ends[:at]) <= at]
    inner = [at for at in free if 3 <= at < len(layout) - 2]
    return random.choice(inner or free)


def row_left_out(paper: Paper, random: Random) -> Paper:
    def without(layout: Layout) -> tuple[Layout, ...]:
        at = random.choice(plain_rows(layout))
        return (tuple(row for number, row in enumerate(shortened_over(layout, at)) if number != at),)

    return listed(paper, without)


def plain_rows(layout: Layout) -> list[int]:
    """Rows of figures that no spanning cell begins in."""
    return [n for n, row in enumerate(layout) if is_values(row) and all(slot.row_span == 1 for slot in row)]


def shortened_over(layout: Layout, at: int) -> Layout:
    """Cells that reach over row `at` are one row shorter."""
    return tuple(
        tuple(replace(slot, row_span=slot.row_span - (number + slot.row_span > at > number)) for slot in row)
        for number, row in enumerate(layout)
    )


def row_added(paper: Paper, random: Random) -> Paper:
    """An office counts something of its own."""
    row = (Slot("其中：网络问政答复数"), Slot("件"), Slot(str(random.randint(0, 9))))
    return listed(paper, lambda layout: ((*layout[:5], row, *layout[5:]),))


def value_left_out(paper: Paper, random: Random) -> Paper:
    """A line without its last cell."""

    def without(layout: Layout) -> tuple[Layout, ...]:
        at = random.choice(plain_rows(layout))
        return ((*layout[:at], layout[at][:-1], *layout[at + 1 :]),)

    shorter = listed(paper, without)
    return replace(shorter, cut=tuple(set(paper.codes()) - set(shorter.codes())))


def subordinate_columns(paper: Paper, random: Random) -> Paper:
    """Beside the sum, what the departments and the townships have."""

    def widened(row: Row) -> Row:
        if not is_values(row):
            return (*row, Slot(), Slot())
        return (*row, Slot(str(random.randint(0, 90))), Slot(str(random.randint(0, 90))))

    def with_columns(layout: Layout) -> tuple[Layout, ...]:
        heads = (*layout[0][:2], Slot("合计"), Slot("区直单位统计数"), Slot("乡镇街道统计数"))
        return ((heads, *map(widened, layout[1:])),)

    return listed(paper, with_columns)


def units_in_labels(paper: Paper, _random: Random) -> Paper:
    """No column of units: they stand behind the labels."""

    def joined(row: Row) -> Row:
        unit = f"（单位：{row[1].text}）" if is_values(row) else ""
        return (replace(row[0], text=row[0].text + unit), *row[2:])

    return listed(paper, lambda layout: (tuple(map(joined, layout)),))


def wide_captions(paper: Paper, _random: Random) -> Paper:
    """A caption is one cell over the whole width."""

    def widened(row: Row) -> Row:
        is_caption = not row[-1].text and not is_values(row)
        return (replace(row[0], column_span=len(row)),) if is_caption else row

    return listed(paper, lambda layout: (tuple(map(widened, layout)),))


def signed(paper: Paper, _random: Random) -> Paper:
    """Who filled it in, as the last line of the table."""

    def with_footer(layout: Layout) -> tuple[Layout, ...]:
        width = sum(slot.column_span for slot in layout[0])
        cells = (*map(Slot, FOOTER[:-1]), Slot(FOOTER[-1], column_span=width - len(FOOTER) + 1))
        return ((*layout, cells),)

    return listed(paper, with_footer)


def remark(paper: Paper, _random: Random) -> Paper:
    """A line of words under the figures, in the table."""

    def with_remark(layout: Layout) -> tuple[Layout, ...]:
        width = sum(slot.column_span for slot in layout[0])
        return ((*layout, (Slot("注：2件申请为同一申请人于12月提出。", column_span=width),)),)

    return listed(paper, with_remark)
