"""Home-made systems whose lists are no links of their page: in a script, in a file that it asks for, or by
years alone.
"""

import json
from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from samples.answers import XML, Answer, Question, in_json
from samples.families.base import Family, Shelf, number_of
from samples.site import Entry, Linked, Listing, Site


class InScript(Family):
    """The lines are records in the page's script, and in its template stands where they will be."""

    vessel = ('<div class="content">', "</div>")
    template = "in_script"

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del site, number, last
        return f"/{listing.path}/"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        del site, entry
        return f"/{listing.path}/{serial}.html"

    def is_drawn(self, listing: Listing, number: int) -> bool:
        del listing
        return number == 1

    def script(self, shelf: Shelf, listing: Listing) -> dict[str, Any]:
        records = [{"id": n, **record} for n, record in enumerate(records_of(shelf.of(listing)))]
        said = json.dumps(records).replace("/", "\\/")
        return {"template": self.template, "records": said, "file": self.file(shelf.site, listing)}

    def file(self, site: Site, listing: Listing) -> str:
        """The address of the file of a listing's lines."""
        return f"/data/list_{number_of(site, listing)}.json"


class JsonFile(InScript):
    """The lines lie in a file, their addresses escaped, and the page shows none."""

    template = "asking"

    def answer(self, shelf: Shelf, question: Question) -> Answer | None:
        listing = self.listing_at(shelf, question)
        return self.told(shelf.site, shelf.of(listing)) if listing else None

    def listing_at(self, shelf: Shelf, question: Question) -> Listing | None:
        listings = shelf.site.listings
        return next((each for each in listings if self.file(shelf.site, each) == question.path), None)

    def told(self, site: Site, entries: Sequence[Linked]) -> Answer:
        rows = [each | {"url": quote(f"{site.named}{each['url']}", safe="")} for each in records_of(entries)]
        return in_json({"code": 0, "rows": rows})


class XmlFile(JsonFile):
    """The same in XML."""

    def file(self, site: Site, listing: Listing) -> str:
        return f"/data/list_{number_of(site, listing)}.xml"

    def told(self, site: Site, entries: Sequence[Linked]) -> Answer:
        del site
        items = "".join(
            f"<item><title><![CDATA[{each['title']}]]></title><link>{escape(each['url'])}</link>"
            f"<pubDate>{each['pubDate']}</pubDate></item>"
            for each in records_of(entries)
        )
        head = '<?xml version="1.0" encoding="utf-8"?>'
        return Answer(200, f"{head}<rss><channel>{items}</channel></rss>".encode(), XML)


class Years(InScript):
    """A page for all years, each a number with its link behind, and on it nothing else."""

    template = "years"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        del site
        name = entry.report.year if entry.report else serial
        return f"/{listing.path}/{name}/{serial % 1000}.html"


def records_of(entries: Sequence[Linked]) -> list[dict[str, str]]:
    return [{"title": entry.title, "url": url, "pubDate": f"{entry.published}"} for entry, url in entries]
