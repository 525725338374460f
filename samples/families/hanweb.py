"""大汉 Hanweb's three generations: jpage lists, the xxgk module, and JPAAS in the cloud."""

from typing import Any
from urllib.parse import urlencode

from samples.answers import XML, Answer, Question, in_json
from samples.families.base import Family, Shelf, anchor, hexadecimal, lines, number_of
from samples.site import Entry, Listing, Site

GROUP = 3  # pages of a list that come with one answer of the data proxy


class Jpage(Family):
    """`<datastore>` holds the first pages as records; the data proxy gives the rest, by POST or GET.

    `?uid=..&pageNum=N` on the column itself changes nothing: it is for the browser's script.
    """

    turns_by_script = True
    vessel = ('<div class="bt-content"><div id="zoom"><!--ZJEG_RSS.content.begin-->', "</div></div>")
    proxy = "/module/web/jpage/dataproxy.jsp"

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del number, last
        return f"/col/col{number_of(site, listing)}/index.html"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        day = entry.day
        return f"/art/{day.year}/{day.month}/{day.day}/art_{number_of(site, listing)}_{serial}.html"

    def script(self, shelf: Shelf, listing: Listing) -> dict[str, Any]:
        embedded = shelf.of(listing)[: GROUP * listing.page_size]
        column = number_of(shelf.site, listing)
        return {
            "column": column,
            "unit": column + 3000,
            "web": int(shelf.site.region) % 1000,
            "proxy": self.proxy,
            "records": records(embedded),
            "has_more": len(embedded) < len(shelf.of(listing)),
        }

    def answer(self, shelf: Shelf, question: Question) -> Answer | None:
        """Rows `startrecord` to `endrecord`, or the page's group; a wrong unit gives an empty datastore."""
        if question.path != self.proxy:
            return None
        listing = shelf.by_number.get(question.form.get("columnid", ""))
        entries = shelf.of(listing) if listing and self.is_right(shelf, listing, question) else []
        if "startrecord" in question.form:
            shown = entries[question.number("startrecord") - 1 : question.number("endrecord", 15)]
        else:
            size = GROUP * (listing.page_size if listing else 1)
            shown = entries[(question.number("page") - 1) * size : question.number("page") * size]
        total = f"<totalrecord>{len(entries)}</totalrecord><totalpage>{-(-len(entries) // 15)}</totalpage>"
        text = f"<datastore>{total}<recordset>{records(shown)}</recordset></datastore>"
        return Answer(200, f"<?xml version='1.0' encoding='UTF-8'?>{text}".encode(), XML)

    def is_right(self, shelf: Shelf, listing: Listing, question: Question) -> bool:
        return question.form.get("unitid") == str(self.script(shelf, listing)["unit"])


class JpageByGet(Jpage):
    """Its column and unit are told in cipher (nhsa, nrta): only the next group's address can be followed."""

    def script(self, shelf: Shelf, listing: Listing) -> dict[str, Any]:
        plain = super().script(shelf, listing)
        column, unit = (hexadecimal(shelf.site, plain[name])[:11] + "==" for name in ("column", "unit"))
        return plain | {"column": column, "unit": unit}

    def answer(self, shelf: Shelf, question: Question) -> Answer | None:
        plain = {self.script(shelf, each)["column"]: number for number, each in shelf.by_number.items()}
        if question.method != "GET" or question.path != self.proxy:
            return None
        column = plain.get(question.query.get("columnid", ""), "")
        told = urlencode(question.query | {"columnid": column})
        return super().answer(shelf, Question(f"{self.proxy}?{told}"))


def records(entries: list[tuple[Entry, str]]) -> str:
    return "".join(f"<record><![CDATA[\n{lines([each])}]]></record>" for each in entries)


class Xxgk(Jpage):
    """The module 政府信息公开目录: lists by POST to search.jsp, a unit's report by area and year."""

    search = "/module/xxgk/search.jsp"
    annual = "/module/xxgk/xxgkAnnualReport.jsp"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        """A department's report has no page of its own in the list: it is asked for by area and year."""
        if entry.report and listing.by_area:
            return f"{self.annual}?fbtime={entry.report.year}&area={area_of(site, entry.source)}"
        return super().entry(site, listing, entry, serial)

    def script(self, shelf: Shelf, listing: Listing) -> dict[str, Any]:
        reports = [entry for entry, _ in shelf.of(listing) if entry.report]
        areas = {entry.source: area_of(shelf.site, entry.source) for entry in reports}
        years = sorted({entry.report.year for entry in reports if entry.report}, reverse=True)
        column = number_of(shelf.site, listing)
        return {
            "column": column,
            "site_number": int(shelf.site.region) % 1000,
            "theme": f"B{column % 1000:03}A012",
            "areas": areas if listing.by_area else {},
            "years": years,
        }

    def answer(self, shelf: Shelf, question: Question) -> Answer | None:
        """The list of a theme, `currpage` of it; beyond the last page a list without lines."""
        if question.path != self.search or question.method != "POST":
            return None
        listing = next(
            (
                each
                for each in shelf.site.listings
                if self.script(shelf, each)["theme"] == question.form.get("infotypeId") and not each.by_area
            ),
            None,
        )
        shown = shelf.turn(listing, question.number("currpage")) if listing else []
        rows = "".join(f"<li>{anchor(*each)}<b>{each[0].published}</b></li>" for each in shown)
        total = len(shelf.of(listing)) if listing else 0
        pager = f'<div class="pagestyle">共<b>{total}</b>条记录 第{question.number("currpage")}页</div>'
        return Answer(200, f'<div class="zfxxgk_zdgkc"><ul>{rows}</ul></div>{pager}'.encode())


def area_of(site: Site, publisher: str) -> str:
    """A unified social credit code: 11, six digits of the region, nine of the body, a check digit."""
    return f"11{site.region}{hexadecimal(site, sum(map(ord, publisher)))[:9].upper()}X"


class Jpaas(Family):
    """The cloud system: pages of a list are fragments in JSON, for those who say where they come from."""

    turns_by_script = True
    vessel = ('<div class="article-content"><div id="zoom">', "</div></div>")
    unit = "/api-gateway/jpaas-publish-server/front/page/build/unit"

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del number, last
        return f"/col/{number_of(site, listing) % 100000}_{site.region}/index.html"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        column = number_of(site, listing)
        return f"/col/col{column}/art/{entry.day.year}/art_{hexadecimal(site, serial)}.html"

    def script(self, shelf: Shelf, listing: Listing) -> dict[str, Any]:
        column = hexadecimal(shelf.site, number_of(shelf.site, listing))
        names = {
            "parseType": "bulidstatic",  # as it is written there
            "webId": hexadecimal(shelf.site, 1),
            "tplSetId": hexadecimal(shelf.site, 2),
            "pageType": "column",
            "tagId": "当前栏目list",
            "editType": "null",
            "pageId": column,
        }
        return {"unit": self.unit, "names": names}

    def answer(self, shelf: Shelf, question: Question) -> Answer | None:
        if question.path != self.unit:
            return None
        if shelf.site.host not in question.headers.get("referer", ""):
            return Answer(403, b"<html><body>403 Forbidden</body></html>")
        listing = next((each for each in shelf.site.listings if self.is_asked(shelf, each, question)), None)
        if listing is None:
            return in_json({"success": False, "code": "500", "message": "参数错误", "data": None})
        size, number = question.number("rows", listing.page_size), question.number("pageNo")
        shown = lines(shelf.turn(listing, number, size))
        html = f'<div class="page-content"><ul class="list">{shown}</ul></div>'
        return in_json({"success": True, "code": "200", "message": "操作成功", "data": {"html": html}})

    def is_asked(self, shelf: Shelf, listing: Listing, question: Question) -> bool:
        names = self.script(shelf, listing)["names"]
        return all(
            question.query.get(name) == names[name] for name in ("webId", "tplSetId", "pageId", "tagId")
        )
