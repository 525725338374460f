"""The real pages, figure by figure (what each shows is told in ../shared/real/manifest.csv)."""

from decimal import Decimal
from functools import cache

import pytest

from extract.extraction import extract

pytestmark = pytest.mark.real

SEEDS = {
    "000": "seeds/000_62b452ed3af41bb2.txt",
    "001": "seeds/001_5fcee4d99d0760d8.txt",
    "002": "seeds/002_92ab445f77af6a12.txt",
    "003": "seeds/003_49603480a1e8c436.txt",
    "004": "seeds/004_68e3794837a4b651.txt",
}
FOOTER = (
    "站点地图",
    "主办:",
    "承办:",
    "ICP",
    "公网安备",
    "标识码",
    "IPV6",
    "网站纠错",
    "登录 注册",
    "点击数",
)


@pytest.fixture(scope="module")
def read(real_dir):
    @cache
    def read_file(name):
        path = SEEDS.get(name, name)
        return extract((real_dir / path).read_bytes(), url=f"http://seed{name[:3]}.gov.cn/a.html")

    return read_file


def number(found, row, column):
    return next(cell.value for cell in found.cells if (cell.row, cell.column) == (row, column))


def line(found, row):
    return [(cell.value, cell.state) for cell in found.cells if cell.row == row]


def failures(found, severity="error"):
    return [(item.rule, item.scope) for item in found.checks if not item.passed and item.severity == severity]


@pytest.mark.parametrize(
    ("name", "form", "year", "is_mirror", "publisher", "cells"),
    [
        ("000", "2021", 2023, False, "吉林市规划和自然资源局", 200),
        ("001", "2019", 2020, True, "贵池区自然资源和规划局", 198),
        ("002", "2021", 2023, False, "吉昌镇", 200),
        ("003", "2021", 2023, True, "沅江市", 200),
        ("reports/shanghai_general_office_2019.html", "2019", 2019, False, "上海市人民政府办公厅", 198),
    ],
)
def test_a_whole_report(read, name, form, year, is_mirror, publisher, cells):
    found = read(name)
    assert found.is_report
    assert (found.form, found.status) == (form, "complete")
    assert (found.identity.year, found.is_mirror) == (year, is_mirror)
    assert publisher in found.identity.publisher
    assert len(found.cells) == found.cells_expected == cells
    assert found.leftovers == ()
    assert all(cell.place for cell in found.cells)


@pytest.mark.parametrize("name", ["000", "001", "002", "003", "reports/shanghai_general_office_2019.html"])
def test_sections_are_the_six_and_without_furniture(read, name):
    found = read(name)
    assert [section.ordinal for section in found.sections if section.heading] == [1, 2, 3, 4, 5, 6]
    assert not [mark for mark in FOOTER for section in found.sections if mark in section.text]


def test_jilin_planning_bureau(read):
    found = read("000")
    assert found.identity.publisher == "吉林市规划和自然资源局"
    assert number(found, "granted", "social_organization") == 1
    assert number(found, "handled_total", "total") == 107
    assert [value for value, _ in line(found, "received")] == [107, 0, 0, 0, 0, 0, 107]
    assert failures(found) == [("row_total", "granted"), ("column_total", "social_organization")]


def test_guichi_bureau(read):
    found = read("001")
    assert number(found, "procurement", "projects") == 382
    assert number(found, "procurement", "amount") == Decimal("92.2343")
    assert failures(found) == []


def test_jichang_town(read):
    found = read("002")
    assert {cell.value for cell in found.cells} == {0}
    assert failures(found) == []


def test_yuanjiang_urban_management(read):
    found = read("003")
    assert number(found, "penalty", "decisions") == 38665
    assert number(found, "fees", "amount") == Decimal("31.42")
    assert failures(found) == [
        ("proceedings_total", "reconsideration"),
        ("proceedings_total", "litigation_direct"),
    ]


def test_a_work_summary_is_no_report(read):
    found = read("004")
    assert (found.is_report, found.form, found.cells) == (False, "none", ())


def test_shanghai_general_office(read):
    found = read("reports/shanghai_general_office_2019.html")
    assert [value for value, _ in line(found, "regulation")] == [13, 13, 524]
    assert [value for value, _ in line(found, "normative_document")] == [60, 60, 368]
    assert number(found, "procurement", "projects") == 6
    amount = next(cell for cell in found.cells if (cell.row, cell.column) == ("procurement", "amount"))
    assert (amount.value, amount.unit, amount.raw_text) == (Decimal("25.1"), "万元", "251000元")
    blank = (None, "blank")
    assert line(found, "received") == [
        *[(821, "number"), (35, "number"), blank, blank, (2, "number"), (1, "number"), (859, "number")]
    ]
    assert failures(found) == []
    assert ("row_total", "granted") in failures(found, "warning")


def test_a_local_form_is_kept_whole(read):
    found = read("reports/jilin_forestry_2018.html")
    assert (found.is_report, found.form, found.status, found.identity.year) == (
        True,
        "local",
        "text_only",
        2018,
    )
    texts = [item.text for item in found.leftovers if item.kind == "grid"]
    assert len(texts) == 59
    assert "学习培训 | 3.参加培训人次数 | 60 | 16" in texts


@pytest.mark.parametrize("number", range(7477, 7492))
def test_reports_of_zhecheng_are_prose(read, number):
    found = read(f"sites/www.zhecheng.gov.cn/xxgk/xxgknb/bmnb/2018-07-12/{number}.html")
    assert (found.is_report, found.form, found.status, found.identity.year) == (
        True,
        "none",
        "text_only",
        2017,
    )
    assert (found.cells, found.cells_expected) == ((), 0)
    assert any(section.text for section in found.sections)
