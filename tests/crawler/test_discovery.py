from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery import Survey, place_of, survey
from crawler.page import Page, decode
from crawler.rules import ANNUAL, ANYWHERE, DISCLOSURE, RULES, Promise, Rules, RulesError
from crawler.visit import Link

HOST = "http://www.wuyou.gov.cn"
PROSE = f"<p>{'我局认真贯彻落实条例。' * 80}</p>"


@dataclass(frozen=True)
class Reached:
    url: str = f"{HOST}/"
    kind: str = "home"
    score: int = 100
    depth: int = 0
    hops: int = 0

    @property
    def request_key(self) -> str:
        return self.url


COLUMN = Reached(f"{HOST}/zwgk/nb/", "listing", 90, 2)
REPORT = Reached(f"{HOST}/zwgk/nb/1.html", "report", 95, 3)


def found(markup: str, reached: Reached = Reached()) -> dict[str, str]:
    return {urlsplit(link.url).path: link.kind for link in look(markup, reached).links}


def look(markup: str, reached: Reached) -> Survey:
    return survey(Page(reached.url, markup), reached)


def anchor(words: str, href: str = "/a/") -> str:
    return f'<a href="{href}">{words}</a>'


def test_a_list_says_on_which_day_its_files_were_published():
    lines = (
        ("2023年年度报告", "/f/2023.pdf", "2024-01-20"),
        ("2022年年度报告", "/f/2022.pdf", "2023年1月8日"),
        ("2021年年度报告", "/f/2021.pdf", "[01-20]"),
        ("2020年年度报告", "/f/2020.pdf", "2021-13-20"),
        ("2019年年度报告", "/zwgk/nb/t20200120_1.html", "2020-01-20"),
    )
    rows = "".join(f"<li>{anchor(words, href)}<span>{day}</span></li>" for words, href, day in lines)
    days = {urlsplit(link.url).path: link.day for link in look(f"<ul>{rows}</ul>", COLUMN).links}
    assert days == {
        "/f/2023.pdf": "2024-01-20",
        "/f/2022.pdf": "2023-01-08",
        "/f/2021.pdf": "",
        "/f/2020.pdf": "",
        "/zwgk/nb/t20200120_1.html": "",  # a page says so itself
    }


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("乌有县2023年政府信息公开工作年度报告", "report"),
        ("乌有县教育局2019年度信息公开年报", "report"),
        ("乌有县政府信息公开年度报告（2021年）", "report"),
        ("乌有县二〇一六年政府信息公开工作年度报告", "report"),
        ("政府信息公开年报", "listing"),
        ("信息公开工作年度报告", "listing"),
        ("年报", "listing"),
        ("政务公开", "listing"),
        ("政府信息公开", "listing"),
        ("法定主动公开内容", "listing"),
        ("网站地图", "listing"),
    ],
)
def test_words_promise_a_report_or_the_way_to_it(words, kind):
    assert found(anchor(words)) == {"/a/": kind}


@pytest.mark.parametrize(
    "words",
    [
        "2023年政府工作报告",
        "2023年法治政府建设年度报告",
        "企业年报",
        "一图读懂2023年政府信息公开年度报告",
        "关于做好2023年政府信息公开年度报告编制工作的通知",
        "2023年政府网站工作年度报表",
        "2023年部门决算公开",
        "教育质量年度报告",
        "县长调研春耕生产",
        "",
    ],
)
def test_look_alikes_and_news_promise_nothing(words):
    assert found(anchor(words)) == {}


def test_traditional_characters_say_the_same_and_copies_are_left_all_the_same():
    assert found(anchor("政府信息公開年報", "/nb/"), Reached()) == {"/nb/": "listing"}
    assert found(anchor("乌有縣2023年政府信息公開工作年度報告", "/nb/"), Reached()) == {"/nb/": "report"}
    assert found(anchor("繁體版信息公開年報", "/nb/"), Reached()) == {}
    assert (
        place_of(Page(HOST, "<title>政府信息公開年報</title>"), Reached(f"{HOST}/a/", "listing", 10))
        == ANNUAL
    )


@pytest.mark.parametrize("body", ["财政局", "社会组织管理局", "统计局", "企业服务中心"])
def test_a_body_named_like_a_look_alike_still_reports(body):
    assert found(anchor(f"乌有县{body}2023年政府信息公开工作年度报告")) == {"/a/": "report"}


def test_an_address_alone_leads_where_a_picture_links():
    markup = '<a href="/xxgk/xxgknb/index.html"><img src="nb.jpg"></a><a href="/xxgk/zfgznb/"><img></a>'
    assert found(markup) == {"/xxgk/xxgknb/index.html": "listing"}


def test_pictures_and_styles_are_never_followed():
    assert found(anchor("政府信息公开年报", "/nb.jpg") + anchor("信息公开年报", "/nb.css?v=1")) == {}


@pytest.mark.parametrize(
    ("markup", "reached", "place"),
    [
        ("", Reached(), ANYWHERE),
        ("", Reached(f"{HOST}/xxgk/", "listing", 10), DISCLOSURE),
        ("<title>信息公开指南</title>", Reached(f"{HOST}/a/", "listing", 10), DISCLOSURE),
        ("<title>政府信息公开年报_乌有县</title>", Reached(f"{HOST}/a/", "listing", 10), ANNUAL),
        ('<meta name="ColumnType" content="信息公开年报">', Reached(f"{HOST}/a/", "listing", 10), ANNUAL),
        (
            "<p>当前位置：<a href=/>首页</a><a href=/x>信息公开年报</a><a href=/y>部门</a></p>",
            Reached(f"{HOST}/a/", "listing", 10),
            ANNUAL,
        ),
        ("", Reached(f"{HOST}/a/", "listing", 90), ANNUAL),
        ("", Reached(f"{HOST}/zfxxgk/zfxxgknb/bm/", "listing", 10), ANNUAL),
    ],
)
def test_a_page_or_the_way_to_it_tells_where_we_are(markup, reached, place):
    assert place_of(Page(reached.url, markup), reached) == place


def test_inside_a_column_every_line_counts_however_it_is_worded():
    markup = """<ul><li><a href="1.html">乌有县人民医院政务信息公开情况</a><span>2018-03-16</span></li>
    <li><a href="2.html">2023年政府工作报告</a><span>2018-03-16</span></li></ul>
    <a href="/">首页</a><a href="/news/">要闻动态</a>"""
    assert found(markup, COLUMN) == {"/zwgk/nb/1.html": "report"}


def test_inside_a_column_years_tiers_and_units_lead_on():
    markup = "".join(
        [
            anchor("2023年", "2023/"),
            anchor("县直部门", "bm/"),
            anchor("乡镇年报", "/xz/"),
            anchor("教育局", "jyj/"),
            anchor("教育局", "/jyj/"),  # the department's own pages, outside the column
        ]
    )
    assert found(markup, COLUMN) == {
        "/zwgk/nb/2023/": "listing",
        "/zwgk/nb/bm/": "listing",
        "/xz/": "listing",
        "/zwgk/nb/jyj/": "report",
    }


def test_the_pages_of_a_column_promise_what_the_column_promised():
    survey_ = look('<script>createPageHTML(2,0,"index","html")</script>', COLUMN)
    assert survey_.links == (Link(f"{HOST}/zwgk/nb/index_1.html", "listing", 90, 2),)
    assert survey_.family == "trs"


def test_lists_elsewhere_are_not_paged_through():
    reached = Reached(f"{HOST}/zwgk/", "listing", 30, 1)
    assert found('<script>createPageHTML(99,0,"index","html")</script>', reached) == {}


@pytest.mark.parametrize(
    ("markup", "reached", "kind"),
    [
        (PROSE, COLUMN, "report"),  # the year's link led straight to the report
        (f"{PROSE}<option value=http://www.nanke.gov.cn/2005-12/26/content_2.htm>国情", COLUMN, "report"),
        (anchor("2023年年报", "2023.pdf"), COLUMN, "report"),  # which is a file
        ("<li><a href=1.html>甲</a>2024-01-15</li>", COLUMN, "listing"),
        ("", COLUMN, "listing"),
        (
            "".join(f"<li><a href=http://www.n{n}.gov.cn/>县</a>2024-01-15</li>" for n in range(4)),
            REPORT,
            "listing",  # of the reports of others
        ),
        (PROSE, REPORT, "report"),
        (
            "<li><a href=1/2.html>甲</a>2024-01-15</li><li><a href=1/3.html>乙</a>2024-01-15</li>",
            REPORT,
            "listing",
        ),
        (PROSE + "<li><a href=2.html>上一篇：甲</a>2024-01-15</li>", REPORT, "report"),
    ],
)
def test_a_page_shows_whether_it_is_the_list_or_the_report(markup, reached, kind):
    assert look(markup, reached).kind == kind


def test_a_report_leads_to_its_files_and_to_surely_named_reports_only():
    markup = (
        PROSE
        + anchor("附件：统计表", "P020240115.xls")
        + anchor("2022年政府信息公开年度报告", "/zwgk/nb/0.html")
        + anchor("县直部门", "bm/")
        + anchor("图解", "tj.pdf")
        + '<iframe src="/js/viewer.html?file=/f/2023.pdf"></iframe>'
    )
    assert found(markup, REPORT) == {
        "/zwgk/nb/P020240115.xls": "attachment",
        "/f/2023.pdf": "attachment",
        "/zwgk/nb/0.html": "report",
    }


def test_a_hop_promises_what_its_page_promised():
    [link] = look('<meta http-equiv="refresh" content="0;url=new/">', COLUMN).links
    assert link == Link(f"{HOST}/zwgk/nb/new/", "listing", 90, 3, hops=1)


def test_hops_stay_with_the_same_body_and_come_to_an_end():
    refresh = '<meta http-equiv="refresh" content="0;url={}">'
    assert look(refresh.format("http://jyj.wuyou.gov.cn/"), COLUMN).links
    assert not look(refresh.format("http://www.nanke.gov.cn/"), COLUMN).links
    assert not look(refresh.format("new/"), replace(COLUMN, hops=5)).links


def test_a_start_page_may_send_to_a_host_of_another_domain():
    refresh = '<meta http-equiv="refresh" content="3;url=http://www.nanke.gov.cn/">'
    home = Reached(f"{HOST}/", "home", 100, 0)
    assert [link.url for link in look(refresh, home).links] == ["http://www.nanke.gov.cn/"]
    assert look(refresh.replace("gov.cn", "com.cn"), home).links == ()


MENU = "".join(anchor(words, f"/{words}/") for words in ("首页", "新闻", "服务", "互动"))


@pytest.mark.parametrize(
    ("markup", "reached", "is_followed"),
    [
        ("", Reached(f"{HOST}/", "home", 100, 0), True),  # a frameset
        (MENU, Reached(f"{HOST}/", "home", 100, 0), False),  # the weather
        (MENU, COLUMN, True),
        (MENU + "<li><a href=1.html>甲</a>2024-01-15</li>", COLUMN, False),  # the lines are here
        (MENU, Reached(f"{HOST}/xxgk/", "listing", 10), True),
        (MENU, REPORT, True),
        (MENU + PROSE, REPORT, False),
    ],
)
def test_frames_are_followed_where_the_page_has_not_what_it_promises(markup, reached, is_followed):
    links = look(markup + '<iframe src="/main.html"></iframe>', reached).links
    assert (f"{HOST}/main.html" in {link.url for link in links}) is is_followed


def test_years_side_by_side_are_a_column_whatever_was_promised():
    years = "".join(f"<a href='{year}.html'>{year}年</a>" for year in range(2008, 2024))
    assert look(years, REPORT).kind == "listing"
    assert len(look(years, REPORT).links) == 16
    files = "".join(
        f"<li>{year}年度：<a href='{year}/a.html'>全文</a> <a href='{year}.pdf'>下载</a></li>"
        for year in (2019, 2020, 2021)
    )
    assert look(files, COLUMN).kind == "listing"
    assert len(look(files, COLUMN).links) == 6
    assert look(anchor("附件1", "1.pdf") + anchor("附件2", "2.pdf"), REPORT).kind == "report"


def test_the_newest_report_shown_by_its_column_leads_to_the_other_years():
    found_ = found(PROSE + anchor("2022年", "2022.html") + anchor("2021年度", "2021.html"), COLUMN)
    assert found_ == {"/zwgk/nb/2022.html": "listing", "/zwgk/nb/2021.html": "listing"}


def test_hubs_far_from_the_start_lead_nowhere_and_nothing_leads_for_ever():
    deep = Reached(f"{HOST}/a/", "listing", 30, 4)
    assert found(anchor("政务公开", "/b/"), deep) == {}
    assert found(anchor("信息公开年报", "/b/"), deep) == {"/b/": "listing"}
    assert found(anchor("信息公开年报", "/b/"), Reached(f"{HOST}/a/", "listing", 30, 12)) == {}


def test_an_address_is_named_once_with_its_best_promise():
    [link] = look(anchor("政务公开") + anchor("信息公开年报"), Reached()).links
    assert (link.score, link.text) == (90, "信息公开年报")


def test_a_link_to_an_attachment_counts_only_with_a_sure_title_or_in_a_column():
    assert RULES.promise(f"{HOST}/1.pdf", "办事指南", ANYWHERE) is None
    assert RULES.promise(f"{HOST}/1.pdf", "2023年政府信息公开年度报告", ANYWHERE) == Promise("attachment", 75)


def test_a_broken_rule_is_named():
    with pytest.raises(RulesError, match="nowhere"):
        Rules(
            "[limits]\n[never]\nwords=['x']\nfiles=[]\n[attachments]\nfiles=[]\n[places]\n"
            "[[words]]\npattern='a'\nkind='report'\nscore=1\nwhere='nowhere'\n"
        )


@pytest.mark.real
def test_the_saved_site_gives_all_its_reports_for_few_fetches(real_dir: Path):
    """Best first from the home page, as the frontier does it, over the files of the saved site."""
    folder = real_dir / "sites" / "www.zhecheng.gov.cn"
    frontier = {"http://www.zhecheng.gov.cn/": Link("http://www.zhecheng.gov.cn/", "home", 100, 0)}
    reports, fetched = set(), set()
    while pending := [link for url, link in frontier.items() if url not in fetched]:
        link = max(pending, key=lambda each: each.score)
        fetched.add(link.url)
        parts = urlsplit(link.url)
        file = folder / parts.path.lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            continue
        looked = survey(Page(link.url, *decode(file.read_bytes())), link)
        if looked.kind == "report":
            reports.add(parts.path)
        for each in looked.links:
            if urlsplit(each.url).hostname == parts.hostname:
                frontier.setdefault(each.url, each)
    assert reports == {f"/xxgk/xxgknb/bmnb/2018-07-12/{number}.html" for number in range(7477, 7492)}
    assert len(fetched) < 150


@given(
    href=st.text(alphabet=st.sampled_from("ab/:.?#[]@%;=&\\ 年\x00"), max_size=30),
    words=st.text(max_size=10),
)
@settings(max_examples=150, deadline=None)
def test_no_address_however_broken_stops_the_crawl(href, words):
    text = escape(href, quote=True)
    markup = f"""<base href="{text}"><meta http-equiv=refresh content="0;url={text}">
    <a href="{text}">信息公开年报{escape(words)}</a><li><a href="http://{text}">{escape(words)}</a>2024-01-15</li>
    <iframe src="{text}"></iframe><a href="{text}">下一页</a>"""
    for reached in (Reached(), COLUMN, REPORT):
        assert all(link.url.startswith(("http://", "https://")) for link in look(markup, reached).links)


def test_hosts_of_departments_are_named_and_servants_are_not():
    markup = """<a href="http://jyj.wuyou.gov.cn/">教育局</a> <a href="https://zrzy.wuyou.gov.cn/a?b">自然资源局</a>
    <a href="http://search.wuyou.gov.cn/s">搜索</a><a href="http://www.nanke.gov.cn/">南柯</a>
    <a href="http://jyj.wuyou.gov.cn.example.com/">冒名</a><a href="http://www.wuyou.gov.cn/">首页</a>"""
    assert look(markup, Reached()).hosts == ("jyj.wuyou.gov.cn", "zrzy.wuyou.gov.cn")
