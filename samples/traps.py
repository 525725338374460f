"""What a crawler falls into: pages without end that look like more of what it wants.

Each trap has its entrance on the home page of the sites that name it, and none of them leads to a report that
is not found without it.
"""

from html import escape
from random import Random

from samples.answers import Answer, Question, hop
from samples.site import Site

Anchor = tuple[str, str]  # words and address


class Trap:
    """`root` is the path under which all of it lies; `entrances` are its links on the home page."""

    root: str
    entrances: tuple[Anchor, ...]

    def answer(self, site: Site, question: Question) -> Answer:
        raise NotImplementedError


class Calendar(Trap):
    """A calendar with a next month, for ever."""

    root = "/rili/"
    entrances = (("信息公开日历", "/rili/?year=2026&month=4"),)

    def answer(self, site: Site, question: Question) -> Answer:
        year, month = question.number("year", 2026), question.number("month", 1)
        turns = [(f"{y}年{m}月", f"/rili/?year={y}&month={m}") for y, m in around(year, month)]
        days = [(str(day), f"/rili/?year={year}&month={month}&day={day}") for day in range(1, 29)]
        return page(site, f"信息公开日历{year}年{month}月", [*turns, *days])


def around(year: int, month: int) -> list[tuple[int, int]]:
    before = (year - 1, 12) if month == 1 else (year, month - 1)
    after = (year + 1, 1) if month == 12 else (year, month + 1)
    return [before, after, (year - 1, month), (year + 1, month)]


class Years(Trap):
    """A column of annual reports by year, in which there is always an earlier year, and never a report."""

    root = "/ndll/"
    entrances = (("政府信息公开年报年度浏览", "/ndll/?year=2025"),)

    def answer(self, site: Site, question: Question) -> Answer:
        year = question.number("year", 2025)
        years = [(f"{each}年", f"/ndll/?year={each}") for each in range(year - 5, year + 6) if each != year]
        return page(site, f"政府信息公开年报 {year}年", years)


class Mailbox(Trap):
    """A million letters, many of which ask for the annual report."""

    root = "/ldxx/"
    entrances = (("领导信箱", "/ldxx/?page=1"), ("信件选登：信息公开年报在哪里看", "/ldxx/letter?id=999983"))

    def answer(self, site: Site, question: Question) -> Answer:
        serial, number = question.number("id", 999983), question.number("page")
        letters = [
            (f"咨询{2010 + each % 16}年政府信息公开年报", f"/ldxx/letter?id={each}")
            for each in range(serial - 20 * number, serial - 20 * number + 20)
        ]
        return page(site, "领导信箱 信件选登", [*letters, ("下一页", f"/ldxx/?page={number + 1}")])


ORDERS = {"sort": "按{}排序", "order": "{}序", "print": "打印版{}", "size": "{}号字", "view": "{}视图"}


class Sorted(Trap):
    """One list in every order, each with a print view and a larger type."""

    root = "/nbpx/"
    entrances = (("信息公开年报（列表）", "/nbpx/?sort=date"),)

    def answer(self, site: Site, question: Question) -> Answer:
        asked = question.query
        links = []
        for name, words in ORDERS.items():
            for value in "1234":
                query = "&".join(f"{key}={each}" for key, each in {**asked, name: value}.items())
                links.append((f"信息公开年报{words.format(value)}", f"/nbpx/?{query}"))
        return page(site, "政府信息公开年报 列表", links)


class Sessions(Trap):
    """Every link of the page has a session id of its own, and every page is the same."""

    root = "/nbhh/"
    entrances = (("信息公开年报（会话）", "/nbhh/index.do"),)

    def answer(self, site: Site, question: Question) -> Answer:
        random = Random(f"{site.host} {question.target}")
        ids = ["".join(random.choices("0123456789ABCDEF", k=32)) for _ in range(3)]
        return page(
            site,
            "政府信息公开年报",
            [
                ("信息公开年报", f"/nbhh/index.do;jsessionid={ids[0]}"),
                ("信息公开年报目录", f"/nbhh/index.do?PHPSESSID={ids[1]}"),
                ("信息公开年报汇总", f"/nbhh/{ids[2]}/index.do"),
            ],
        )


class Echo(Trap):
    """A pager that has a next page whatever is asked, and shows the same lines on each."""

    root = "/nbfy/"
    entrances = (("信息公开年报（翻页）", "/nbfy/?page=1"),)

    def answer(self, site: Site, question: Question) -> Answer:
        number = question.number("page")
        lines = [(f"{site.name}政务要闻{each}", f"/nbfy/yw{each}.html") for each in range(8)]
        turns = [("上一页", f"/nbfy/?page={number - 1}"), ("下一页", f"/nbfy/?page={number + 1}")]
        return page(site, "政府信息公开年报", [*lines, *turns])


class Mirror(Trap):
    """Copies of everything in traditional characters, without barriers, in large type: each leads to all."""

    root = "/mirror/"
    entrances = (
        ("繁體版信息公開年報", "/mirror/big5/zwgk/"),
        ("信息公开年报（无障碍）", "/mirror/wza/zwgk/"),
        ("信息公开年报（长者版）", "/mirror/zzb/zwgk/"),
    )

    def answer(self, site: Site, question: Question) -> Answer:
        path = question.path.removeprefix(self.root)
        links = [("信息公开年报", f"{self.root}{copy}/{path}") for copy in ("big5", "wza", "zzb")]
        return page(site, "政府信息公开年报", links)


class Loop(Trap):
    """Redirects in a circle, and one that never comes round."""

    root = "/tiaozhuan/"
    entrances = (("信息公开年报（新版）", "/tiaozhuan/a"), ("信息公开年报（旧版）", "/tiaozhuan/n?n=1"))

    def answer(self, site: Site, question: Question) -> Answer:
        del site
        if question.path.endswith("/n"):
            return hop(f"/tiaozhuan/n?n={question.number('n') + 1}")
        return hop("/tiaozhuan/b" if question.path.endswith("/a") else "/tiaozhuan/a")


def page(site: Site, title: str, anchors: list[Anchor]) -> Answer:
    rows = "".join(f'<li><a href="{escape(address)}">{words}</a></li>' for words, address in anchors)
    place = f'<div class="position">当前位置：<a href="/">首页</a> &gt; {title}</div>'
    head = f'<head><meta charset="{site.declares}"><title>{title}-{site.name}</title></head>'
    text = f"<!DOCTYPE html><html>{head}<body>{place}<ul>{rows}</ul><p>{site.icp_number}</p></body></html>"
    return Answer(200, text.encode(site.encoding), f"text/html; charset={site.declares}")


TRAPS: dict[str, Trap] = {
    "calendar": Calendar(),
    "years": Years(),
    "mailbox": Mailbox(),
    "sorted": Sorted(),
    "sessions": Sessions(),
    "echo": Echo(),
    "mirror": Mirror(),
    "loop": Loop(),
}
