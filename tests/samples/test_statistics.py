"""The table of 2014 as the samples draw it, and figures for it that add up."""

from random import Random

from benchmarks.corpus.older import statistics_figures
from extract.forms.model import official_forms
from extract.forms.sums import sums_of
from samples.forms.statistics import indicators, statistics

FORM = next(form for form in official_forms() if form.code == "2014")


def test_the_drawn_table_has_the_official_indicators_in_their_order():
    drawn = [(each.code, each.label, each.unit) for each in indicators()]
    (table,) = FORM.tables
    assert drawn == [(row.code, row.label, row.columns[0].unit) for row in table.rows]
    assert sum(1 for row in statistics() for slot in row if slot.code) == len(drawn) == 58


def test_the_figures_hold_every_equation():
    figures = {code: printed.value for code, printed in statistics_figures(Random("one"), 40).items()}
    for each in sums_of(FORM):
        assert sum(figures[address] for address in each.total) == sum(figures[part] for part in each.parts)
