"""The defects by the name they are counted under, for each form those that its tables can have.

Every one has been seen on a real page.
"""

from collections.abc import Mapping
from random import Random

from benchmarks.corpus import defects, indicators, redrawing
from benchmarks.corpus.defects import Defect
from benchmarks.corpus.paper import Paper

PAIR = "two at once"
REDRAWN = frozenset({"torn, heads again", "retyped"})
PAGE_BREAK = "cut in two, no heads"

ANNUAL: dict[str, Defect] = {
    "none": defects.clean,
    "zeros otherwise": defects.zeros,
    "dressed figures": defects.dressed_figures,
    "signs in words": defects.signs,
    "notes behind figures": defects.notes,
    "wrong total": defects.wrong_total,
    "spaced headers": defects.spaced_headers,
    "cut headers": defects.cut_headers,
    "misspelt labels": defects.misspelt,
    "header left out": redrawing.header_left_out,
    "headers merged": redrawing.headers_merged,
    "torn, heads again": redrawing.torn,
    PAGE_BREAK: redrawing.cut_in_two,
    "row left out": redrawing.row_left_out,
    "row added": redrawing.row_added,
    "subtotal column": redrawing.subtotal,
    "rowspan overruns": redrawing.rowspan_overruns,
    "colspans disagree": redrawing.colspans_disagree,
    "retyped": redrawing.retyped,
    "hybrid": redrawing.hybrid,
    "rows swapped": redrawing.rows_swapped,
    "value left out": redrawing.value_left_out,
    "remark in table": redrawing.remark,
    "foreign table": defects.foreign_table,
    "fee in 元": defects.fee_in_yuan,
}
STATISTICS: dict[str, Defect] = {
    "none": defects.clean,
    "zeros otherwise": defects.zeros,
    "dressed figures": defects.dressed_figures,
    "notes behind figures": defects.notes,
    "wrong total": defects.wrong_total,
    "spaced headers": defects.spaced_headers,
    "misspelt labels": defects.misspelt,
    "torn, heads again": indicators.torn,
    PAGE_BREAK: indicators.cut_in_two,
    "row left out": indicators.row_left_out,
    "row added": indicators.row_added,
    "value left out": indicators.value_left_out,
    "columns of others": indicators.subordinate_columns,
    "units in labels": indicators.units_in_labels,
    "wide captions": indicators.wide_captions,
    "signed in table": indicators.signed,
    "remark in table": indicators.remark,
    "foreign table": defects.foreign_table,
    "fee in 元": defects.fee_in_yuan,
}
LOCAL: dict[str, Defect] = {
    "none": defects.clean,
    "zeros otherwise": defects.zeros,
    "spaced headers": defects.spaced_headers,
    "torn, heads again": indicators.torn,
    PAGE_BREAK: indicators.cut_in_two,
    "row left out": indicators.row_left_out,
    "signed in table": indicators.signed,
    "remark in table": indicators.remark,
    "foreign table": defects.foreign_table,
}


def two_at_once(single: Mapping[str, Defect]) -> Defect:
    """Any two of the others. Those that draw a table anew go first, the page break comes last."""

    def both(paper: Paper, random: Random) -> Paper:
        first, second = sorted(random.sample(list(single), 2), key=turn)
        return single[second](single[first](paper, random), random)

    return both


def turn(name: str) -> int:
    return 0 if name in REDRAWN else 2 if name == PAGE_BREAK else 1


DEFECTS: Mapping[str, Mapping[str, Defect]] = {
    form: {**single, PAIR: two_at_once(single)}
    for form, single in {"2021": ANNUAL, "2019": ANNUAL, "2014": STATISTICS, "local": LOCAL}.items()
}
