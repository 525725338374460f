from extract.forms.model import official_forms
from extract.forms.sums import sums_by_address, sums_of


def test_every_equation_is_held_cell_by_cell():
    """2021: 25 lines and 7 columns by two rules each, and three proceedings; 2014: seven indicators."""
    counts = {form.code: len(list(sums_of(form))) for form in official_forms()}
    assert counts == {"2021": 25 + 14 + 3, "2019": 23 + 14 + 3, "2014": 7}


def test_a_cell_knows_its_sums():
    form = next(form for form in official_forms() if form.code == "2021")
    sums = sums_by_address(form)
    assert len(sums["requests", "handled_total", "natural"]) == 3
    assert len(sums["proceedings", "reconsideration", "total"]) == 1
    assert ("disclosure", "licensing", "decisions") not in sums
    (column,) = [each for each in sums["requests", "granted", "natural"] if len(each.parts) > 6]
    assert ("requests", "other", "natural") not in column.parts
