"""What a listing's script is answered: JSON of any maker, records in XML, or a piece of HTML.

Makers differ in the names they give to a page's number and to totals; the names are data here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from crawler.listings.base import FORM, MOST_PAGES, Entry, PageRequest, scripted
from crawler.listings.generic import Generic, is_pager
from crawler.listings.records import entries_of, first_of, is_xml, objects_in, objects_in_xml
from crawler.page import Page

MARKUP = ("html", "content_html", "listhtml")

# The names under which a page's number and size are asked for, and totals answered.
NUMBERS = (
    *("page", "pageno", "pagenum", "pageindex", "current", "currentpage"),
    *("currpage", "cur_page", "curpage"),
)
SIZES = ("prepage", "_pagesize", "pagesize", "rows", "size", "perpage")
LAST_PAGES = ("pagenum", "totalpage", "pagecount", "pages", "totalpages")
TOTALS = ("recordcount", "total", "totalrecord", "post_count", "allrow", "totalcount", "count")

WHOLE = re.compile(r"<(?:html|body|!doctype)", re.IGNORECASE)
RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL)
TOTAL_RECORD = re.compile(r"""totalrecord['"]?\s*(?:[:=]|>)\s*['"]?(\d+)""", re.IGNORECASE)
PAGE_COUNT = re.compile(r"(?:pageCount|totalPage|allPage)['\"]?\s*[:=]\s*['\"]?(\d+)", re.IGNORECASE)
PRINTED_TOTAL = re.compile(r"共(?:有|<[^>]*>|\s|&nbsp;)*(\d+)(?:</[^>]*>|\s|&nbsp;)*条")

GENERIC = Generic()


def lines(page: Page) -> list[Entry]:
    """The entries of an answer, whatever its format."""
    if page.data is not None:
        found = [*entries_of(objects_in(page.data), page), *pieces_in(page.data, page)]
    elif "<record>" in page.text:
        found = all_links(page.fragment("".join(RECORD.findall(page.text))))
    elif is_xml(page):
        found = [*entries_of(objects_in_xml(page), page)]
    elif WHOLE.search(page.text):
        return GENERIC.entries(page)
    else:
        found = all_links(page)
    return list({entry.url: entry for entry in found}.values())


def all_links(piece: Page) -> list[Entry]:
    """Every link of a piece of HTML that was sent as a list; dates where they are printed beside."""
    dated = {entry.url: entry for entry in GENERIC.entries(piece)}
    plain = [
        Entry(url, anchor.words)
        for anchor in piece.anchors
        if anchor.words and not is_pager(anchor.words) and (url := piece.address(anchor.href))
    ]
    return [dated.get(entry.url, entry) for entry in plain]


def pieces_in(data: Any, page: Page) -> Iterator[Entry]:
    """The links of HTML that JSON carries."""
    for each in objects_in(data):
        markup = first_of(each, MARKUP)
        if "<a" in markup:
            yield from all_links(page.fragment(markup))


def further(page: Page, found: int) -> list[PageRequest]:
    """The same question with the next numbers: all of them from the first page that says how many there are,
    else one at a time for as long as something is found.
    """
    name = next((name for name in page.asked if name.lower() in NUMBERS and page.asked[name].isdecimal()), "")
    if not name or not found:
        return []
    number = int(page.asked[name])
    last = min(last_page(page, found), MOST_PAGES) or number + 1
    upto = last if number <= 1 else min(number + 1, last)
    return [again(page, {name: str(each)}) for each in range(number + 1, min(upto, MOST_PAGES) + 1)]


def last_page(page: Page, found: int) -> int:
    """The number of the last page, as the answer says it or as it follows from the total; 0 where unsaid."""
    asked = {name.lower(): value for name, value in page.asked.items()}
    sizes = [int(asked[name]) for name in SIZES if asked.get(name, "").isdecimal()]
    size = next((size for size in sizes if size), found)
    if page.data is None:
        return said(PAGE_COUNT, page.text) or -(-said_total(page.text) // size)
    for each in objects_in(page.data):
        if total := first_number(each, TOTALS):
            return -(-total // size)
        if last := first_number(each, LAST_PAGES):
            return last
    return 0


def said(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.search(text)
    return int(match[1]) if match else 0


def said_total(text: str) -> int:
    return said(TOTAL_RECORD, text) or said(PRINTED_TOTAL, text)


def first_number(values: Mapping[str, Any], names: tuple[str, ...]) -> int:
    found = (str(values.get(name)) for name in names)
    return next((int(value) for value in found if value.isdecimal()), 0)


def again(page: Page, changed: Mapping[str, str]) -> PageRequest:
    """The request that gave this page, with other values where they were asked for."""
    url, posted = altered(page.url, changed), altered(page.posted.decode("utf-8", "replace"), changed)
    if page.posted:
        return PageRequest(url, "POST", posted.encode(), (FORM, *scripted(page)))
    return PageRequest(url, headers=scripted(page))


def altered(asked: str, changed: Mapping[str, str]) -> str:
    """A query or a form with other values, all else as it was, byte for byte."""
    for name, value in changed.items():
        asked = re.sub(rf"(^|[?&])({re.escape(name)})=[^&]*", rf"\g<1>\g<2>={value}", asked)
    return asked
