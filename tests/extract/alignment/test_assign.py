from extract.alignment.assign import Head, assign, by_order
from extract.document import Cell

TARGETS = [("row", "a"), ("row", "b"), ("row", "c")]


def cells(*texts):
    return [Cell(text, f"at:{column}", 0, column) for column, text in enumerate(texts, 1)]


def heads(*targets):
    return [
        Head(("row", target) if target else None, slot, slot + 1) for slot, target in enumerate(targets, 1)
    ]


def test_a_whole_header_decides():
    assert assign(TARGETS, cells("1", "2", "3"), heads("c", "a", "b")).targets == (
        ("row", "c"),
        ("row", "a"),
        ("row", "b"),
    )


def test_an_unknown_head_takes_its_place_only_among_heads_in_order():
    assert assign(TARGETS, cells("1", "2", "3"), heads("a", "", "c")).targets == tuple(TARGETS)
    assert assign(TARGETS, cells("1", "2", "3"), heads("", "a", "b")).targets == (
        None,
        ("row", "a"),
        ("row", "b"),
    )


def test_a_repeated_head_decides_nothing():
    found = assign(TARGETS, cells("1", "2", "3"), heads("a", "a", "c"))
    assert (found.targets, found.doubt) == (tuple(TARGETS), "header_repeats")
    assert assign(TARGETS, cells("1", "2", "3", "4"), heads("a", "a", "b", "c")).is_ambiguous


def test_nothing_is_put_under_a_foreign_head():
    foreign = [Head(None, 1, 2, is_foreign=True), *heads("", "b", "c")[1:]]
    assert assign(TARGETS, cells("1", "2", "3"), foreign).targets == (None, ("row", "b"), ("row", "c"))


def test_two_values_under_one_head_are_ambiguous():
    wide = [Head(("row", "a"), 1, 3)]
    assert assign(TARGETS, cells("1", "2"), wide).is_ambiguous


def test_a_value_over_two_heads_is_ambiguous():
    wide = [Cell("1", "at:1", 0, 1, 1, 2)]
    assert assign(TARGETS, wide, heads("a", "b", "c")).is_ambiguous


def test_order_alone():
    assert by_order(TARGETS, cells("1", "", "3")).targets == tuple(TARGETS)
    assert by_order(TARGETS, cells("1", "", "3", "", "")).targets == (*TARGETS, None, None)
    assert by_order(TARGETS, cells("", "1", "2", "", "3")).targets == (None, *TARGETS[:2], None, TARGETS[2])
    assert by_order(TARGETS, cells("1", "2")).is_ambiguous
    assert by_order(TARGETS, cells("1", "2", "3", "4")).is_ambiguous


def test_a_header_of_unknown_words_decides_nothing_unless_it_fits():
    assert assign(TARGETS, cells("1", "2"), heads("", "")).is_ambiguous
    assert assign(TARGETS, cells("1", "2", "3"), heads("", "", "")).targets == tuple(TARGETS)
