from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.values import as_moment, as_text, exact_in_sqlite


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4) | st.integers().map(Decimal))
def test_no_number_is_rounded(number):
    assert Decimal(str(exact_in_sqlite(number))) == number


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("7", 7),
        ("31.42", 31.42),
        ("1E+3", 1000),
        ("12345678901234567.89", "12345678901234567.89"),
        (str(2**63), str(2**63)),
    ],
)
def test_a_number_is_kept_as_the_plainest_thing_that_holds_it(number, kept):
    found = exact_in_sqlite(Decimal(number))
    assert (found, type(found)) == (kept, type(kept))


def test_moments_are_of_one_width_and_in_utc():
    china = timezone(timedelta(hours=8))
    assert as_text(datetime(2026, 1, 1, 8, tzinfo=china)) == "2026-01-01T00:00:00.000Z"
    assert as_text(datetime(2026, 1, 1, 0, 0, 0, 999999, UTC)) == "2026-01-01T00:00:00.999Z"


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_moments_sort_as_their_text(one, other):
    if as_text(one) < as_text(other):
        assert one < other
    assert abs(as_moment(as_text(one)) - one) < timedelta(milliseconds=1)
