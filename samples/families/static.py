"""Systems that write their lists out as files: all a crawler needs is their way of naming them."""

from samples.families.base import Family, hexadecimal
from samples.site import Entry, Listing, Site


class Trs(Family):
    """TRS WCM: `index_1.html` is the second page; entries lie in a folder a month (t20240115_123.html)."""

    skeleton = "trs.html"

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del last
        return f"/{listing.path}/" + (f"index_{number - 1}.{site.extension}" if number > 1 else "")

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        day = entry.day
        return f"/{listing.path}/{day:%Y%m}/t{day:%Y%m%d}_{serial}.{site.extension}"


class Empire(Family):
    """EmpireCMS: `index_2.html` is the second page; entries lie in a folder a day (2024-01-15/123.html)."""

    skeleton = "empire.html"

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del last
        return f"/{listing.path}/" + (f"index_{number}.{site.extension}" if number > 1 else "")

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        return f"/{listing.path}/{entry.day:%Y-%m-%d}/{serial}.{site.extension}"


class Plain(Family):
    """Home-made: `list_2.htm`; entries lie apart from their listings (/html/20240115/123.htm)."""

    skeleton = "plain.html"

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del site, last
        return f"/{listing.path}/list{f'_{number}' if number > 1 else ''}.htm"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        del site, listing
        return f"/html/{entry.day:%Y%m%d}/{serial}.htm"


class Vsb(Family):
    """博达 VSB: pages number downwards, page 2 of 12 is `gknb/11.htm`; entries are /info/1022/5513.htm."""

    skeleton = "vsb.html"

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del site
        return f"/{listing.path}.htm" if number == 1 else f"/{listing.path}/{last - number + 1}.htm"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        del entry
        return f"/info/{1001 + site.listings.index(listing)}/{serial}.htm"


class SiteServer(Family):
    """SiteServer CMS: `list_2.shtml` after `list.shtml`; entries are c_1234.shtml in a folder a month."""

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del site, last
        return f"/channels/{listing.path}/list{f'_{number}' if number > 1 else ''}.shtml"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        del site
        return f"/contents/{listing.path.rpartition('/')[2]}/{entry.day:%Y%m}/c_{serial}.shtml"


class Uuid(Family):
    """As in 河北: identifiers that say nothing (/columns/<uuid>/202401/15/<uuid>.html)."""

    def listing(self, site: Site, listing: Listing, number: int, last: int) -> str:
        del last
        name = uuid(hexadecimal(site, site.listings.index(listing)))
        return f"/columns/{name}/index{f'_{number}' if number > 1 else ''}.html"

    def entry(self, site: Site, listing: Listing, entry: Entry, serial: int) -> str:
        column = self.listing(site, listing, 1, 1).rpartition("/")[0]
        return f"{column}/{entry.day:%Y%m}/{entry.day:%d}/{uuid(hexadecimal(site, serial))}.html"


def uuid(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
