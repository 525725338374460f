"""What changed between two readings: figures, facts and words."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from browse.changes import changed_paragraphs, changes, pieces
from storage.cells import CellRow
from storage.rows import Reading, SectionRow


def cell(value, locator="xpath:/a", row="received"):
    return CellRow("requests", row, "total", Decimal(value), "number", str(value), "件", locator)


def reading(*cells, text="", **facts):
    sections = (SectionRow(1, "一、", text),)
    return Reading("http://a/", is_report=True, cells=cells, form="2021", sections=sections, **facts)


def test_a_figure_before_and_after():
    found = changes(reading(cell(3)), reading(cell(5)))
    [changed] = found.cells
    assert (changed.label, changed.before.value, changed.after.value) == (
        "一、本年新收政府信息公开申请数量 · 总计",
        3,
        5,
    )
    assert not found.facts
    assert not found.paragraphs


def test_a_figure_that_only_moved_has_not_changed():
    assert changes(reading(cell(3)), reading(cell(3, "xpath:/b"))).are_none


def test_figures_that_came_and_went():
    found = changes(reading(cell(3)), reading(cell(4, row="granted"))).cells
    assert [(each.before is None, each.after is None) for each in found] == [(True, False), (False, True)]


def test_facts_and_words():
    before = reading(text="收到3件。\n不变。", published_on="2024-01-30", year=2023)
    after = reading(text="收到5件。\n不变。\n新增。", published_on="2024-02-03", year=2023)
    found = changes(before, after)
    assert found.facts == (("published_on", "2024-01-30", "2024-02-03"),)
    assert found.paragraphs == (
        (("same", "收到"), ("gone", "3"), ("new", "5"), ("same", "件。")),
        (("new", "新增。"),),
    )


@given(st.text("一二三", max_size=30), st.text("一二三", max_size=30))
def test_pieces_give_both_texts_back(before, after):
    found = list(pieces(before, after))
    assert "".join(words for kind, words in found if kind != "new") == before
    assert "".join(words for kind, words in found if kind != "gone") == after


def test_equal_texts_have_no_changes():
    assert list(changed_paragraphs(["一", "二"], ["一", "二"])) == []
