"""Systems whose lists are searches or forms: TRS WAS, and ASP.NET with its AspNetPager."""

import base64
import binascii
from typing import Any

from samples.answers import Answer, Question, in_json
from samples.families.base import Family, Shelf, number_of, pages_of
from samples.families.static import Trs
from samples.site import Entry, Linked, Listing, Site

HEAD = b"\xff\x01\x0f"  # of a view state


class TrsWas(Trs):
    """Pages of TRS WCM whose lists come as JSON from its search, WAS: asked by channel, from page 1."""

    skeleton = "platform.html"
    turns_by_script = True
    vessel = ('<div class="TRS_Editor"><div class="trs_editor_view">', "</div></div>")
    search = "/was5/web/search"

    def script(self, shelf: Shelf, listing: Listing) -> dict[str, Any]:
        return {"search": self.search, "channel": number_of(shelf.site, listing), "size": listing.page_size}

    def answer(self, shelf: Shelf, question: Question) -> Answer | None:
        if question.path != self.search:
            return None
        listing = shelf.by_number.get(question.form.get("classsql", "").partition("=")[2])
        size = question.number("prepage", 15)
        shown = shelf.turn(listing, question.number("page"), size) if listing else []
        total = len(shelf.of(listing)) if listing else 0
        docs = [self.document(shelf.site, each) for each in shown]
        return in_json({"recordcount": total, "pagenum": -(-total // size), "docs": docs})

    @staticmethod
    def document(site: Site, linked: Linked) -> dict[str, str]:
        entry, address = linked
        url = f"{site.named}{address}"
        return {
            "title": entry.title,
            "content": "",
            "docreltime": f"{entry.published}",
            "chnldocurl": url,
            "url": url,
        }


class AspNet(Family):
    """ASP.NET with an AspNetPager: the next page is the form sent back with its __VIEWSTATE, or an error. The
    state is another every night.
    """

    turns_by_script = True
    vessel = ('<div id="Content">', "</div>")
    pager = "AspNetPager1"
    changes_nightly = True

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del number, last
        return f"/InfoList.aspx?cid={number_of(site, listing) % 10000}"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        del entry
        return f"/InfoPublic.aspx?cid={number_of(site, listing) % 10000}&pid={serial}"

    def script(self, shelf: Shelf, listing: Listing) -> dict[str, Any]:
        return {
            "action": self.listing(shelf.site, listing, 1, 1).lstrip("/"),
            "states": self.states(shelf, listing),
            "hidden": {"__VIEWSTATEGENERATOR": "CA0B0334", "__EVENTVALIDATION": valid(listing)},
            "pager": self.pager,
        }

    @staticmethod
    def states(shelf: Shelf, listing: Listing) -> dict[int, str]:
        """The view state of each page of the listing, as of tonight."""
        pages = range(1, 1 + pages_of(shelf, listing))
        return {number: seal(f"{listing.path} page {number} in night {shelf.site.night}") for number in pages}

    def answer(self, shelf: Shelf, question: Question) -> Answer | None:
        """The runtime's own page where a form comes back with a state that was never given out."""
        if question.method != "POST" or self.posted(shelf, question):
            return None
        return Answer(
            500, "<html><title>验证视图状态 MAC 失败。</title><body>Viewstate</body></html>".encode()
        )

    def posted(self, shelf: Shelf, question: Question) -> tuple[Listing, int] | None:
        if question.method != "POST" or question.form.get("__EVENTTARGET") != self.pager:
            return None
        for listing in shelf.site.listings:
            is_here = self.listing(shelf.site, listing, 1, 1) == question.target
            if is_here and question.form.get("__EVENTVALIDATION") == valid(listing):
                wanted = question.number("__EVENTARGUMENT")
                is_there = 1 <= wanted <= pages_of(shelf, listing)
                is_ours = is_sealed(question.form.get("__VIEWSTATE", ""), f"{listing.path} page ")
                return (listing, wanted) if is_there and is_ours else None
        return None


def valid(listing: Listing) -> str:
    return seal(f"{listing.path} valid")


def seal(words: str) -> str:
    """Something that looks like a view state, and that nobody guesses."""
    return base64.b64encode(HEAD + words.encode() * 9).decode()


def is_sealed(state: str, beginning: str) -> bool:
    """Whether the state was given out, of something that begins so."""
    try:
        return base64.b64decode(state, validate=True).startswith(HEAD + beginning.encode())
    except binascii.Error:
        return False
