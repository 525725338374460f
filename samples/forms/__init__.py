"""The official tables as they are drawn: headings, spans and the place of every figure.

Facts of a form that differ between years are in `<form>.toml`; what both share stands here.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

Code = tuple[str, str, str]  # table, row, column: the words of the contract's `cells`
Labels = tuple[tuple[str, str], ...]  # code and printed label

CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
ORGANISATIONS: Labels = (
    ("enterprise", "商业企业"),
    ("research_institute", "科研机构"),
    ("social_organization", "社会公益组织"),
    ("legal_service", "法律服务机构"),
    ("other_organization", "其他"),
)
APPLICANTS = ("natural", *(code for code, _ in ORGANISATIONS))
OUTCOMES: Labels = (
    ("upheld", "结果维持"),
    ("corrected", "结果纠正"),
    ("other", "其他结果"),
    ("pending", "尚未审结"),
)
PROCEEDINGS: Labels = (
    ("reconsideration", "行政复议"),
    ("litigation_direct", "未经复议直接起诉"),
    ("litigation_after_reconsideration", "复议后起诉"),
)


@dataclass(frozen=True, slots=True)
class Slot:
    """One drawn cell: a heading (`text`) or a figure (`code`)."""

    text: str = ""
    code: Code | None = None
    row_span: int = 1
    column_span: int = 1


Layout = tuple[tuple[Slot, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows under one title; `columns` is empty where the table has its columns from its head."""

    title: str
    rows: Labels
    columns: Labels = ()


@dataclass(frozen=True, slots=True)
class Form:
    name: str
    disclosure: tuple[Block, ...]
    results: tuple[Block, ...]

    def result_rows(self) -> tuple[str, ...]:
        """Rows that （七）总计 adds up."""
        return tuple(code for block in self.results for code, _ in block.rows)

    def codes(self) -> Iterator[Code]:
        """Every figure of the form, in printed order."""
        for layout in (disclosure(self), requests(self), proceedings()):
            yield from (slot.code for row in layout for slot in row if slot.code)


@cache
def load_form(name: str) -> Form:
    data = tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))
    return Form(
        name=name,
        disclosure=tuple(block(table) for table in data["disclosure"]),
        results=tuple(block(table) for table in data["results"]),
    )


def block(table: dict[str, list[list[str]]]) -> Block:
    return Block(str(table.get("title", "")), labels(table["rows"]), labels(table.get("columns", [])))


def labels(pairs: list[list[str]]) -> Labels:
    return tuple((code, label) for code, label in pairs)


def disclosure(form: Form) -> Layout:
    """Table two: four columns wide, one block under the other."""
    return tuple(row for block in form.disclosure for row in disclosure_block(block))


def disclosure_block(block: Block) -> Iterator[tuple[Slot, ...]]:
    yield (Slot(block.title, column_span=4),)
    widths = [1] * (len(block.columns) - 1) + [4 - len(block.columns)]
    heads = (Slot(label, column_span=width) for (_, label), width in zip(block.columns, widths, strict=True))
    yield (Slot("信息内容"), *heads)
    for row, label in block.rows:
        codes = (("disclosure", row, column) for column, _ in block.columns)
        figures = (Slot(code=code, column_span=width) for code, width in zip(codes, widths, strict=True))
        yield (Slot(label), *figures)


def requests(form: Form) -> Layout:
    """Table three: three columns of labels, seven of figures, three lines of heads."""
    return (*request_heads(), *request_opening(), *stubbed(result_lines(form)), request_ending())


def torn_requests(form: Form) -> tuple[Layout, Layout]:
    """Table three as Word leaves it over a page break: the heads again, and the spanning label with them."""
    lines = result_lines(form)
    tear = next(number for number, line in enumerate(lines) if line[0].text.startswith("（四）"))
    return (
        (*request_heads(), *request_opening(), *stubbed(lines[:tear])),
        (*request_heads(), *stubbed(lines[tear:]), request_ending()),
    )


def retyped_requests(form: Form) -> Layout:
    """Table three typed anew: each group's name stands on its first row's label, brackets are half-width."""
    return tuple(tuple(retyped(slot) for slot in row) for row in merged_groups(requests(form)))


def merged_groups(layout: Layout) -> Iterator[tuple[Slot, ...]]:
    """Leave no cell that spans the rows of a group, and let the labels take its column."""
    for row in layout:
        group, label = (row[0].text, row[1:]) if is_group(row[0]) else ("", row)
        yield tuple(
            replace(slot, text=group + slot.text, column_span=2) if is_numbered(slot) else slot
            for slot in label
        )


def is_group(slot: Slot) -> bool:
    return slot.row_span > slot.column_span and slot.text.startswith("（")


def is_numbered(slot: Slot) -> bool:
    return slot.text[:1].isdigit()


def retyped(slot: Slot) -> Slot:
    return replace(slot, text=slot.text.translate(str.maketrans("（）“”：，", '()"":,')))


def request_heads() -> Layout:
    return (
        (Slot(CORNER, row_span=3, column_span=3), Slot("申请人情况", column_span=7)),
        (Slot("自然人", row_span=2), Slot("法人或其他组织", column_span=5), Slot("总计", row_span=2)),
        tuple(Slot(label) for _, label in ORGANISATIONS),
    )


def request_opening() -> Layout:
    return (
        (Slot("一、本年新收政府信息公开申请数量", column_span=3), *request_figures("received")),
        (Slot("二、上年结转政府信息公开申请数量", column_span=3), *request_figures("carried_in")),
    )


def request_ending() -> tuple[Slot, ...]:
    return (Slot("四、结转下年度继续办理", column_span=3), *request_figures("carried_out"))


def stubbed(lines: Layout) -> Layout:
    """Put the label that spans all results before them."""
    return ((Slot("三、本年度办理结果", row_span=len(lines)), *lines[0]), *lines[1:])


def result_lines(form: Form) -> Layout:
    """（一） to （七）, without the label that spans them all."""
    lines = [line for block in form.results for line in block_lines(block)]
    return (*lines, (Slot("（七）总计", column_span=2), *request_figures("handled_total")))


def block_lines(block: Block) -> Iterator[tuple[Slot, ...]]:
    for number, (row, label) in enumerate(block.rows):
        group = (Slot(block.title, row_span=len(block.rows)),) if block.title and number == 0 else ()
        yield (*group, Slot(label, column_span=1 if block.title else 2), *request_figures(row))


def request_figures(row: str) -> tuple[Slot, ...]:
    return tuple(Slot(code=("requests", row, column)) for column in (*APPLICANTS, "total"))


def proceedings() -> Layout:
    """Table four: one line of fifteen figures under two or three lines of heads."""
    columns = (*OUTCOMES, ("total", "总计"))
    reconsideration = tuple(Slot(label, row_span=2) for _, label in columns)
    litigation = tuple(Slot(label, column_span=5) for _, label in PROCEEDINGS[1:])
    return (
        (Slot("行政复议", column_span=5), Slot("行政诉讼", column_span=10)),
        (*reconsideration, *litigation),
        tuple(Slot(label) for _, label in columns * 2),
        tuple(Slot(code=("proceedings", row, column)) for row, _ in PROCEEDINGS for column, _ in columns),
    )
