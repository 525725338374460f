import gzip
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from storage.archive import load_capture, record_captures
from storage.captures import Capture
from storage.runs import finish_run, start_run

NOW = datetime(2026, 4, 1, tzinfo=UTC)
URL = "http://www.shouma.gov.cn/InfoList.aspx?cid=1013"
PAGE = (
    '<form><input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="{state}" />'
    "<input type='hidden' name='__EVENTVALIDATION' value='{state}'>"
    '<input name="__VIEWSTATEGENERATOR" value="CA0B0334"><ul><li>{line}</li></ul></form>'
)


def page(state: str, line: str = "年报", *, is_zipped: bool = False) -> Capture:
    body = PAGE.format(state=state, line=line).encode()
    headers = (("Content-Encoding", "gzip"),) if is_zipped else ()
    return Capture(URL, NOW, 200, gzip.compress(body, 6) if is_zipped else body, headers, kind="listing")


def outcomes(database, *nights: Capture) -> list[str]:
    found = []
    for night, capture in enumerate(nights):
        moved = replace(capture, fetched_at=NOW + timedelta(days=night))
        with database.write() as connection:
            run = start_run(connection, "crawl", moved.fetched_at)
            (recorded,) = record_captures(connection, run, [moved])
            finish_run(connection, run, moved.fetched_at, "done")
            assert load_capture(connection, recorded.capture_id).capture.payload == capture.payload
        found.append(recorded.outcome)
    return found


@pytest.mark.parametrize("is_zipped", [False, True])
def test_another_state_of_its_form_makes_no_page_new(database, is_zipped):
    nights = [page(f"/wEPDw{night}", is_zipped=is_zipped) for night in range(3)]
    assert outcomes(database, *nights) == ["new", "unchanged", "unchanged"]


def test_a_page_posted_for_with_another_state_is_the_same_page(database):
    nights = [
        Capture(
            URL,
            NOW,
            200,
            b"<ul><li>2019</li></ul>",
            method="POST",
            request_body=f"page={n}&__VIEWSTATE={s}".encode(),
        )
        for n, s in ((2, "a"), (3, "b"), (2, "c"), (3, "d"))
    ]
    assert outcomes(database, *nights) == ["new", "new", "unchanged", "unchanged"]


def test_another_line_does(database):
    assert outcomes(database, page("a"), page("b", "年报（2025）"), page("c", "年报（2025）")) == [
        "new",
        "new",
        "unchanged",
    ]


def test_other_hidden_fields_are_part_of_the_page(database):
    first, second = (
        Capture(URL, NOW, 200, f'__VIEWSTATE<input name="n" value="{value}">'.encode()) for value in "ab"
    )
    assert outcomes(database, first, second) == ["new", "new"]
