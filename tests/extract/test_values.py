from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.values import MONEY, read_value, unit_of

COUNT = st.integers(min_value=0, max_value=10**15 - 1)
DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *[("0", 0), ("007", 7), (" 12 ", 12), ("１２３", 123), ("1,234", 1234), ("1，234，567", 1234567)],
        *[("+19", 19), ("增15", 15), ("增加2", 2), ("减4", -4), ("-3", -3), ("－3", -3), ("减少 4 项", -4)],
        *[("-0", 0), ("12件", 12), ("6项", 6), ("3宗", 3), ("18次", 18), ("5人次", 5), ("1.2万件", 12000)],
    ],
)
def test_counts(text, number):
    value = read_value(text)
    assert (value.number, value.state) == (number, "number")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *[
            ("251000元", "25.1"),
            ("92.2343万元", "92.2343"),
            ("160.5964 万元", "160.5964"),
            ("0.5亿元", "5000"),
        ],
        *[
            ("1,234.00 万元", "1234.00"),
            ("31.42", "31.42"),
            ("3万", "3"),
            ("0", "0"),
            ("0元", "0"),
            ("2千元", "0.2"),
        ],
    ],
)
def test_money_in_ten_thousands(text, number):
    value = read_value(text, "万元")
    assert (value.number, value.state) == (Decimal(number), "number")


def test_the_headers_unit_goes_for_cells_without_one():
    assert read_value("3142", "万元", "元").number == Decimal("0.3142")
    assert read_value("3142万元", "万元", "元").number == 3142


@pytest.mark.parametrize(
    ("text", "state"),
    [
        *[("", "blank"), (" \xa0\u3000", "blank")],
        *[("/", "dash"), ("——", "dash"), ("－", "dash"), ("--", "dash")],
        *[("无", "not_applicable"), ("不填", "not_applicable"), ("不 适 用", "not_applicable")],
    ],
)
def test_cells_without_a_number(text, state):
    value = read_value(text)
    assert (value.number, value.state) == (None, state)


@pytest.mark.parametrize(
    "text",
    [
        *["见附件", "1 0", "1,23", "12,3456", "1.2.3", "1、2", "约30", "3-5", "1e3", "٣", "一", "5元", "10%"],
        *["9" * 16, "0 0 0", "3.000"],
    ],
)
def test_what_could_be_read_in_two_ways_stays_text(text):
    assert read_value(text).state == "text"


@pytest.mark.parametrize("text", ["12件", "3次"])
def test_a_count_is_no_money(text):
    assert read_value(text, "万元").state == "text"


@pytest.mark.parametrize(
    ("text", "number", "note"),
    [
        ("22（其中修订 16 件）", 22, "(其中修订16件)"),
        ("22件，其中修订16件", 22, ",其中修订16件"),
        ("5(含转办)", 5, "(含转办)"),
    ],
)
def test_what_follows_a_number_is_a_note(text, number, note):
    value = read_value(text)
    assert (value.number, value.note) == (number, note)


@given(COUNT)
def test_a_count_is_read_however_it_is_printed(count):
    for text in (
        str(count),
        f"{count:,}",
        f" {count}件",
        str(count).translate(DIGITS),
        f"{count:,}".replace(",", "，"),
    ):
        assert read_value(text).number == count


@given(
    st.decimals(min_value=0, max_value=10**12, places=4, allow_nan=False, allow_infinity=False),
    st.sampled_from(sorted(MONEY)),
)
def test_money_is_converted_exactly(amount, unit):
    value = read_value(f"{amount:f}{unit}", "万元")
    assert value.number is not None
    assert value.number * 10_000 == amount * 10 ** MONEY[unit]


@given(st.text(max_size=30))
def test_any_text_has_exactly_one_state(text):
    value = read_value(text)
    assert (value.number is not None) == (value.state == "number")
    assert (value.state == "blank") == (not text.strip() or not "".join(text.split()))


def test_units_alone():
    assert list(map(unit_of, ("件", "人 次", "万元"))) == ["件", "人次", "万元"]
    assert not any(map(unit_of, ("", "0", "单位", "件数")))


@pytest.mark.parametrize("text", ["22①", "①2", "22²", "3½", "¹"])
def test_marks_of_notes_are_no_digits(text):
    assert read_value(text).state == "text"
