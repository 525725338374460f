"""Every family of listings, in the order in which they are asked; the generic one takes what is left."""

from crawler.listings.base import Listing
from crawler.listings.generic import Generic
from crawler.listings.trs import Trs
from crawler.page import Page

LISTINGS: tuple[Listing, ...] = (Trs(), Generic())


def listing_of(page: Page, named: str = "") -> Listing:
    """The family of a page: the one the operator named for the site, else the first that recognises it."""
    by_name = (listing for listing in LISTINGS if listing.name == named)
    recognised = (listing for listing in LISTINGS if listing.recognises(page))
    return next(by_name, None) or next(recognised)
