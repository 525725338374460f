"""The tags of a page, found in one pass over its text: a tree of them all costs four times as much.

By the rules of HTML's tokenizer (WHATWG §13.2.5): what stands in comments, scripts and styles is no tag, a
quote counts only where a value begins, and of equal attributes the first one counts.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from html import unescape
from html.entities import html5
from itertools import accumulate, islice, takewhile
from operator import attrgetter

import stringzilla
from msgspec import Struct

from crawler.lines import Block, blocks_around

REMEMBERED = 20_000  # attributes, about 500 bytes each: the menu of a site stands on each of its pages
USUAL = 1000  # characters; what is longer, such as a picture in its own address, is read each time

# Of a tag, behind its name. Who leaves a tag open has none after it; so no page makes us read it twice.
INNER = r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+(?:>|\Z)"""
# With what is taken for one: <!doctype> and its like, <?xml ...>. Here and in `raw` loops that look ahead are
# not possessive: Pythons before 3.11.5 would find too little (CPython gh-106052).
COMMENT = r"[!?](?:(?<=!)--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*(?:--!?>|\Z))|[^>]*+>?)"
# Of the many tags of a page these are looked at, and those that have nothing but text in them.
NAMES = (
    *("area", "base", "embed", "frame", "iframe", "img", "input"),
    *("link", "meta", "object", "option", "source", "video"),
)
RAW_NAMES = ("script", "style", "textarea", "title")


def sieve(names: Sequence[str]) -> str:
    """Two sets of letters that these names begin with: nearly all others fail there, at a tenth of what it
    costs to try one name after the other.
    """
    sets = ("".join(sorted({name[at] for name in names})) for at in (0, 1))
    return "".join(f"[{each}{each.upper()}]" for each in sets)


def raw(name: str) -> str:
    """Behind the sieve: what is said in the tag, and in the group of its name what it has in it."""
    end = rf"/(?i:{name})(?=[\s/>])"
    within = rf"(?P<{name}>[^<]*+(?:<(?!{end})[^<]*+)*)(?:<{end}[^>]*>?|\Z)"
    return rf"(?<=(?i:{name[:2]}))(?i:{name[2:]})(?=[\s/>])(?P<said_in_{name}>{INNER}){within}"


RAW = rf"{sieve(RAW_NAMES)}(?:{'|'.join(map(raw, RAW_NAMES))})"
# A mixture of our names passes the sieve, too, and is asked for by nobody.
NAMED = rf"{sieve(NAMES)}(?i:{'|'.join(name[2:] for name in NAMES)})(?=[\s/>])(?P<said>{INNER})"
SEEN = re.compile(
    rf"<(?:/[aA](?=[\s/>])(?P<end>)|[aA](?=[\s/>])(?P<link>{INNER})|{COMMENT}|{NAMED}|{RAW})", re.DOTALL
)
TAG = re.compile(rf"<(?:{COMMENT}|/?[a-zA-Z]{INNER}|/[^>]*>?)", re.DOTALL)
TAG_OR_RAW = re.compile(rf"<{RAW}|{TAG.pattern}", re.DOTALL)
OPENING = re.compile(rf"<([a-zA-Z][^\s/>]*)({INNER})")
BLOCK_END = re.compile(r"</(?i:dd|div|dl|dt|h\d|li|ol|p|table|td|th|tr|ul|body)(?=[\s/>])")
ATTRIBUTE = re.compile(r"""([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)))?""")
REFERENCE = re.compile(r"&(?:#\w++;?|\w++(?:;|(?!=)))")  # in a value: "&copy=" is none
EMPTY = frozenset({"area", "img", "input", "embed", "link", "source"})  # have no end
# Attributes of what may be clicked, and what of their names to look for: they are written in any case.
CLICKS = frozenset({"onclick", "data-href", "data-url", "data-link"})
CLICK_SIGNS = ("lick", "LICK", "data-")
ZERO_WIDTH = ("\u200b", "\ufeff")
READABLE = frozenset({"said", "title", "textarea"})  # groups of SEEN that hide nothing

NEAR = 4096  # characters
PIECE = 4096  # characters of markup
Span = tuple[int, int]


class Tag(Struct, frozen=True):
    """`said` is what stands behind its name; `within` what stands between a link and its end, or in a tag
    that has nothing but text. `at` and `end` are where it begins in the page, and where that ends.
    """

    name: str
    said: str
    within: str
    at: int
    end: int

    @property
    def attributes(self) -> Mapping[str, str]:
        """By their names in lower case."""
        return attributes_of(self.said)


class Tags:
    """Those of NAMES and RAW on one page, each kind in its order."""

    def __init__(self, text: str, body: bytes = b"") -> None:
        self.text = text
        self.body = body  # the same in an encoding that writes ASCII as it is, if at hand: quicker to search
        self.hidden: list[Span] = []  # comments, scripts, styles
        self.links: list[Tag] = []
        self.others: list[Tag] = []
        self.read()

    def read(self) -> None:
        link: re.Match[str] | None = None  # not ended yet
        for match in SEEN.finditer(self.text):
            kind = match.lastgroup
            if kind not in {"link", "end"}:
                self.note(match, kind)
                continue
            if link:
                self.links.append(self.ended(link, match.start(), is_closed=kind == "end"))
            link = match if kind == "link" else None
        if link:
            self.links.append(self.ended(link, len(self.text), is_closed=False))

    def note(self, match: re.Match[str], kind: str | None) -> None:
        at, end = match.span()
        if kind == "said":
            name = self.text[at + 1 : match.start(kind)].lower()
            self.others.append(Tag(name, match[kind], "", at, end))
        elif kind:
            self.others.append(Tag(kind, match[f"said_in_{kind}"], match[kind], at, end))
        if kind not in READABLE:
            self.hidden.append((at, end))

    def ended(self, link: re.Match[str], end: int, *, is_closed: bool) -> Tag:
        """One that nothing closes ends with the block that it stands in."""
        block = None if is_closed else BLOCK_END.search(self.text, link.end(), end)
        end = block.start() if block else end
        return Tag("a", link["link"], self.text[link.end() : end], link.start(), end)

    def links_within(self, begin: int, end: int) -> Iterator[Tag]:
        first = bisect_left(self.links, begin, key=attrgetter("at"))
        return takewhile(lambda link: link.at < end, islice(self.links, first, None))

    def named(self, *names: str) -> Iterator[Tag]:
        return (tag for tag in self.others if tag.name in names)

    @cached_property
    def clickable(self) -> list[Tag]:
        """What is no link and yet may lead on when it is clicked or chosen."""
        found = {tag.at: tag for tag in self.named("option")}
        for sign in CLICK_SIGNS:
            found |= {tag.at: tag for tag in self.with_word(sign) if is_clickable(tag)}
        return [found[at] for at in sorted(found)]

    @cached_property
    def blocks(self) -> dict[int, Block]:
        """The smallest that each link, area or clickable tag stands in, by where that begins."""
        leading = (*self.links, *self.named("area"), *self.clickable)
        return blocks_around(self.text, self.is_hidden, sorted(tag.at for tag in leading))

    def with_word(self, word: str) -> Iterator[Tag]:
        """Every tag, whatever its name, that has the word among its attributes."""
        at = -1
        for _ in range(self.times(word)):
            at = self.text.find(word, at + 1)
            if at < 0:
                return
            begin = self.text.rfind("<", max(at - NEAR, 0), at)
            match = OPENING.match(self.text, begin) if begin >= 0 and not self.is_hidden(begin) else None
            if match and at < match.end():
                yield Tag(match[1].lower(), match[2], "", *match.span())
                at = match.end()

    def times(self, word: str) -> int:
        """That a word stands on the page, at most: most pages have none of those that they are asked for."""
        return stringzilla.count(self.body, word.encode()) if self.body else len(self.text)

    def within(self, tag: Tag) -> str | None:
        """What stands between a tag and its end; None where that is far away."""
        if tag.name in EMPTY:
            return ""
        depth = 1
        for match in both_of(tag.name).finditer(self.text, tag.end, tag.end + NEAR):
            depth += -1 if match[1] or tag.name == "option" else 1
            if not depth:
                return self.text[tag.end : match.start()]
        return None

    def is_hidden(self, at: int) -> bool:
        """In a comment, a script or a style."""
        place = bisect_right(self.hidden, (at, len(self.text)))
        return place > 0 and at < self.hidden[place - 1][1]

    def text_outside(self, links: Iterable[Tag]) -> Iterator[str]:
        """What stands neither in these links nor in scripts and styles: piece by piece, the longest stretch
        first, for who may soon have enough of it.
        """
        spans = sorted([*self.hidden, *((link.at, link.end) for link in links)])
        ends = accumulate((end for _, end in spans), max, initial=0)
        stretches = zip(ends, [*(at for at, _ in spans), len(self.text)], strict=True)
        for at, end in sorted(stretches, key=lambda stretch: stretch[0] - stretch[1]):
            yield from pieces_of(self.text, at, end)


def is_clickable(tag: Tag) -> bool:
    return tag.name not in {"a", "area"} and not CLICKS.isdisjoint(tag.attributes)


@cache
def both_of(name: str) -> re.Pattern[str]:
    """Where a tag of that name begins or ends."""
    return re.compile(rf"<(/?)(?i:{re.escape(name)})(?=[\s/>])")


def pieces_of(text: str, at: int, end: int) -> Iterator[str]:
    """The text between the tags."""
    while at < end:
        cut = text.find("<", at + PIECE, end) if end - at > PIECE else end
        cut = end if cut < 0 else cut
        yield plain(text[at:cut])
        at = cut


def squeeze(text: str) -> str:
    """Without white space, also where it has no width."""
    squeezed = "".join(text.split())
    for each in ZERO_WIDTH:
        if each in squeezed:
            squeezed = squeezed.replace(each, "")
    return squeezed


def plain(markup: str) -> str:
    """The markup without its tags."""
    return unescape(TAG.sub("", markup) if "<" in markup else markup)


def plain_page(markup: str) -> str:
    """A page without its tags; what stands in scripts and styles is text too, whatever it looks like."""
    return unescape(TAG_OR_RAW.sub(lambda tag: tag[tag.lastgroup] if tag.lastgroup else "", markup))


def attributes_of(said: str) -> Mapping[str, str]:
    return usual_attributes(said) if len(said) <= USUAL else read_attributes(said)


def read_attributes(said: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, *values in ATTRIBUTE.findall(said.removesuffix(">")):
        found.setdefault(name.lower(), resolved("".join(values)))
    return found


usual_attributes = lru_cache(REMEMBERED)(read_attributes)


def resolved(value: str) -> str:
    return REFERENCE.sub(meant, value) if "&" in value else value


def meant(match: re.Match[str]) -> str:
    """What a character reference stands for in a value; itself where it is none."""
    is_known = match[0][1] == "#" or match[0][1:] in html5
    return unescape(match[0]) if is_known else match[0]
