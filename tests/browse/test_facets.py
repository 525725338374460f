"""Facets count what a choice leads to, under all other choices."""

from browse.facets import Choice, Cube, rank

CUBE = Cube(
    (
        (("2023", "county", "2021", "complete", "340881", ""), 3),
        (("2023", "province", "2021", "complete", "340000", "1"), 1),
        (("2022", "county", "2021", "partial", "340882", ""), 2),
        (("2022", "county", "2019", "complete", "110101", ""), 5),
        (("2022", "department", "2021", "complete", "", ""), 7),
    ),
    {"340000": "安徽省"},
)


def counted(choices):
    return {each.value: each.count for each in choices}


def test_counts_of_a_filter_do_not_depend_on_itself():
    given = {"year": "2022", "level": "county"}
    assert counted(CUBE.choices(given, "year")) == {"2023": 3, "2022": 7}
    assert counted(CUBE.choices(given, "level")) == {"county": 7, "department": 7}
    assert CUBE.total(given) == 7
    assert CUBE.total({}) == 18


def test_the_region_tree_opens_on_the_way_to_the_chosen_one():
    assert counted(CUBE.tree({})) == {"11": 5, "34": 6}
    assert counted(CUBE.tree({"region": "34"})) == {"34": 6, "3400": 1, "3408": 5}
    assert counted(CUBE.tree({"region": "3408"})) == {"34": 6, "3408": 5, "340881": 3, "340882": 2}
    assert CUBE.tree({})[1] == Choice("34", "安徽省", 6, is_chosen=False)
    assert CUBE.total({"region": "34"}) == 6


def test_levels_come_from_the_top_and_years_from_the_newest():
    assert sorted(["township", "2021", "ministry", "2023", "county"], key=rank) == [
        "2023", "2021", "ministry", "county", "township",
    ]  # fmt: skip
