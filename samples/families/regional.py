"""Systems that whole provinces share: 广东 gkmlpt, 安徽 龙讯 Lonsun, 开普 UCAP, 江西's query list."""

import json
from typing import Any

from samples.answers import Answer, Question, in_json
from samples.families.base import Family, Shelf, anchor, hexadecimal, number_of, pages_of
from samples.site import Entry, Linked, Listing, Site


class Gkmlpt(Family):
    """广东's platform: the tree of columns stands in `_CONFIG` of /gkmlpt/index, the lists come as JSON.

    What lies outside the column of disclosure is an ordinary portal (index_2.html is its second page).
    """

    vessel = ('<div class="article-content">', "</div>")

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del last
        if listing.path == "gkmlpt":
            return "/gkmlpt/index"
        if self.is_inside(listing):
            return f"/gkmlpt/index#{number_of(site, listing)}"
        return f"/{listing.path}/index{f'_{number}' if number > 1 else ''}.html"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        del site, entry
        folder = "/gkmlpt/content" if self.is_inside(listing) else f"/{listing.path}/content"
        return f"{folder}/{serial // 10**6}/{serial // 1000}/post_{serial}.html"

    @staticmethod
    def is_inside(listing: Listing) -> bool:
        return listing.path.startswith("gkmlpt")

    def is_drawn(self, listing: Listing, number: int) -> bool:
        return (not self.is_inside(listing)) or (listing.path == "gkmlpt" and number == 1)

    def script(self, shelf: Shelf, listing: Listing) -> dict[str, Any]:
        if listing.path != "gkmlpt":
            return {"config": ""}
        config = {
            "SID": self.sid(shelf.site),
            "SERVICE_AREA_ID": shelf.site.region,
            "TREE": self.tree(shelf.site, "gkmlpt"),
        }
        return {"config": json.dumps(config, ensure_ascii=False)}

    def tree(self, site: Site, path: str) -> list[dict[str, Any]]:
        return [
            {
                "id": number_of(site, child),
                "name": child.name,
                "jump_url": "",
                "post_count": len(child.entries),
                "children": self.tree(site, child.path),
            }
            for child in site.children(path)
        ]

    @staticmethod
    def sid(site: Site) -> str:
        return f"{site.region}01"

    def answer(self, shelf: Shelf, question: Question) -> Answer | None:
        """The articles of a column, page by page; a wrong SID has none."""
        head, _, number = question.path.rpartition("/")
        if head != "/gkmlpt/api/all":
            return None
        listing = shelf.by_number.get(number)
        if listing is None or question.query.get("sid") != self.sid(shelf.site):
            return in_json({"classify": None, "articles": []})
        shown = shelf.turn(listing, question.number("page"))
        articles = [self.article(shelf.site, listing, *each) for each in shown]
        classify = {"id": int(number), "name": listing.name, "post_count": len(shelf.of(listing))}
        return in_json({"classify": classify, "articles": articles})

    @staticmethod
    def article(site: Site, listing: Listing, entry: Entry, address: str) -> dict[str, Any]:
        url = f"{site.named}{address}"
        return {
            "id": int(address.rpartition("_")[2].partition(".")[0]),
            "title": entry.title,
            "url": url,
            "post_url": url,
            "document_number": "",
            "publisher": entry.source,
            "date": str(entry.published),
            "display_publish_time": f"{entry.published} 10:20:30",
            "abstract": "",
            "classify_main_name": listing.name,
            "attachment": [],
            "is_expired": 0,
            "is_abolished": 0,
        }


class Lonsun(Family):
    """安徽 龙讯: a unit's reports are type 3 of its public column; fragments come from /site/label/8888."""

    turns_by_script = True
    vessel = ('<div class="wzcon j-fontContent">', "</div>")
    label = "/site/label/8888"

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del number, last
        if not listing.type_code:
            return f"/site/tpl/{number_of(site, listing)}"
        return f"/public/column/{self.organ(site, listing)}?type={listing.type_code}&action=list"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        del entry
        if not listing.type_code:
            return f"/content/detail/{hexadecimal(site, serial)[:24]}.html"
        return f"/public/{self.organ(site, listing)}/{serial}.html"

    @staticmethod
    def organ(site: Site, listing: Listing) -> int:
        """The unit whose column it is."""
        return int(site.region) * 10 + site.listings.index(listing)

    def script(self, shelf: Shelf, listing: Listing) -> dict[str, Any]:
        names = {
            "IsAjax": "1",
            "dataType": "html",
            "labelName": "publicInfoList",
            "siteId": shelf.site.region,
            "pageSize": str(listing.page_size),
            "action": "list",
            "isDate": "true",
            "dateFormat": "yyyy-MM-dd",
            "length": "80",
            "organId": str(self.organ(shelf.site, listing)),
            "type": listing.type_code,
            "catId": "",
            "cId": "",
            "result": "暂无相关信息",
            "file": "/xxgk/publicInfoList_newest2020",
        }
        return {"label": self.label, "names": names, "pages": pages_of(shelf, listing)}

    def answer(self, shelf: Shelf, question: Question) -> Answer | None:
        if question.path != self.label or question.form.get("labelName") != "publicInfoList":
            return None
        asked = (question.form.get("organId"), question.form.get("type"))
        listing = next(
            (
                each
                for each in shelf.site.listings
                if (str(self.organ(shelf.site, each)), each.type_code) == asked
            ),
            None,
        )
        shown = shelf.turn(listing, question.number("pageIndex")) if listing else []
        if not shown or listing is None:
            return Answer(200, "<div class='noresult'>暂无相关信息</div>".encode())
        rows = "".join(
            f'<li>{titled(*each)}<span class="date">{each[0].published}</span></li>' for each in shown
        )
        count = f"<script>$('#page').pagination({{pageCount:{pages_of(shelf, listing)}}})</script>"
        return Answer(200, f'<ul class="xxgk_nav_con">{rows}</ul>{count}'.encode())


def titled(entry: Entry, address: str) -> str:
    return anchor(entry, address).replace("<a ", '<a class="title" ')


class Ucap(Family):
    """开普 UCAP: files `common_list_2.shtml`, or JSON from /common/search/<32 digits> where a script asks."""

    vessel = ('<div id="UCAP-CONTENT"><UCAPCONTENT>', "</UCAPCONTENT></div>")
    search = "/common/search/"

    def is_drawn(self, listing: Listing, number: int) -> bool:
        return number == 1 or not listing.by_script

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del last
        page = f"_{number}" if number > 1 else ""
        name = "common_zfxxgknb" if "nb" in listing.path else "common_list"
        return f"/{site.host.split('.')[1]}/c{number_of(site, listing) % 1000000}/{name}{page}.shtml"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        folder = self.listing(site, listing, 1, 1).rpartition("/")[0]
        return f"{folder}/{entry.day:%Y%m}/{hexadecimal(site, serial)}.shtml"

    def script(self, shelf: Shelf, listing: Listing) -> dict[str, Any]:
        return {"search": self.search + channel_of(shelf.site, listing), "asks": listing.by_script}

    def answer(self, shelf: Shelf, question: Question) -> Answer | None:
        if not question.path.startswith(self.search):
            return None
        channel = question.path.removeprefix(self.search)
        listing = next(
            (each for each in shelf.site.listings if channel_of(shelf.site, each) == channel), None
        )
        if listing is None:
            return in_json({"data": {"total": 0, "page": 1, "rows": 0, "results": []}})
        size, number = question.number("_pageSize", listing.page_size), question.number("page")
        results = [self.result(*each) for each in shelf.turn(listing, number, size)]
        total = len(shelf.of(listing))
        return in_json({"data": {"total": total, "page": number, "rows": size, "results": results}})

    @staticmethod
    def result(entry: Entry, address: str) -> dict[str, Any]:
        source = {"key": "source", "value": entry.source}
        return {
            "title": entry.title,
            "subTitle": "",
            "url": address,
            "content": "",
            "publishedTimeStr": f"{entry.published} 09:00:00",
            "domainMetaList": [{"resultList": [source]}],
        }


def channel_of(site: Site, listing: Listing) -> str:
    return hexadecimal(site, number_of(site, listing))


class QueryList(Family):
    """江西: every page of a list is posted for, and an entry's address is JSON within the JSON."""

    turns_by_script = True
    vessel = ('<div class="article_content" id="zoom">', "</div>")

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del number, last
        return f"/{site.host.split('.')[1]}/{listing.path.rpartition('/')[2]}/list.shtml"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        folder = self.listing(site, listing, 1, 1).rpartition("/")[0]
        return f"{folder}/{entry.day:%Y%m}/{hexadecimal(site, serial)}.shtml"

    def script(self, shelf: Shelf, listing: Listing) -> dict[str, Any]:
        return {"site_code": f"jh{shelf.site.region}", "channel": listing.path.rpartition("/")[2]}

    def answer(self, shelf: Shelf, question: Question) -> Answer | None:
        if question.path != "/queryList" or question.method != "POST":
            return None
        channel, site_code = question.form.get("channelCode[]", ""), question.form.get("webSiteCode[]", "")
        listing = next(
            (each for each in shelf.site.listings if each.path.rpartition("/")[2] == channel), None
        )
        if listing is None or site_code != f"jh{shelf.site.region}":
            return in_json({"code": 200, "data": {"total": 0, "results": []}})
        size = question.number("pageSize", listing.page_size)
        results = [self.result(each) for each in shelf.turn(listing, question.number("current"), size)]
        return in_json({"code": 200, "data": {"total": len(shelf.of(listing)), "results": results}})

    @staticmethod
    def result(linked: Linked) -> dict[str, Any]:
        entry, address = linked
        metadata = json.dumps({"publisher": entry.source}, ensure_ascii=False)
        source = {
            "title": entry.title,
            "showTitle": entry.title,
            "pubDate": f"{entry.published} 09:00:00",
            "metadata": metadata,
            "content": {"content": ""},
            "images": "[]",
            "urls": json.dumps({"pc": address, "mobile": ""}),
        }
        return {"id": address, "source": source}
