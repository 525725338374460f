"""How many rows are in memory together."""

import pytest

from storage.export.formats import GROUP_TEXT, groups


@pytest.mark.parametrize(("rows", "sizes"), [(0, []), (3, [3]), (1000, [600, 400]), (1200, [600, 600])])
def test_rows_come_in_groups_of_a_size(rows, sizes):
    made = list(groups(((number, "") for number in range(rows)), 600))
    assert [len(group) for group in made] == sizes
    assert [row for group in made for row in group] == [(number, None) for number in range(rows)]


def test_long_texts_make_small_groups():
    text = "政" * (GROUP_TEXT // 500)
    made = list(groups(((number, text) for number in range(2000)), 10_000))
    assert {len(group) for group in made} == {500}
