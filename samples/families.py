"""The content systems that the sites run on: how each names its pages and turns its lists over."""

from typing import Protocol

from samples.site import Entry, Listing, Site


class Family(Protocol):
    """Addresses begin with a slash. Page numbers are from 1, newest entries first; serials are one a site."""

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str: ...

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str: ...


class Trs:
    """TRS WCM: `index_1.html` is the second page; entries lie in a folder a month (t20240115_123.html)."""

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del last
        return f"/{listing.path}/" + (f"index_{number - 1}.{site.extension}" if number > 1 else "")

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        day = entry.published
        return f"/{listing.path}/{day:%Y%m}/t{day:%Y%m%d}_{serial}.{site.extension}"


class Empire:
    """EmpireCMS: `index_2.html` is the second page; entries lie in a folder a day (2024-01-15/123.html)."""

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del last
        return f"/{listing.path}/" + (f"index_{number}.{site.extension}" if number > 1 else "")

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        return f"/{listing.path}/{entry.published:%Y-%m-%d}/{serial}.{site.extension}"


class Plain:
    """Home-made: `list_2.htm`; entries lie apart from their listings (/html/20240115/123.htm)."""

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del site, last
        return f"/{listing.path}/list{f'_{number}' if number > 1 else ''}.htm"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        del site, listing
        return f"/html/{entry.published:%Y%m%d}/{serial}.htm"


class Vsb:
    """博达 VSB: pages number downwards, page 2 of 12 is `gknb/11.htm`; entries are /info/1022/5513.htm."""

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del site
        return f"/{listing.path}.htm" if number == 1 else f"/{listing.path}/{last - number + 1}.htm"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        del entry
        return f"/info/{1001 + site.listings.index(listing)}/{serial}.htm"


FAMILIES: dict[str, Family] = {"trs": Trs(), "empire": Empire(), "plain": Plain(), "vsb": Vsb()}
