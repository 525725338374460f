"""Which links of a page lead to annual reports, and what the page itself turned out to be.

Pure: the same page reached with the same promise gives the same links, so a crawl that was killed and
goes on visits the same pages. What counts as a lead is data (discovery.toml).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from crawler.addresses import base_for, domain_of, host_of, path_of, resolve
from crawler.anchors import Anchor
from crawler.attachments import files_on
from crawler.gate import is_official
from crawler.listings import listing_of, may_have_columns
from crawler.listings.base import Entry, Listing
from crawler.listings.generic import is_pager
from crawler.page import FEW_ANCHORS, Page
from crawler.rules import (
    ANNUAL,
    ANYWHERE,
    BENEATH,
    DISCLOSURE,
    REMEMBERED,
    RULES,
    Promise,
    ending_of,
    is_index,
)
from crawler.visit import Link

LIMITS = RULES.limits
HOST = re.compile(r"https?://((?:[\w-]+\.)+gov\.cn)(?![\w.-])")
YEAR = re.compile(r"(?:19|20)\d\d(?=年?度?$)")  # a link that says nothing else
REPORTS = frozenset({"report", "attachment"})
FILE = Promise("attachment", LIMITS["attachment_score"])
LONGEST_WORDS = 200  # of a link, kept for people; more is a text that happens to be linked


class Reached(Protocol):
    """How a page was reached: the frontier's row (storage/frontier.py)."""

    @property
    def url(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def score(self) -> int: ...
    @property
    def depth(self) -> int: ...
    @property
    def hops(self) -> int: ...
    @property
    def request_key(self) -> str: ...


class Survey(Struct, frozen=True):
    """`kind` is what the page turned out to be, which may differ from what its link promised."""

    kind: str
    links: tuple[Link, ...]
    family: str = ""
    is_promising: bool = False
    hosts: tuple[str, ...] = ()


class Lead(Struct, frozen=True):
    """What a link with these words promises."""

    url: str
    promise: Promise
    words: str


def survey(page: Page, reached: Reached, named_listing: str = "") -> Survey:
    place = place_of(page, reached)
    if reached.kind != "home" and place == ANNUAL:
        found = survey_column(page, reached, named_listing)
    else:
        every = leads(page, reached, place, scripted_columns(page))
        found = Survey(reached.kind, tuple(links_to(every, reached)))
    links = best_of([*found.links, *hops(page, reached), *framed(page, reached, place, found)], reached)
    return replace(found, links=links, hosts=() if found.kind == "report" else kin(page))


def kin(page: Page) -> tuple[str, ...]:
    """Hosts of departments: below the same domain, and not one of those that only serve others."""
    own, domain = host_of(page.url), domain_of(page.url)
    if domain not in page.text:
        return ()
    found = dict.fromkeys(match[1].lower() for match in HOST.finditer(page.text))
    return tuple(
        host
        for host in found
        if host != own and host.endswith(f".{domain}") and not RULES.servants.match(host)
    )


def scripted_columns(page: Page) -> list[Entry]:
    """To ask every family on every page would cost more than to parse it: few of them have such columns."""
    return listing_of(page).columns(page) if may_have_columns(page) else []


def survey_column(page: Page, reached: Reached, named_listing: str) -> Survey:
    """A page in a column of annual reports: the column itself, a folder of it, or a report."""
    files = tuple(attachments(page, reached))
    is_long = page.has_prose(LIMITS["article_prose"])
    is_shelf = not is_long and is_shelf_of_years(page, files)
    is_article = is_long or bool(files and not is_shelf)
    if is_article and reached.kind == "report":
        return survey_report(page, reached, files)
    listing = listing_of(page, named_listing)
    entries = [entry for entry in listing.entries(page) if is_candidate(entry)]
    kind = kind_in_column(reached.kind, count_lines(entries, reached), is_article=is_article)
    if kind == "report" and not is_shelf:
        return survey_report(page, reached, files)
    lines = (from_entry(entry, reached) for entry in entries)
    links = (
        *links_to(leads(page, reached, ANNUAL, listing.columns(page)), reached),
        *lines,
        *files,
        *further(page, reached, listing),
    )
    return Survey("listing", links, listing.name)


def survey_report(page: Page, reached: Reached, files: tuple[Link, ...]) -> Survey:
    """A report leads to its own files, and beside it only to what is surely another report, or other years: a
    column may show its newest report and the years beside it.
    """
    sure = (each for each in leads(page, reached, DISCLOSURE) if each.promise.score >= LIMITS["sure_score"])
    years = leads(page, reached, ANNUAL, among=[each for each in page.anchors if YEAR.match(each.words)])
    links = links_to((*sure, *years), reached)
    return Survey("report", (*files, *links), is_promising=bool(files) or calls_itself_report(page))


def is_shelf_of_years(page: Page, files: Sequence[Link]) -> bool:
    """Whether reports of many years stand here side by side: as files, or by links that say only the year."""
    words = [file.text for file in files] or [anchor.words for anchor in page.anchors]
    years = {match[0] for each in words if (match := YEAR.match(each))}
    return len(years) >= LIMITS["shelf_years"]


def calls_itself_report(page: Page) -> bool:
    """A page without a title is not doubted."""
    titles = [title for title in (page.metas.get("articletitle"), page.title) if title]
    return not titles or any(RULES.promise("", title, ANNUAL) for title in titles)


def count_lines(entries: Sequence[Entry], reached: Reached) -> int:
    """Of a list of others' reports all lead elsewhere; a few such beside an article are furniture."""
    if len(entries) > LIMITS["strays"]:
        return len(entries)
    return sum(domain_of(entry.url) == domain_of(reached.url) for entry in entries)


def kind_in_column(promised: str, entries: int, *, is_article: bool) -> str:
    """A year's link may lead to a list or straight to the report, whatever it promised."""
    if promised == "listing":
        return "report" if is_article and not entries else "listing"
    return "listing" if entries > 1 and not is_article else promised


def further(page: Page, reached: Reached, listing: Listing) -> Iterator[Link]:
    """The other pages of the listing promise what this one promised."""
    for request in listing.next_pages(page):
        yield Link(
            request.url,
            "listing",
            reached.score,
            reached.depth,
            method=request.method,
            body=request.body,
            headers=request.headers,
        )


def place_of(page: Page, reached: Reached) -> str:
    """How far we have come, by what the page says of itself and by what its link promised."""
    by_address = RULES.promise(reached.url, "", ANYWHERE)
    promised = max(reached.score if reached.kind == "listing" else 0, by_address.score if by_address else 0)
    if reached.kind == "report" or promised >= LIMITS["column_score"]:
        return ANNUAL
    said = (
        page.metas.get("columntype", ""),
        page.metas.get("columnname", ""),
        page.title,
        *page.breadcrumb,
    )
    for place in (ANNUAL, DISCLOSURE):
        if any(RULES.places[place].search(RULES.plain(words)) for words in said):
            return place
    return DISCLOSURE if by_address else ANYWHERE


def leads(
    page: Page,
    reached: Reached,
    place: str,
    columns: Iterable[Entry] = (),
    among: Sequence[Anchor] | None = None,
) -> Iterator[Lead]:
    """Links whose words or address promise something, of all the page's or `among` these; and columns that
    only a script would show.
    """
    for column in columns:
        if (promised := RULES.promise(column.url, column.words, place)) and is_near(
            column.url, promised, reached
        ):
            yield Lead(column.url, promised, column.words)
    folder = path_of(reached.url).rpartition("/")[0] if place == ANNUAL else ""
    for anchor in page.anchors if among is None else among:
        href, words = anchor.href, anchor.words
        if RULES.may_promise(href, words, place):
            lead = lead_at(base_for(page.base, href), href, words, page.encoding, place, folder)
            if lead and is_near(lead.url, lead.promise, reached):
                yield lead


@lru_cache(REMEMBERED)
def lead_at(base: str, reference: str, words: str, encoding: str, place: str, folder: str) -> Lead | None:
    """What a link promises. Below the `folder` of an annual column even the bare name of a unit is a lead.

    Remembered, for the menu of a site stands on each of its pages.
    """
    url = None if is_pager(words) else resolve(base, reference, encoding)
    if url is None:
        return None
    is_beneath = folder and path_of(url).startswith(f"{folder}/")
    promise = RULES.promise(url, words, BENEATH if is_beneath else place)
    return Lead(url, promise, words) if promise else None


def is_near(url: str, promise: Promise, reached: Reached) -> bool:
    """A hub is worth a fetch near the start, and never where it is the front page under another address."""
    if promise.score >= LIMITS["hub_score"]:
        return True
    return reached.depth < LIMITS["hub_depth"] and not is_front(url, reached)


def is_front(url: str, reached: Reached) -> bool:
    return is_index(url) and path_of(url).count("/") == 1 and host_of(url) == host_of(reached.url)


def is_candidate(entry: Entry) -> bool:
    return not RULES.never.search(entry.words) and ending_of(entry.url) not in RULES.never_files


def from_entry(entry: Entry, reached: Reached) -> Link:
    """Every line of an annual column's listing counts, however its title is worded."""
    promise = RULES.promise(entry.url, entry.words, ANNUAL) or Promise("report", 0)
    kind = "attachment" if promise.kind == "attachment" else "report"
    if promise.kind == "listing" and is_index(entry.url):
        kind = "listing"
    score = max(promise.score, LIMITS["entry_score"])
    link = link_to(Lead(entry.url, Promise(kind, score), entry.words), reached)
    return replace(link, day=entry.day) if kind == "attachment" and entry.date else link


def attachments(page: Page, reached: Reached) -> Iterator[Link]:
    """Files that a page of an annual column offers or shows."""
    for file in files_on(page):
        if url := page.address(file.href):
            yield link_to(Lead(url, FILE, file.words), reached)


def hops(page: Page, reached: Reached) -> Iterator[Link]:
    """Where the page sends everyone at once; it promises what the page itself promised. Only a start page may
    send to a host of another domain: its site has moved.
    """
    for reference in page.hops:
        url = page.address(reference)
        is_own = url and domain_of(url) == domain_of(reached.url)
        if url and (is_own or (reached.kind == "home" and is_official(host_of(url)))):
            yield from hop_to(url, reached)


def framed(page: Page, reached: Reached, place: str, found: Survey) -> Iterator[Link]:
    """Frames that hold the page, or what should be on it and is not: its lines, its report."""
    if not page.frames:
        return
    is_told = any(is_find(link, place) for link in found.links)
    is_empty = not is_told and not page.has_prose(LIMITS["article_prose"])
    is_frameset = len(page.anchors) < FEW_ANCHORS
    if is_frameset or (is_empty and reached.kind != "home" and place != ANYWHERE):
        for frame in page.frames:
            url = page.address(frame.href)
            if url and domain_of(url) == domain_of(reached.url) and not RULES.may_be_file(frame.href):
                yield from hop_to(url, reached)


def is_find(link: Link, place: str) -> bool:
    """What is looked for at this place: reports in their column, else such a column."""
    return link.kind in REPORTS if place == ANNUAL else link.score >= LIMITS["column_score"]


def hop_to(url: str, reached: Reached) -> Iterator[Link]:
    """A link to where an address sends everyone, unless it was sent from one to the next too often."""
    if reached.hops < LIMITS["most_hops"]:
        yield Link(url, reached.kind, reached.score, reached.depth + 1, hops=reached.hops + 1)


def link_to(lead: Lead, reached: Reached) -> Link:
    promise = lead.promise
    return Link(lead.url, promise.kind, promise.score, reached.depth + 1, lead.words[:LONGEST_WORDS])


def links_to(leads: Iterable[Lead], reached: Reached) -> Iterator[Link]:
    return (link_to(lead, reached) for lead in leads)


def best_of(links: Iterable[Link], reached: Reached) -> tuple[Link, ...]:
    """Each request once, with its best promise; neither the page itself nor anything too deep."""
    best: dict[str, Link] = {}
    for link in links:
        known = best.get(link.request_key)
        is_wanted = link.request_key != reached.request_key and link.depth <= LIMITS["deepest"]
        if is_wanted and (known is None or link.score > known.score):
            best[link.request_key] = link if known is None or link.day else replace(link, day=known.day)
        elif known and link.day and not known.day:
            best[link.request_key] = replace(known, day=link.day)
    return tuple(best.values())
