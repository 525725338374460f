"""Review: who may decide, that nobody else's page can, and that every later reading respects it."""

import base64
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from browse.app import make_app
from browse.options import Options
from browse.reviewers import Reviewing
from browse.tries import OF_ONE, SECONDS
from pipeline.reading import read_captures
from storage.rows import report_id

PAGE = (Path(__file__).parents[1] / "extract/readers/files/report.html").read_text(encoding="utf-8")
URL = "http://www.a.gov.cn/report.html"
EVEN = "http://www.a.gov.cn/even.html"
CELL = f"/review/cells/{report_id(URL)}/disclosure/permit/handled"


def client_of(keep, reviewing):
    options = Options(names=("testserver",), reviewing=reviewing)
    return TestClient(make_app(keep.database, options), follow_redirects=False)


@pytest.fixture(scope="module")
def desk(keep):
    """A browser at the machine itself, over a report that was read and a page that is nearly one."""
    keep.put(URL, PAGE.replace(">844<", ">84 4<").encode())
    even = "<title>某县水利局年度报告</title><h1>某县水利局2023年年度报告</h1><p>一、总体情况</p><p>公开条例"
    keep.put(EVEN, even.encode())
    read_captures(keep.database)
    return client_of(keep, Reviewing(is_local=True))


def filled(client, path, **given):
    """The form as a person sends it."""
    page = client.get(path)
    assert page.status_code == 200, path
    token = re.search(r'name="token" value="([0-9a-f]+)"', page.text)[1]
    return client.post(path, data={"token": token, "name": "张三", "reason": "看过原页"} | given)


def cells(keep):
    query = (
        "SELECT row_code, value, state, raw_text FROM cells WHERE report_id = ? AND table_code = 'disclosure'"
    )
    with keep.database.read() as connection:
        rows = connection.exec_driver_sql(query, (report_id(URL),)).all()
    return {row.row_code: (row.value, row.state, row.raw_text) for row in rows}


def test_it_is_closed_to_others(keep, desk):
    for path in ("/review", CELL, "/review/pages/1"):
        assert client_of(keep, Reviewing()).get(path).status_code == 404
    assert "/review" not in client_of(keep, Reviewing()).get("/").text
    assert 'href="/review"' in desk.get("/").text


def test_a_corrected_cell_is_what_the_next_reading_says(keep, desk):
    row = next(code for code, cell in cells(keep).items() if cell[2] == "84 4")
    path = f"/review/cells/{report_id(URL)}/disclosure/{row}/" + column_of(keep, row)
    assert filled(desk, path, raw_text="844").status_code == 303
    read_captures(keep.database)
    assert cells(keep)[row] == (844, "number", "844")
    page = desk.get(f"/reports/{report_id(URL)}").text
    assert "经人复核更正" in page
    assert "张三: 看过原页" in page
    assert "看过原页" in desk.get("/review").text


def column_of(keep, row):
    query = "SELECT col_code FROM cells WHERE report_id = ? AND row_code = ?"
    with keep.database.read() as connection:
        return connection.exec_driver_sql(query, (report_id(URL), row)).scalar_one()


def test_a_correction_holds_for_those_bytes_alone(keep, desk):
    from datetime import timedelta

    keep.put(URL, PAGE.replace(">844<", ">846<").encode(), at=keep.now + timedelta(days=1))
    read_captures(keep.database)
    assert (846, "number", "846") in cells(keep).values()


def test_a_page_is_a_report_once_a_person_says_so(keep, desk):
    with keep.database.read() as connection:
        query = "SELECT capture_id, standing FROM readings WHERE url = ?"
        capture_id, standing = connection.exec_driver_sql(query, (EVEN,)).one()
    other = {"rejected": "report", "current": "not_report"}[standing]
    assert filled(desk, f"/review/pages/{capture_id}", verdict=other).status_code == 303
    read_captures(keep.database)
    with keep.database.read() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM reports WHERE url = ?", (EVEN,)).scalar_one()
    assert count == (other == "report")


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": "0" * 64},
        {"token": ""},
    ],
)
def test_what_another_site_sends_is_refused(desk, wrong):
    assert filled(desk, CELL, raw_text="1", **wrong).status_code == 403


def test_a_form_without_its_cookie_or_from_elsewhere_is_refused(keep, desk):
    page = desk.get(CELL).text
    token = re.search(r'name="token" value="([0-9a-f]+)"', page)[1]
    data = {"token": token, "name": "x", "reason": "x", "raw_text": "1"}
    stranger = client_of(keep, Reviewing(is_local=True))
    assert stranger.post(CELL, data=data).status_code == 403
    assert desk.post(CELL, data=data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize("given", [{"name": ""}, {"reason": ""}])
def test_a_decision_has_a_name_and_a_reason(desk, given):
    assert filled(desk, CELL, raw_text="1", **given).status_code == 400


def test_too_much_is_refused(desk):
    assert desk.post(CELL, content=b"x" * 30_000).status_code == 413


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 401),
        ("Basic " + base64.b64encode(b"li:wrong").decode(), 401),
        ("Basic " + base64.b64encode(b":right").decode(), 401),
        ("Basic ???", 401),
        ("Bearer right", 401),
        ("Basic " + base64.b64encode(b"li:right").decode(), 200),
    ],
)
def test_under_a_password_who_knows_it_decides(keep, desk, header, status):
    client = client_of(keep, Reviewing(password="right"))
    answer = client.get("/review", headers={"Authorization": header} if header else {})
    assert answer.status_code == status
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_guessing_ends_soon_and_the_right_password_is_not_listened_to_either(keep):
    client = client_of(keep, Reviewing(password="right"))

    def guess(password):
        return client.get("/review", auth=("li", password))

    assert client.get("/review").status_code == 401  # a browser that asks first has not guessed
    assert guess("right").status_code == 200
    assert [guess(f"wrong{n}").status_code for n in range(OF_ONE)] == [401] * OF_ONE
    refused = guess("right")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= SECONDS
    assert "密码错误次数过多" in refused.text
