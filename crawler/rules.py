"""The table of what leads to annual reports (discovery.toml), read once and compiled."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from crawler.addresses import path_of

ANYWHERE, DISCLOSURE, ANNUAL, BENEATH = "anywhere", "disclosure", "annual", "beneath"
PLACES = (ANYWHERE, DISCLOSURE, ANNUAL, BENEATH)  # each includes those before it
REMEMBERED = 20_000  # promises, about 300 bytes each
INDEX = re.compile(r"(index|default|list|common_list|column-index)([_-]?\d+)?(\.\w+)?", re.IGNORECASE)


class RulesError(ValueError):
    """The table of rules is wrong. The message names the rule."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What a link promises: a kind (captures.kind) and how much it is worth following."""

    kind: str
    score: int


@dataclass(frozen=True, slots=True)
class Rule:
    pattern: re.Pattern[str]
    promise: Promise
    place: int  # index into PLACES: how far we must have come
    deep: bool = False


class Rules:
    def __init__(self, text: str) -> None:
        self._data = tomllib.loads(text)
        self.limits: dict[str, int] = self._data["limits"]
        self.words = [read_rule(each) for each in self._data["words"]]
        self.tokens = [read_rule(each) for each in self._data["tokens"]]
        self.never_files = frozenset(self._data["never"]["files"])
        self.attachment_files = frozenset(self._data["attachments"]["files"])
        endings, scripts = (
            "|".join(sorted(self.attachment_files)),
            self._data["attachments"].get("scripts", []),
        )
        self.attachment = re.compile(rf"\.(?:{endings})(?=[?#&]|$)", re.IGNORECASE)
        self.download = joined_patterns(scripts)
        self.offering = re.compile(rf"\.(?:{endings})\b|{self.download.pattern}".encode())
        self.any_words = [joined(self.words, level, "{}") for level in range(len(PLACES))]
        self.any_step = [joined(self.tokens, level, r"(?:^|/){}(?=[/.]|$)") for level in range(len(PLACES))]
        self.servants = joined_patterns(rf"(?:{name})\d*\." for name in self._data.get("servants", []))
        # The menu of a site stands on each of its pages.
        self.promise = lru_cache(REMEMBERED)(self._promise)
        self.may_promise = lru_cache(REMEMBERED)(self._may_promise)
        variants = self._data.get("variants", {"traditional": "", "simplified": ""})
        self.variants = str.maketrans(variants["traditional"], variants["simplified"])
        self.places = {name: re.compile(pattern) for name, pattern in self._data["places"].items()}

    @cached_property
    def never(self) -> re.Pattern[str]:
        return re.compile("|".join(self._data["never"]["words"]))

    def _may_promise(self, reference: str, words: str, place: str) -> bool:
        """Whether it is worth the while to resolve a reference as written: nearly all links fail here."""
        level = PLACES.index(place)
        if level >= PLACES.index(ANNUAL):
            return True  # there, what counts may be in the part of the address that is not written
        return bool(self.any_words[level].search(self.plain(words)) or self.any_step[level].search(reference))

    def plain(self, words: str) -> str:
        """In simplified characters."""
        return words.translate(self.variants)

    def may_be_file(self, reference: str) -> bool:
        """By its ending, or by the script that sends it."""
        return bool(self.attachment.search(reference) or self.download.search(reference))

    def may_offer_files(self, body: bytes) -> bool:
        """Whether a page is worth parsing for the files it offers; most pages offer none."""
        return bool(self.offering.search(body.lower()))

    def _promise(self, url: str, words: str, place: str) -> Promise | None:
        """The best promise of a link with these words, to this address, seen at this place; or None."""
        ending, words = ending_of(url), self.plain(words)
        if ending in self.never_files or self.never.search(words):
            return None
        level = PLACES.index(place)
        found = [*self._by_words(words, level), *self._by_address(url, level)]
        best = max(found, key=lambda promise: promise.score, default=None)
        if not (ending in self.attachment_files or self.download.search(url)):
            return best
        if place in {ANNUAL, BENEATH} or (best and best.score >= self.limits["sure_score"]):
            return Promise("attachment", self.limits["attachment_score"])
        return None

    def _by_words(self, words: str, level: int) -> Iterable[Promise]:
        if not self.any_words[level].search(words):
            return ()
        return (rule.promise for rule in self.words if rule.place <= level and rule.pattern.search(words))

    def _by_address(self, url: str, level: int) -> Iterable[Promise]:
        if not self.any_step[level].search(path_of(url)):
            return
        folders, name = way_of(url)
        is_listing = is_index(url)
        own = [name.partition(".")[0], *(folders[-1:] if is_listing else ())]
        for rule in self.tokens:
            if rule.place > level:
                continue
            if any(rule.pattern.fullmatch(step) for step in own):
                yield rule.promise
            elif rule.deep and any(rule.pattern.fullmatch(step) for step in folders):
                yield rule.promise if is_listing else Promise("report", rule.promise.score)


def read_rule(data: dict[str, Any]) -> Rule:
    try:
        return Rule(
            re.compile(data["pattern"]),
            Promise(data["kind"], data["score"]),
            PLACES.index(data["where"]),
            data.get("deep", False),
        )
    except (KeyError, ValueError, re.error) as error:
        raise RulesError(f"rule {data!r}: {error}") from error


def joined(rules: Iterable[Rule], level: int, frame: str) -> re.Pattern[str]:
    """One pattern that finds what any of the rules that count at `level` would."""
    patterns = (frame.format(f"(?:{rule.pattern.pattern})") for rule in rules if rule.place <= level)
    return re.compile("|".join(patterns), re.IGNORECASE)


def joined_patterns(patterns: Iterable[str]) -> re.Pattern[str]:
    """One pattern for any of them; of none, one that nothing has."""
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def way_of(url: str) -> tuple[list[str], str]:
    """The folders of an address and the file name, in lower case."""
    *folders, name = path_of(url).lower().strip().lstrip("/").split("/")
    return folders, name


def is_index(url: str) -> bool:
    """The address of a folder's own page."""
    name = way_of(url)[1]
    return not name or bool(INDEX.fullmatch(name))


def ending_of(url: str) -> str:
    name = path_of(url).rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


RULES = Rules((files("crawler") / "discovery.toml").read_text(encoding="utf-8"))
