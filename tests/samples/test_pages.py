"""The pages show the figures, in tables whose spans fit, and name no host that could exist."""

import re
from collections import Counter
from urllib.parse import urlsplit

import lxml.html
import pytest

from samples.families import FAMILIES
from samples.forms import disclosure, load_form, proceedings, requests, retyped_requests, torn_requests
from samples.pages import build_pages
from samples.plan import Plan
from samples.truth import truth

NUMBER_OF_REPORTS = 41


def printed_cells(body: bytes, encoding: str) -> list[str]:
    """Read every cell of the report's own tables, in document order."""
    page = lxml.html.fromstring(body.decode(encoding))
    tables = page.xpath("//table[starts-with(@class, 'MsoNormal') or @width='98%']")
    return [" ".join(cell.text_content().split()) for table in tables for cell in table.iter("td")]


def width_at(layout, row: int) -> int:
    """Count the slots that cover a row, those that span down into it too."""
    above = (slot for number in range(row) for slot in layout[number] if number + slot.row_span > row)
    return sum(slot.column_span for slot in (*above, *layout[row]))


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_spans_tile_every_table(form):
    official = load_form(form)
    layouts = {
        4: [disclosure(official)],
        10: [requests(official), retyped_requests(official), *torn_requests(official)],
        15: [proceedings()],
    }
    for width, tables in layouts.items():
        for layout in tables:
            assert {width_at(layout, row) for row in range(len(layout))} == {width}
            assert all(
                number + slot.row_span <= len(layout) for number, row in enumerate(layout) for slot in row
            )


def test_every_figure_stands_on_its_page_in_order(expected, pages):
    assert len(expected) == NUMBER_OF_REPORTS
    for report in expected:
        page = pages[report.url]
        cells = printed_cells(page.draw(), page.site.encoding)
        if report.figures is None:
            assert cells == []
            continue
        texts = iter(cells)
        missing = [code for code, cell in report.figures.cells.items() if cell.text not in texts]
        assert missing == [], report.url


def test_every_report_is_reachable_from_home_in_some_listing(expected, pages):
    for report in expected:
        name = report.url.rpartition("/")[2]
        here = [
            page for url, page in pages.items() if url != report.url and urlsplit(url).hostname == report.host
        ]
        linking = [page for page in here if name in page.draw().decode(page.site.encoding)]
        assert any(page.context.get("kind") == "listing" for page in linking), report.url


def test_pages_are_drawn_the_same_every_time(pages):
    for page in list(pages.values())[:20]:
        assert page.draw() == page.draw()


def test_every_host_named_is_invented(whole):
    """Own hosts and their dead neighbours lie under invented names; all others end as RFC 2606 reserves."""
    own = {site.host for site in whole}
    invented = re.compile(
        r"(.*\.)?(wuyou|nanke|zixu|shenjing|huaxu|huaian-dream)\.gov\.cn|.*\.example|zfwzxx\.example"
    )
    for site in whole:
        for page in build_pages(site).values():
            is_file = bool(page.content_type)
            text = "" if is_file else page.draw().decode(site.encoding)
            for host in re.findall(r"https?://([a-z0-9.-]+)", text, re.IGNORECASE):
                known = host in own or invented.fullmatch(host) or host == "www.w3.org"
                assert known, (site.host, page.address, host)


def test_the_old_site_lies_about_its_encoding(pages):
    page = pages["http://www.zixu.gov.cn/zfxxgk/ndbg/szf/list.htm"]
    assert b"charset=gb2312" in page.draw()
    body = next(
        page.draw() for url, page in pages.items() if "zixu" in url and page.title.endswith("①号桥墩顺利封顶")
    )
    assert "云梦大桥" in body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_some_bytes_are_beyond_the_declared_gb2312(pages):
    bodies = [page.draw() for url, page in pages.items() if url.startswith("http://www.zixu.gov.cn/")]
    assert any(not decodes(body, "gb2312") and decodes(body, "gb18030") for body in bodies)


def decodes(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def test_every_look_alike_is_somewhere(pages):
    titles = " ".join(page.title for page in pages.values())
    for word in (
        "政府工作报告",
        "企业年度报告",
        "法治政府建设年度报告",
        "政务公开工作总结",
        "图解",
        "解读",
        "编制和发布工作的通知",
    ):
        assert word in titles


SHAPES = {
    "trs": r"/\d{6}/t\d{8}_\d+\.s?html",
    "empire": r"/\d{4}-\d\d-\d\d/\d+\.html",
    "plain": r"/html/\d{8}/\d+\.htm",
    "vsb": r"/info/\d+/\d+\.htm",
    "siteserver": r"/contents/\w+/\d{6}/c_\d+\.shtml",
    "uuid": r"/columns/[0-9a-f-]{36}/\d{6}/\d\d/[0-9a-f-]{36}\.html",
    "trs_was": r"/\d{6}/t\d{8}_\d+\.html",
    "jpage": r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html",
    "xxgk": r"/art/.*/art_\d+_\d+\.html|/module/xxgk/xxgkAnnualReport\.jsp\?fbtime=\d{4}&area=11\w{16}",
    "jpaas": r"/col/col\d+/art/\d{4}/art_[0-9a-f]{32}\.html",
    "gkmlpt": r"/content/\d+/\d+/post_\d+\.html",
    "lonsun": r"/public/\d+/\d+\.html|/content/detail/[0-9a-f]{24}\.html",
    "ucap": r"/c\d{5,6}/\d{6}/[0-9a-f]{32}\.shtml",
    "query_list": r"/\w+/\d{6}/[0-9a-f]{32}\.shtml",
    "aspnet": r"/InfoPublic\.aspx\?cid=\d+&pid=\d+",
    "jpage_get": r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html",
    **dict.fromkeys(
        ("trs_igs", "fjdzapp", "suzhou", "chinatax", "cac", "easysite"), r"/\d{6}/t\d{8}_\d+\.html"
    ),
    "ilist": r"/info/egovinfo/\d+/content/\d{6}/\d+\.htm",
    **dict.fromkeys(("in_script", "json_file", "xml_file"), r"/\w+/\d+\.html"),
    "years": r"/\w+/\d+/\d+\.html",
}
FILE = r"/upload/[0-9a-f]{8}\.(?:pdf|docx)"  # to which a list links itself, whatever the system


def test_the_systems_name_their_pages_as_real_ones_do(whole):
    assert set(SHAPES) == set(FAMILIES) == {site.family for site in whole}
    for site in whole:
        addresses = [address for items in Plan(site).addressed.values() for _, address in items]
        assert len(set(addresses)) == len(addresses), site.host
        for address in addresses:
            assert re.search(f"(?:{SHAPES[site.family]}|{FILE})$", address)


def test_each_system_has_a_site_with_ten_reports_or_more(whole):
    reports = Counter(item.host for item in truth(whole))
    large = {site.family for site in whole if reports[site.host] >= 10}
    assert large == set(FAMILIES)
