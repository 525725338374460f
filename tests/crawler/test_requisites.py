import tomllib
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from msgspec.structs import replace

from crawler.manners import WALLS_IN_A_ROW, Manners
from crawler.page import Page
from crawler.requisites import (
    PICTURE,
    REQUISITE,
    RULES,
    SHEET,
    Allowance,
    look_at,
    requisites_of,
    servants_of,
)
from crawler.visit import Link, Visit
from storage.captures import KINDS, Capture
from storage.frontier import Pending

HOST = "www.wuyou.gov.cn"
URL = f"http://{HOST}/a/report.html"
SHEET_URL = f"http://{HOST}/css/all.css"
AT = datetime(2026, 11, 22, tzinfo=UTC)


def shown(markup: str, url: str = URL) -> list[tuple[str, int]]:
    links = requisites_of(Page(url, f"<html><body>{markup}</body></html>"), depth=2)
    assert {(link.kind, link.depth) for link in links} <= {(REQUISITE, 3)}
    return [(link.url.removeprefix(f"http://{HOST}"), link.score) for link in links]


def sheet(style: bytes, score: int = SHEET, **capture: object) -> Visit:
    fetched = Capture(SHEET_URL, AT, 200, style, kind=REQUISITE, **capture)
    return look_at(Visit(fetched), style, Pending(SHEET_URL, HOST, REQUISITE, score, 3, 0))


def led_to(visit: Visit) -> list[tuple[str, int]]:
    return [(link.url.removeprefix(f"http://{HOST}"), link.score) for link in visit.links]


def test_they_are_a_kind_of_captures_and_come_after_every_promise():
    assert REQUISITE in KINDS
    promises = tomllib.loads((files("crawler") / "discovery.toml").read_text(encoding="utf-8"))
    assert PICTURE < SHEET < min(rule["score"] for rule in (*promises["words"], *promises["tokens"]))


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<link rel="stylesheet" href="../css/a.css">', [("/css/a.css", SHEET)]),
        ('<link rel="Shortcut Icon" href="/favicon.ico">', [("/favicon.ico", PICTURE)]),
        ('<link rel="alternate" href="/feed.xml">', []),
        ('<img src="p.png"><img src="p.png">', [("/a/p.png", PICTURE)]),
        (
            '<img src="p.png" srcset="p.png 1x, q,2.png 2x">',
            [("/a/p.png", PICTURE), ("/a/q,2.png", PICTURE)],
        ),
        (
            '<picture><source srcset="/w.webp 800w,/x.webp 400w"></picture>',
            [("/w.webp", PICTURE), ("/x.webp", PICTURE)],
        ),
        ('<input type="image" src="/go.gif">', [("/go.gif", PICTURE)]),
        ('<table><tr><td background="/td.gif">1</td></tr></table>', [("/td.gif", PICTURE)]),
        ("<div style=\"background:url('/d.png')\">1</div>", [("/d.png", PICTURE)]),
        (
            "<style>@import '/i.css'; p{background:url(/s.png)}</style>",
            [("/i.css", SHEET), ("/s.png", PICTURE)],
        ),
        ('<img src="data:image/png;base64,AAAA"><img src="javascript:1"><img src="">', []),
        ('<script src="/a.js"></script><a href="/b.png">1</a><iframe src="/c.html"></iframe>', []),
        ('<img src="/年报.png">', [("/%E5%B9%B4%E6%8A%A5.png", PICTURE)]),
    ],
)
def test_what_a_page_shows(markup, expected):
    assert shown(markup) == expected


def test_style_sheets_come_before_pictures_and_a_page_has_so_many():
    markup = "".join(f'<img src="/{number}.png">' for number in range(200))
    found = shown(f'{markup}<link rel="stylesheet" href="/a.css">')
    assert found[0] == ("/a.css", SHEET)
    assert len(found) == RULES["limits"]["page"]


def test_a_base_moves_what_is_shown():
    page = Page(URL, '<html><head><base href="http://www.wuyou.gov.cn/b/"></head><img src="p.png"></html>')
    assert [link.url for link in requisites_of(page, 0)] == [f"http://{HOST}/b/p.png"]


def test_a_style_sheet_leads_to_what_it_imports_and_shows():
    style = b"""@charset "gb2312"; /* @import "no.css"; url(no.png) */
    @import url("base.css"); @import 'more.css' screen;
    a { background: URL( "../i/x.png" ) } b { src: url(f.eot?#iefix), url(f.woff2) }
    c { background: url(data:image/png;base64,AA) }"""
    assert led_to(sheet(style)) == [
        ("/css/base.css", SHEET - 1),
        ("/css/more.css", SHEET - 1),
        ("/i/x.png", PICTURE),
        ("/css/f.woff2", PICTURE),
    ]


def test_imports_nest_so_deep_and_a_picture_leads_nowhere():
    style = b'@import "next.css"; a{background:url(x.png)}'
    depths = [score for score in range(SHEET, PICTURE, -1) if len(led_to(sheet(style, score))) == 2]
    assert depths == [4, 3]
    assert led_to(sheet(style, PICTURE)) == []


def test_a_comment_left_open_or_repeated_without_end_takes_no_time():
    assert led_to(sheet(b"/*" * 400_000)) == []
    assert led_to(sheet(b"@import " + b" " * 900_000)) == []


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><p>404", b"\n <HTML><title>x</title>"])
def test_a_page_in_its_place_is_recorded_as_not_there(body):
    found = sheet(body)
    assert (found.capture.outcome, found.links) == ("soft_404", ())
    assert found.capture.payload == body


def test_hosts_below_the_domain_serve_its_pages():
    urls = ("http://static.wuyou.gov.cn/a.css", "http://cdn.example.com/a.css", f"http://{HOST}/a.css")
    links = tuple(Link(url, REQUISITE, SHEET, 1) for url in (*urls, "http://www.nanke.gov.cn/a.png"))
    assert servants_of(Visit(Capture(URL, AT, 200, b""), links)) == ["static.wuyou.gov.cn"]


def answer(outcome: str = "", status: int | None = 200, payload: bytes = b"x") -> Capture:
    return Capture(SHEET_URL, AT, status, payload, kind=REQUISITE, outcome=outcome)


def test_how_requisites_are_answered_says_nothing_of_pages():
    manners = Manners(1.0)
    for _ in range(3 * WALLS_IN_A_ROW):
        manners.note(answer("blocked", 403))
    assert not manners.has_enough()
    walls = [replace(answer("blocked", 403), kind="report")] * WALLS_IN_A_ROW
    for capture in (*walls[1:], answer(), walls[0]):
        manners.note(capture)
    assert manners.has_enough()


def test_an_allowance_is_spent_by_files_bytes_failures_and_the_day():
    bounds = RULES["host"]
    allowance = Allowance(is_wanted=True, daily=1000)
    assert allowance.is_open(HOST, today=0)
    assert not allowance.is_open(HOST, today=500)
    for _ in range(bounds["failures"] - 1):
        allowance.note(answer("error", None, b""))
    assert allowance.is_open(HOST, today=0)
    allowance.note(answer("blocked", 403))
    assert not allowance.is_open(HOST, today=0)
    allowance.note(answer())
    assert allowance.is_open(HOST, today=0)
    for _ in range(bounds["files"]):
        allowance.note(answer())
    assert not allowance.is_open(HOST, today=0)
    assert allowance.is_open("www.nanke.gov.cn", today=0)
    assert not Allowance(is_wanted=False, daily=1000).is_open(HOST, today=0)
