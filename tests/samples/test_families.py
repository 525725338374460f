"""Each content system's list, turned over as its own script would in a browser, comes out whole and once."""

import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlencode, urlsplit

import lxml.html
import pytest

from samples.answers import Answer, Question
from samples.families import FAMILIES
from samples.site import Listing, Site
from samples.web import Host

Walk = Callable[[Host, Listing, str], Iterator[str]]
MOST = 20  # pages; a walk that takes more does not end


def get(host: Host, target: str, **headers: str) -> Answer:
    return host.answer(Question(target, headers=headers))


def post(host: Host, target: str, form: dict[str, str]) -> Answer:
    return host.answer(Question(target, "POST", urlencode(form).encode()))


def hrefs(markup: str) -> list[str]:
    return re.findall(r'<li><a(?: class="title")? href="([^"]+)"', markup)


def until_empty(turn: Callable[[int], list[str]]) -> Iterator[str]:
    for number in range(1, MOST):
        found = turn(number)
        if not found:
            return
        yield from found
    pytest.fail("a list without end")


def walk_was(host: Host, _: Listing, page: str) -> Iterator[str]:
    query = re.search(r'url:"([^"]+&page=)"', page)[1]
    return until_empty(lambda n: [doc["url"] for doc in json.loads(get(host, f"{query}{n}").body)["docs"]])


def walk_jpage(host: Host, _: Listing, page: str) -> Iterator[str]:
    """What is embedded, then group after group as `nextgroup` says."""
    yield from hrefs(page.partition("<datastore>")[2])
    group = re.search(r'<nextgroup><!\[CDATA\[<a href="([^"]+)"', page)[1]
    for number in range(2, MOST):
        found = hrefs(get(host, group.replace("page=1", f"page={number}")).body.decode())
        if not found:
            return
        yield from found


def walk_xxgk(host: Host, _: Listing, page: str) -> Iterator[str]:
    data = dict(re.findall(r'(\w+):"([^"]*)"', page))
    return until_empty(
        lambda n: hrefs(
            post(host, "/module/xxgk/search.jsp?texttype=", data | {"currpage": f"{n}"}).body.decode()
        )
    )


def walk_jpaas(host: Host, _: Listing, page: str) -> Iterator[str]:
    box = lxml.html.fromstring(page).get_element_by_id("list")
    query = urlencode(json.loads(box.get("querydata").replace("'", '"')))
    unit = f"{box.get('uniturl')}?{query}&rows=5&pageNo="
    return until_empty(
        lambda n: hrefs(
            json.loads(get(host, f"{unit}{n}", referer=f"http://{host.site.host}/").body)["data"]["html"]
        )
    )


def walk_gkmlpt(host: Host, listing: Listing, page: str) -> Iterator[str]:
    del page  # an address within /gkmlpt/index, whose tree knows the column
    index = get(host, "/gkmlpt/index").body.decode()
    config = json.loads(re.search(r"_CONFIG = (.*?);</script>", index)[1])
    (number,) = [node["id"] for node in nodes(config["TREE"]) if node["name"] == listing.name]
    return until_empty(lambda n: articles(host, f"/gkmlpt/api/all/{number}?page={n}&sid={config['SID']}"))


def nodes(tree: list[dict]) -> Iterator[dict]:
    for node in tree:
        yield node
        yield from nodes(node["children"])


def articles(host: Host, target: str) -> list[str]:
    return [each["url"] for each in json.loads(get(host, target).body)["articles"]]


def walk_lonsun(host: Host, _: Listing, page: str) -> Iterator[str]:
    query = re.search(r'\$\.get\("([^"]+pageIndex=)"', page)[1].replace("&amp;", "&")
    return until_empty(lambda n: hrefs(get(host, f"{query}{n}").body.decode()))


def walk_ucap(host: Host, _: Listing, page: str) -> Iterator[str]:
    query = re.search(r'getJSON\("([^"]+&page=)1"', page)[1]
    return until_empty(
        lambda n: [each["url"] for each in json.loads(get(host, f"{query}{n}").body)["data"]["results"]]
    )


def walk_query_list(host: Host, _: Listing, page: str) -> Iterator[str]:
    code, channel = re.search(r'webSiteCode = "(\w+)", channelCode = "(\w+)"', page).groups()
    form = {
        "pageSize": "5",
        "webSiteCode[]": code,
        "channelCode[]": channel,
        "sort": "sortNum",
        "order": "desc",
    }

    def turn(number: int) -> list[str]:
        answer = json.loads(post(host, "/queryList", form | {"current": f"{number}"}).body)
        return [json.loads(each["source"]["urls"])["pc"] for each in answer["data"]["results"]]

    return until_empty(turn)


def walk_aspnet(host: Host, listing: Listing, page: str) -> Iterator[str]:
    """Press 下一页 as long as there is one."""
    target = FAMILIES["aspnet"].listing(host.site, listing, 1, 1)
    while True:
        tree = lxml.html.fromstring(page)
        yield from tree.xpath("//table[@id='GridView1']//a/@href")
        pressed = re.search(r"__doPostBack\('(\w+)','(\d+)'\)\">下一页", page)
        if pressed is None:
            return
        hidden = {field.name: field.value for field in tree.xpath("//input[@type='hidden']")}
        event = {"__EVENTTARGET": pressed[1], "__EVENTARGUMENT": pressed[2]}
        page = post(host, target, hidden | event).body.decode(host.site.encoding)


def walk_scripted(host: Host, listing: Listing, page: str) -> Iterator[str]:
    """Ask or post as the page's script does, for one page after the other."""
    family = FAMILIES[host.site.family]
    asked = re.search(r'(?:url:|post\()"([^"]+)"', page)[1].replace("&amp;", "&")
    sent = dict(re.findall(r'(\w+):"([^"]*)"', page.partition("post(")[2]))

    def turn(number: int) -> list[str]:
        if family.method == "GET":
            return addresses_in(get(host, f"{asked}{number}").body)
        form = sent | {family.page: f"{number}", family.size: f"{listing.page_size}"}
        return addresses_in(post(host, asked, form).body)

    return until_empty(turn)


def addresses_in(answer: bytes) -> list[str]:
    return re.findall(r'"(?:url|URL|docpuburl|infourl)":"([^"]+)"', answer.decode())


def walk_easysite(host: Host, _: Listing, page: str) -> Iterator[str]:
    yield from hrefs(page.partition("easysite-news")[2])
    asked = re.search(r"'(/eportal/ui[^']+=)2'", page)[1].replace("&amp;", "&")
    yield from until_empty(lambda n: hrefs(get(host, f"{asked}{n + 1}").body.decode()))


def walk_ilist(host: Host, _: Listing, page: str) -> Iterator[str]:
    yield from hrefs(page.partition('"list"')[2])
    for target in re.findall(r'<a href="([^"]+)">\d+</a>', page.partition('"pager"')[2]):
        yield from hrefs(get(host, target.replace("&amp;", "&")).body.decode().partition('"list"')[2])


WALKS: dict[str, Walk] = {
    "heichi": walk_was,
    "junzi": walk_jpage,
    "laomin": walk_xxgk,
    "xuangu": walk_jpaas,
    "maomin": walk_gkmlpt,
    "baimin": walk_lonsun,
    "shushi": walk_ucap,
    "liangmian": walk_query_list,
    "shouma": walk_aspnet,
    "rouli": walk_jpage,
    "yimu": walk_scripted,
    "sanshen": walk_scripted,
    "qigong": walk_scripted,
    "jiaojing": walk_scripted,
    "sanshou": walk_scripted,
    "yibi": walk_easysite,
    "zhourao": walk_ilist,
}


def hosted(whole: tuple[Site, ...], name: str) -> Host:
    return Host(next(site for site in whole if site.host == f"www.{name}.gov.cn"))


@pytest.mark.parametrize("name", WALKS)
def test_a_list_turned_over_by_its_script_is_whole(whole, name):
    host = hosted(whole, name)
    listings = [each for each in host.site.listings if any(entry.report for entry in each.entries)]
    listing = next((each for each in listings if each.by_script), listings[0])
    address = FAMILIES[host.site.family].listing(host.site, listing, 1, 1).partition("#")[0]
    page = get(host, address).body.decode(host.site.encoding)
    found = list(WALKS[name](host, listing, page))
    base = f"http://{host.site.host}"
    assert [url.removeprefix(base) for url in found] == [path for _, path in host.plan.linked[listing.path]]
    assert all(
        get(host, urlsplit(url)._replace(scheme="", netloc="").geturl()).status == 200 for url in found
    )


def test_a_browser_s_page_number_changes_nothing_on_jpage(whole):
    host = hosted(whole, "junzi")
    path = next(path for path in host.pages if path.startswith("/col/"))
    assert get(host, f"{path}?uid=1&pageNum=3").body == get(host, path).body


def test_a_wrong_unit_gives_jpage_s_empty_datastore(whole):
    host = hosted(whole, "junzi")
    answer = get(host, "/module/web/jpage/dataproxy.jsp?columnid=1&unitid=2&startrecord=1&endrecord=45")
    assert answer.status == 200
    assert b"<totalrecord>0</totalrecord>" in answer.body


def test_the_departments_reports_are_there_by_area_and_year(whole):
    host = hosted(whole, "laomin")
    page = next(page for page in host.pages.values() if page.context.get("script", {}).get("areas"))
    tree = lxml.html.fromstring(page.draw().decode())
    areas, years = (tree.xpath(f"//select[@name='{name}']/option/@value") for name in ("area", "fbtime"))
    for area in areas:
        for year in years:
            answer = get(host, f"/module/xxgk/xxgkAnnualReport.jsp?fbtime={year}&area={area}")
            assert f"{year}年政府信息公开工作年度报告" in answer.body.decode()


def test_jpaas_tells_nothing_to_those_who_come_from_nowhere(whole):
    assert (
        get(hosted(whole, "xuangu"), "/api-gateway/jpaas-publish-server/front/page/build/unit").status == 403
    )


def test_gkmlpt_has_nothing_for_a_wrong_sid(whole):
    assert articles(hosted(whole, "maomin"), "/gkmlpt/api/all/99020513?page=1&sid=1") == []


def test_aspnet_refuses_a_view_state_that_it_never_gave(whole):
    host = hosted(whole, "shouma")
    path = next(path for path in host.pages if path.startswith("/InfoList"))
    event = {"__EVENTTARGET": "AspNetPager1", "__EVENTARGUMENT": "2", "__VIEWSTATE": "guessed"}
    assert post(host, path, event).status == 500
