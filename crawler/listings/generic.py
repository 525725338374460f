"""Any listing: lines with dates or dated addresses, and a pager made of plain links."""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from crawler.anchors import Anchor
from crawler.jumps import unescaped
from crawler.lines import Block
from crawler.listings.base import MOST_PAGES, Entry, Listing, PageRequest, requests, scripted
from crawler.listings.records import entries_of, objects_in_script
from crawler.listings.scripts import OPEN_END
from crawler.page import Page
from crawler.tags import plain, squeeze

DATE = re.compile(r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?|\[\d{1,2}-\d{1,2}\]")
LINES = frozenset({"li", "tr", "dd", "dt", "p", "div"})
LONGEST_LINE = 200  # characters; more is no line of a list but a block of the page

# The addresses of articles as the content systems write them.
ARTICLE = re.compile(
    r"""(?:^|/)(?:
      t\d{8}_\d+\.s?html?                 # TRS
    | art/\d{4}(/\d{1,2}/\d{1,2})?/art_[0-9a-f_]+\.s?html?  # Hanweb
    | \d{4}-\d{1,2}/\d{1,2}/(content|c)_\d+\.s?html?
    | \d{6,8}/[0-9a-f]{32}\.s?html?       # UCAP
    | \d{4}/\d{1,2}/\d{1,2}/[0-9a-f]{32}\.s?html?
    | \d{4}-\d{2}-\d{2}/\d+\.s?html?     # EmpireCMS
    | \d{8}/[0-9a-z]+\.s?html?
    | \d{8}/[0-9a-f]{8,}/c\.s?html?
    | web/.*/\d{12,}/index\.s?html?      # 辽宁
    | \d{6}/(\d{2}/)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.s?html?  # 河北
    | \d{6}/c_?\w+\.s?html?             # SiteServer, 哈尔滨
    | m?post_\d+\.html                   # gkmlpt, 深圳
    | info/\d+/\d+\.htm                  # VSB
    | (openness/)?public/\d+/\d+\.html   # Lonsun
    | (content/detail|OpennessContent/show)/\w+\.html
    | c\d+/content\.s?html?
    | \d{8}/i\d+\.html
    | xxgkAnnualReport\.jsp\?.*
    )(?=[?#]|$)""",
    re.VERBOSE,
)

LITERAL = re.compile(r"(?P<quote>['\"`])(?P<text>(?:\\.|(?!(?P=quote))[^\n])*)(?P=quote)")
PLACEHOLDER = re.compile(r"\{\{|\$\{|<%|['\"]\s*\+")  # in the address of a template
DATA = re.compile(  # what a script asks for: files of records, and questions for a page by its number
    r"""['"](?P<address>[^'"\s<>{}]+\.(?:json|xml)(?:\?[^'"\s<>{}]*)?
        | [^'"\s<>{}]+[?&](?:page|page_?(?:no|num|index)|cur_?page|current_?page)=\d*)['"]""",
    re.VERBOSE | re.IGNORECASE,
)
MOST_DATA = 5  # such addresses of one page
FORWARD = re.compile(r"^(下一页|下页|后一页|尾页|末页|最后一页|>|>>|»|›|next|last)[>»›]*$", re.IGNORECASE)
LONGEST_STEP = 8  # characters of a pager's link
NUMBER = re.compile(r"^\[?第?(\d{1,4})页?\]?$")
NUMBERED = re.compile(r"^(?P<stem>.*?[_-])(?P<number>\d{1,4})(?P<tail>\.[a-z]+)$", re.IGNORECASE)
PAGE_PARAMETER = re.compile(
    r"[?&](p|pn|page|page_?(no|num|index)|cur_?page|curr_?page|current_?page)=(?P<number>\d+)", re.IGNORECASE
)


class Generic(Listing):
    """The lister of last resort: recognises everything."""

    name = "generic"

    def recognises(self, page: Page) -> bool:  # noqa: ARG002 - the last in the row takes what is left
        return True

    def entries(self, page: Page) -> list[Entry]:
        found: dict[str, Entry] = {entry.url: entry for entry in scripted_records(page)}
        for piece in (page, *printed(page)):
            for anchor in piece.anchors:
                if not anchor.words or is_pager(anchor.words) or PLACEHOLDER.search(anchor.href):
                    continue
                date = date_beside(anchor, piece)
                is_line = date or ARTICLE.search(anchor.href)
                if is_line and (url := page.address(anchor.href)):
                    found.setdefault(url, Entry(url, anchor.words, date))
        return list(found.values())

    def next_pages(self, page: Page) -> list[PageRequest]:
        """Every page that the pager names, and those between when it names a last one in numbers; or, where
        the page has no lines itself, what its scripts ask for.
        """
        return requests(pager_addresses(page), page) or self.data(page)

    def data(self, page: Page) -> list[PageRequest]:
        asked = [match["address"] for match in islice(DATA.finditer(page.scripts), MOST_DATA)]
        if not asked or self.entries(page):
            return []
        first = (f"{each}1" if OPEN_END.search(each) else each for each in asked)
        return [
            PageRequest(each.url, headers=scripted(page)) for each in requests(map(page.address, first), page)
        ]


def printed(page: Page) -> Iterator[Page]:
    """The markup of a list that a script writes line by line, or that lies in a template."""
    if "<a" in page.scripts:
        literals = (match["text"] for match in LITERAL.finditer(page.scripts) if "<" in match["text"])
        scripts = (tag.within for tag in page.tags.named("script"))
        lying = (each for each in scripts if each.lstrip().startswith("<"))
        yield page.fragment("".join((*map(unescaped, literals), *lying)))


def scripted_records(page: Page) -> list[Entry]:
    """The lines of a list that stand in a script as records; a single one may be what to share by."""
    if "title" not in page.scripts.lower():
        return []
    found = list(entries_of(objects_in_script(page.scripts), page))
    return found if len(found) > 1 or any(ARTICLE.search(entry.url) for entry in found) else []


def is_within(url: str) -> bool:
    """Not beyond the last page that any listing may have: some pagers offer a next page for ever."""
    found = NUMBERED.match(url) or PAGE_PARAMETER.search(url)
    return not found or int(found["number"]) <= MOST_PAGES


def is_pager(words: str) -> bool:
    return len(words) <= LONGEST_STEP and bool(FORWARD.match(words) or NUMBER.match(words))


def date_beside(anchor: Anchor, page: Page) -> str:
    """The date printed on the anchor's line: in the smallest block around it that is still one line."""
    block = page.tags.blocks.get(anchor.at)
    line = next(block.outwards(LINES), None) if block else None
    printed = plain(page.text[line.at : line.end]) if line and is_alone(line, anchor, page) else ""
    if not DATE.search(printed):
        return ""
    text = squeeze(printed)
    match = DATE.search(text.replace(anchor.words, ""))
    return match[0] if match and len(text) <= LONGEST_LINE else ""


def is_alone(line: Block, anchor: Anchor, page: Page) -> bool:
    """No other page is linked from the line: a date between two links would belong to either."""
    others = page.tags.links_within(line.at, line.end)
    return all(other.attributes.get("href") in {None, anchor.href} for other in others)


def pager_addresses(page: Page) -> Iterator[str]:
    """Addresses of the pager's links, in order, filled up between the numbers that it names."""
    named = [
        url
        for anchor in page.anchors
        if is_pager(anchor.words)
        and (url := page.address(anchor.href))
        and is_sibling(url, page)
        and is_within(url)
    ]
    yield from named
    numbered = [match for url in named if (match := NUMBERED.match(url))]
    if numbered:
        last = max(numbered, key=lambda match: int(match["number"]))
        first = min(int(match["number"]) for match in numbered)
        for number in range(first, min(int(last["number"]), MOST_PAGES) + 1):
            yield f"{last['stem']}{number}{last['tail']}"


def is_sibling(url: str, page: Page) -> bool:
    """A pager stays in its column: in its folder, or in one named like the page (name.htm, name/2.htm)."""
    here, there = urlsplit(page.url), urlsplit(url)
    folder = there.path.rpartition("/")[0]
    own = {here.path.rpartition("/")[0], here.path.rpartition(".")[0]}
    is_first = there.path.rpartition(".")[0] == here.path.rpartition("/")[0]
    return there.hostname == here.hostname and (folder in own or is_first)
