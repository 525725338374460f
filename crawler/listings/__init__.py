"""Every family of listings, in the order in which they are asked; the generic one takes what is left."""

from crawler.listings.asked import Asked, Posted, Told
from crawler.listings.aspnet import AspNet
from crawler.listings.base import Listing
from crawler.listings.generic import Generic
from crawler.listings.gkmlpt import Gkmlpt
from crawler.listings.hanweb import Jpaas, Jpage, Xxgk
from crawler.listings.lonsun import Lonsun
from crawler.listings.records import is_xml
from crawler.listings.static import Static, Vsb
from crawler.listings.trs import Trs
from crawler.listings.ucap import Ucap
from crawler.page import Page

# Those that ask scripts come first: what their pages show without is a part, or nothing. Signs of files come
# last, for articles of one system are linked from pages of another.
LISTINGS: tuple[Listing, ...] = (
    Jpaas(),
    Gkmlpt(),
    Lonsun(),
    Xxgk(),
    Jpage(),
    AspNet(),
    Asked("trs_was", "/was5/web/search"),
    Asked("trs_igs", "/igs/front/"),
    Posted("fjdzapp", "/fjdzapp/search"),  # 福建, after WAS
    Posted("query_list", "/queryList"),  # 江西
    Posted("suzhou", "/interfacesWebZcwj/loadData"),
    Posted("chinatax", "/getFileListByCodeId"),
    Posted("cac", "/cms/JsonList"),
    Asked("ilist", "/info/iList.jsp"),  # 陕西, 新疆, 湖北
    Asked("easysite", "/eportal/ui"),
    Ucap(),
    Trs(),
    Vsb("vsb", r"id=.line_u\d+_", "Visual SiteBuilder", "vsb_content", "_newscontent_fromname"),
    Static("hanweb", r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/)?art_[0-9a-f_]+\.html", "/col/col"),
    Static("siteserver", r"/contents/[^\"'\s]*/c_\d+\.shtml", "SiteServer", "/channels/"),
    Static("empire", r"/\d{4}-\d{2}-\d{2}/\d+\.html", "EmpireCMS", "/e/public/"),
    Static("uuid", r"/columns/[0-9a-f]{8}-[0-9a-f-]{27}/"),
    Told("json", lambda page: page.data is not None),
    Told("xml", is_xml),
    Generic(),
)


COLUMN_SIGNS = ("_CONFIG", "/public/column/", "labelName", "/module/xxgk/tree.jsp")


def may_have_columns(page: Page) -> bool:
    """Whether the page is worth asking for columns that only a script would show."""
    return any(sign in page.text for sign in COLUMN_SIGNS) or "labelName=columnTree" in page.url


def listing_of(page: Page, named: str = "") -> Listing:
    """The family of a page: the one the operator named for the site, else the first that recognises it."""
    by_name = (listing for listing in LISTINGS if listing.name == named)
    recognised = (listing for listing in LISTINGS if listing.recognises(page))
    return next(by_name, None) or next(recognised)
