import pytest

from extract.document import Document, Furniture, Prose
from extract.identity import dated_by_list, identify
from extract.readers import read
from extract.restore import restore
from extract.result import Identity

PORTAL = {
    "7477": "柘城县工商质监局",
    "7478": "柘城县扶贫开发办公室",
    "7479": "柘城县人民法院",
    "7480": "柘城县发改委",
    "7481": "柘城县“互联网+”经济发展促进中心",
    "7482": "国网河南省电力公司柘城县供电公司",
    "7483": "柘城县地方税务局",
    "7484": "柘城县畜牧局",
    "7485": "柘城县产业集聚区",
    "7486": "柘城县财政局",
    "7487": "柘城县安全生产监督管理局",
    "7488": "柘城县文化广电旅游局",
    "7489": "柘城县人民医院",
    "7490": "柘城县城镇管理综合执法局",
    "7491": "柘城县招商服务中心",
}
"""Read by a person from the pages."""


def of(*lines: str, url: str = "http://www.example.gov.cn/a.html", **furniture):
    blocks = tuple(Prose(line, f"line:{at}/column:1") for at, line in enumerate(lines, 1))
    return identify(Document(blocks, Furniture(**furniture)), url)[0]


def test_the_signature_is_fuller_than_the_title():
    identity = of(
        "2023年城管执法局政府信息公开工作年度报告",
        "一、总体情况",
        "无。",
        "沅江市城市管理和综合执法局",
        "2024年1月4日",
    )
    assert identity.publisher == "沅江市城市管理和综合执法局"
    assert identity.evidence["publisher"] == "signature"
    assert identity.year == 2023
    assert identity.evidence["year"] == "title"


def test_the_opening_where_there_is_no_title():
    identity = of(
        "本报告中使用数据统计期限为2020 年1 月1 日至12 月31日。报告可在某市某区人民政府网站下载。如有疑问,"
        "请与某市某区自然资源和规划局办公室联系(地址:秋浦西路18号)。",
        "一、总体情况",
    )
    assert (identity.publisher, identity.year, identity.title) == ("某市某区自然资源和规划局", 2020, "")
    assert identity.evidence["year"] == "stated period"


def test_a_portal_that_names_itself_is_not_the_publisher():
    identity = of(
        "一、概述",
        headings=("某县财政局2023年政府信息公开工作年度报告",),
        index_box={"发布机构": "某县人民政府", "来源": "某县人民政府办公室"},
        metas={"contentsource": "某县人民政府", "sitename": "某县人民政府"},
    )
    assert identity.publisher == "某县财政局"


def test_the_box_where_the_page_is_silent():
    identity = of("一、概述", index_box={"发布机构": "某县财政局"}, metas={"sitename": "某县人民政府"})
    assert (identity.publisher, identity.evidence["publisher"]) == ("某县财政局", "发布机构")


def test_the_box_completes_a_short_title():
    identity = of(
        "一、概述", headings=("财政局2023年政府信息公开年报",), index_box={"发布机构": "某县财政局"}
    )
    assert identity.publisher == "某县财政局"


def test_a_title_over_two_lines():
    identity = of("某市某局", "2023年度政府信息公开工作报告", "一、总体情况")
    assert identity.title == "某市某局2023年度政府信息公开工作报告"
    assert identity.publisher == "某市某局"


@pytest.mark.parametrize(
    ("furniture", "url", "day"),
    [
        ({"metas": {"pubdate": "2024年01月31日"}, "index_box": {"发布日期": "2020-01-01"}}, "", "2024-01-31"),
        ({"index_box": {"发布时间": "2024-1-5 11:52"}}, "/201901/t20190102_1.html", "2024-01-05"),
        ({}, "http://a.gov.cn/x/202401/t20240115_123.html", "2024-01-15"),
        ({}, "http://a.gov.cn/x/2018-07-12/7477.html", "2018-07-12"),
        ({}, "http://a.gov.cn/art/2024/1/23/art_1_2.html", "2024-01-23"),
        ({}, "http://a.gov.cn/x/197001/t19700101_1.html", ""),
        ({"index_box": {"发布日期": "2024-13-45"}}, "", ""),
        ({"text": "今天是2026年11月22日 星期日"}, "", ""),
    ],
)
def test_published_on(furniture, url, day):
    assert of("一、概述", url=url, **furniture).published_on == day


def test_the_year_of_publication_is_not_the_year_reported_on():
    identity = of("一、概述", "无。", metas={"pubdate": "2024-01-31"}, headings=("某局政府信息公开年报",))
    assert identity.year is None


def test_site_facts():
    text = "主办：某局　网站标识码：3417020005 皖ICP备 2024029993号-1 皖公网安备 34170202000262号"
    _, site = identify(Document((), Furniture(text=text, metas={"sitename": "某市人民政府"})), "")
    assert (site.name, site.site_id_code) == ("某市人民政府", "3417020005")
    assert (site.icp_number, site.police_number) == ("皖ICP备2024029993号-1", "皖公网安备34170202000262号")


@pytest.mark.real
@pytest.mark.parametrize(
    ("path", "publisher", "year", "level", "published_on"),
    [
        ("seeds/000_62b452ed3af41bb2.txt", "吉林市规划和自然资源局", 2023, "department", "2024-01-08"),
        ("seeds/001_5fcee4d99d0760d8.txt", "池州市贵池区自然资源和规划局", 2020, "department", ""),
        ("seeds/002_92ab445f77af6a12.txt", "磐石市吉昌镇人民政府", 2023, "township", ""),
        ("seeds/003_49603480a1e8c436.txt", "沅江市城市管理和综合执法局", 2023, "department", ""),
        ("seeds/004_68e3794837a4b651.txt", "宣城市自然资源和规划局", 2023, "department", "2023-12-15"),
        (
            "reports/shanghai_general_office_2019.html",
            "上海市人民政府办公厅",
            2019,
            "department",
            "2020-01-31",
        ),
        ("reports/jilin_forestry_2018.html", "吉林市林业局", 2018, "department", "2019-03-07"),
    ],
)
def test_real_reports(real_dir, path, publisher, year, level, published_on):
    document = restore(read((real_dir / path).read_bytes()))
    identity, _ = identify(document, "http://seed.gov.cn/a.html")
    assert (identity.publisher, identity.year) == (publisher, year)
    assert (identity.level, identity.published_on) == (level, published_on)


@pytest.mark.real
def test_the_reports_of_a_real_portal(real_dir):
    for name, publisher in PORTAL.items():
        path = f"www.zhecheng.gov.cn/xxgk/xxgknb/bmnb/2018-07-12/{name}.html"
        payload = (real_dir / "sites" / path).read_bytes()
        identity, site = identify(read(payload), f"http://{path}")
        assert (identity.publisher, identity.year, identity.level) == (publisher, 2017, "department")
        assert identity.published_on.startswith("2018-0")
        assert identity.title.startswith("柘城县") or identity.title.startswith("国网")
        assert (site.site_id_code, site.icp_number) == ("4114240001", "豫ICP备15021526号-1")
        assert site.police_number == "豫公网安备41142402000535号"


@pytest.mark.parametrize(
    ("title", "furniture", "publisher", "evidence"),
    [
        (
            "财政局2023年政府信息公开年报",
            {"metas": {"sitename": "某县人民政府"}},
            "某县财政局",
            "title, meta SiteName",
        ),
        ("县财政局2023年政府信息公开年报", {"text": "主办：某县人民政府办公室"}, "某县财政局", "title, 主办"),
        ("某某乡2023年政府信息公开年报", {"metas": {"sitename": "某县人民政府"}}, "某某乡", "title"),
        (
            "国家林业和草原局2023年政府信息公开年报",
            {"text": "主办：某县人民政府"},
            "国家林业和草原局",
            "title",
        ),
    ],
)
def test_a_name_without_its_region_takes_that_of_the_site(title, furniture, publisher, evidence):
    identity = of("一、概述", headings=(title,), **furniture)
    assert (identity.publisher, identity.evidence["publisher"]) == (publisher, evidence)


def test_the_index_number_says_where_the_body_is_registered():
    identity = of(
        "某市财政局2023年政府信息公开工作年度报告", index_box={"索引号": "11341700MB1631138U/202312-00030"}
    )
    assert (identity.credit_code, identity.region_code) == ("11341700MB1631138U", "341700")
    assert identity.evidence["region_code"] == "index number"


@pytest.mark.parametrize(
    ("metas", "box", "url", "expected"),
    [
        ("2024-01-20", {}, "http://a.gov.cn/art/2021/5/5/art_1.html", ("2024-01-20", "meta PubDate")),
        ("2027-08-01", {"发布日期": "2024-01-22"}, "http://a.gov.cn/a.html", ("2024-01-22", "发布日期")),
        ("2027-08-01", {}, "http://a.gov.cn/202401/t20240125_1.html", ("2024-01-25", "url")),
        (
            "2027-08-01",
            {"发布日期": "2027-08-01"},
            "http://a.gov.cn/202401/t20240125_1.html",
            ("2027-08-01", "发布日期"),
        ),
        (
            "2027-08-01",
            {"日期": "2027-08-01", "成文日期": "2024-01-25"},
            "http://a.gov.cn/a.html",
            ("2024-01-25", "成文日期"),
        ),
        (
            "",
            {"日期": "2027-08-01"},
            "http://a.gov.cn/202401/t20240125_1.html",
            ("2024-01-25", "url"),
        ),
        ("2027-08-01", {}, "http://a.gov.cn/a.html", ("2027-08-01", "meta PubDate")),
        ("2019-03-01", {}, "http://a.gov.cn/a.html", ("", None)),
        ("1970-01-01", {}, "http://a.gov.cn/197001/t19700101_1.html", ("", None)),
    ],
    ids=[
        "season",
        "moved site",
        "moved site, url",
        "revised where it stands",
        "moved site, signed",
        "today's date",
        "late",
        "before its year was over",
        "no date",
    ],
)
def test_when_it_was_published(metas, box, url, expected):
    title = "某市财政局2023年政府信息公开工作年度报告"
    identity = of("一、总体情况", url=url, headings=(title,), metas={"pubdate": metas}, index_box=box)
    assert (identity.published_on, identity.evidence.get("published_on")) == expected


LISTS = [
    ("2019-05-01", "http://a.gov.cn/moved/"),
    ("2021-02-03", "http://a.gov.cn/b/"),
    ("2021-01-20", "http://a.gov.cn/a/"),
]


def test_a_list_dates_what_nothing_else_dates_in_its_season():
    dated = dated_by_list(Identity(year=2020, evidence={"year": "title"}), LISTS)
    assert dated.published_on == "2021-01-20"
    assert dated.evidence == {"year": "title", "published_on": "list http://a.gov.cn/a/"}


@pytest.mark.parametrize(
    "said", [Identity(year=2020, published_on="2021-03-31"), Identity(year=None), Identity(year=2015)]
)
def test_a_list_is_not_asked_where_the_page_says_it_or_the_day_is_out_of_season(said):
    assert dated_by_list(said, LISTS) == said
    assert dated_by_list(said, []) == said
