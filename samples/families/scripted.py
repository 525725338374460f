"""Systems whose pages of a list are asked for by a script at one address: what they differ in are names."""

from collections.abc import Sequence
from typing import Any

from samples.answers import Answer, Question, in_json
from samples.families.base import Family, Shelf, hexadecimal, lines, number_of, pages_of
from samples.site import Entry, Linked, Listing, Site


class Scripted(Family):
    """`path` is asked for page `page` of a column, with `size` lines; `fields` say which column. The column's
    own page shows no lines.
    """

    turns_by_script = True
    vessel = ('<div class="article-content" id="zoom">', "</div>")
    method = "GET"
    path: str
    page = "page"
    size: str

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del site, number, last
        return f"/{listing.path}/index.html"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        del site
        return f"/{listing.path}/{entry.day:%Y%m}/t{entry.day:%Y%m%d}_{serial}.html"

    def fields(self, site: Site, listing: Listing) -> dict[str, str]:
        raise NotImplementedError

    def told(self, shown: Sequence[Linked], total: int, last: int) -> Answer:
        """What the script is answered: some entries of so many, and the number of pages."""
        raise NotImplementedError

    def script(self, shelf: Shelf, listing: Listing) -> dict[str, Any]:
        fields = self.fields(shelf.site, listing)
        names = {"method": self.method, "path": self.path, "page": self.page, "size": self.size}
        more = {"fields": fields, "template": "scripted", "query": "", "last": pages_of(shelf, listing)}
        return names | more

    def answer(self, shelf: Shelf, question: Question) -> Answer | None:
        if question.path != self.path or question.method != self.method:
            return None
        asked = question.form.items()
        wanted = (each for each in shelf.site.listings if self.fields(shelf.site, each).items() <= asked)
        listing = next(wanted, None)
        if listing is None:
            return self.told([], 0, 0)
        size = question.number(self.size, listing.page_size)
        shown = shelf.turn(listing, question.number(self.page), size)
        return self.told(shown, len(shelf.of(listing)), pages_of(shelf, listing))


class TrsIgs(Scripted):
    """TRS IGS, the search after WAS (天津)."""

    path = "/igs/front/search/list.jhtml"
    size = "pageSize"

    def fields(self, site: Site, listing: Listing) -> dict[str, str]:
        return {"siteId": site.region[-2:], "channelId": str(number_of(site, listing))}

    def told(self, shown: Sequence[Linked], total: int, last: int) -> Answer:
        content = [{"title": e.title, "url": url, "pubDate": f"{e.published}"} for e, url in shown]
        return in_json({"page": {"total": total, "totalPages": last, "content": content}})


class Fjdzapp(Scripted):
    """福建, after WAS: the column is a condition in the words of its search."""

    method = "POST"
    path = "/fjdzapp/search"
    size = "prepage"

    def fields(self, site: Site, listing: Listing) -> dict[str, str]:
        column = f"chnlid={number_of(site, listing)}"
        order = {"sortfield": "-docorderpri,-docreltime", "classcol": "publishyear", "classnum": "100"}
        return {"channelid": "229105", "classsql": column, **order, "classsort": "0", "cache": "true"}

    def told(self, shown: Sequence[Linked], total: int, last: int) -> Answer:
        data = [{"doctitle": e.title, "docreltime": f"{e.published}", "docpuburl": url} for e, url in shown]
        return in_json({"count": total, "pagenum": last, "data": data})


class Suzhou(Scripted):
    """苏州's own: names in capitals."""

    method = "POST"
    path = "/szinf/xxgk/interfacesWebZcwj/loadData"
    page = "pageIndex"
    size = "pageSize"

    def fields(self, site: Site, listing: Listing) -> dict[str, str]:
        return {"channel_id": hexadecimal(site, number_of(site, listing))}

    def told(self, shown: Sequence[Linked], total: int, last: int) -> Answer:
        found = [
            {"TITLE": e.title, "URL": url, "PUBLISHED_TIME_FORMAT": f"{e.published}"} for e, url in shown
        ]
        return in_json({"data": {"allRow": total, "totalPage": last, "list": found}})

    def script(self, shelf: Shelf, listing: Listing) -> dict[str, Any]:
        return super().script(shelf, listing) | {"query": f"?{self.size}={listing.page_size}"}


class ChinaTax(Scripted):
    """税务: a code and a channel."""

    method = "POST"
    path = "/getFileListByCodeId"
    size = "size"

    def fields(self, site: Site, listing: Listing) -> dict[str, str]:
        return {
            "codeId": f"c{number_of(site, listing)}",
            "channelId": hexadecimal(site, number_of(site, listing)),
        }

    def told(self, shown: Sequence[Linked], total: int, last: int) -> Answer:
        found = [
            {"title": e.title, "url": url, "publishedTimeStr": f"{e.published} 09:00"} for e, url in shown
        ]
        return in_json({"results": {"data": {"total": total, "pages": last, "results": found}}})


class Cac(Scripted):
    """网信办: a channel's code."""

    method = "POST"
    path = "/cms/JsonList"
    page = "pageno"
    size = "perPage"

    def fields(self, site: Site, listing: Listing) -> dict[str, str]:
        return {"channelCode": f"A{number_of(site, listing)}"}

    def told(self, shown: Sequence[Linked], total: int, last: int) -> Answer:
        del last
        found = [{"topic": e.title, "infourl": url, "pubtime": f"{e.published} 09:00"} for e, url in shown]
        return in_json({"total": total, "list": found})


class EasySite(Scripted):
    """Huilan easySite: the column shows its first lines; the others are pieces of HTML."""

    path = "/eportal/ui"
    page = "currentPage"
    size = "pageSize"

    def fields(self, site: Site, listing: Listing) -> dict[str, str]:
        number = number_of(site, listing)
        return {"pageId": f"{number}", "moduleId": hexadecimal(site, number), "staticRequest": "yes"}

    def script(self, shelf: Shelf, listing: Listing) -> dict[str, Any]:
        return super().script(shelf, listing) | {"template": "easysite"}

    def told(self, shown: Sequence[Linked], total: int, last: int) -> Answer:
        del last
        return Answer(200, f'<ul class="easysite-news">{lines(shown)}</ul><span>共{total}条</span>'.encode())


class IList(Family):
    """陕西 before, 新疆, 湖北: every page of a list is a query, and all entries lie in one folder."""

    vessel = ('<div class="m-txt-article">', "</div>")

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del last
        column = number_of(site, listing)
        query = f"node_id=GK{site.region}&site_id=CMS{site.region}&cat_id={column}"
        return f"/info/iList.jsp?{query}" + (f"&cur_page={number}" if number > 1 else "")

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        return f"/info/egovinfo/{number_of(site, listing)}/content/{entry.day:%Y%m}/{serial}.htm"
