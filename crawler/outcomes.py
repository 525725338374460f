"""What an answer amounts to: a page, nothing there, a wall, a failure. The signs are data (outcomes.toml)."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

from crawler.page import Page
from storage.captures import Header

MISSING = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Judgement:
    """`outcome` in the words of captures.outcome, "" for a good answer; `reason` says what gave it away."""

    outcome: str = ""
    reason: str = ""


GOOD = Judgement()


@dataclass(frozen=True, slots=True)
class Wall:
    """One product that stands before sites, and what gives it away."""

    product: str
    marks: tuple[bytes, ...]
    cookies: frozenset[str]


class Signs:
    """The table of signs, read once."""

    def __init__(self, text: str) -> None:
        data = tomllib.loads(text)
        self.blocked_statuses = frozenset(data["blocked_statuses"])
        self.walls = tuple(
            Wall(wall["product"], tuple(mark.encode() for mark in wall["marks"]), frozenset(wall["cookies"]))
            for wall in data["wall"]
        )
        self.wall_words = re.compile("|".join(data["walls"]["words"]))
        self.limits: dict[str, int] = data["limits"]
        self.soft_404 = re.compile("|".join(data["soft_404"]["words"]), re.IGNORECASE)


SIGNS = Signs((files("crawler") / "outcomes.toml").read_text(encoding="utf-8"))


def judge_answer(status: int, body: bytes, headers: Iterable[Header] = ()) -> Judgement:
    """Judges by the status line, the head of the decoded body and, of a refusal, the cookies."""
    if status in MISSING:
        return Judgement("missing", f"HTTP {status}")
    wall = challenge_in(body)
    if wall:
        return Judgement("blocked", f"HTTP {status}, a challenge of {wall}")
    if status in SIGNS.blocked_statuses:
        keeper = keeper_of(headers)
        return Judgement("blocked", f"HTTP {status}" + (f", {keeper}" if keeper else ""))
    if status >= 400:
        return Judgement("error", f"HTTP {status}")
    return GOOD


def challenge_in(body: bytes) -> str:
    """The product whose challenge the body is with the mark that says so, or nothing."""
    if len(body) > SIGNS.limits["signature"]:
        return ""
    marks = ((wall.product, mark) for wall in SIGNS.walls for mark in wall.marks)
    return next((f"{product} ({mark.decode()})" for product, mark in marks if mark in body), "")


def keeper_of(headers: Iterable[Header]) -> str:
    """The product that set a cookie, with its name, or nothing."""
    names = {value.partition("=")[0].strip() for name, value in headers if name.lower() == "set-cookie"}
    found = ((wall.product, min(names & wall.cookies)) for wall in SIGNS.walls if names & wall.cookies)
    return next((f"{product} (cookie {name})" for product, name in found), "")


def judge_redirect(headers: Iterable[Header]) -> Judgement:
    """A redirect to where we are: it wants its cookie back, which is a challenge like any other."""
    keeper = keeper_of(headers) or "wants a cookie"
    return Judgement("blocked", f"redirects to itself, {keeper}")


def judge_page(page: Page) -> Judgement:
    """Finds a wall or a "not found" that came with status 200."""
    length = len(page.text)
    if length <= SIGNS.limits["signature"] and (words := wall_words_in(page)):
        return Judgement("blocked", f"says {words!r}")
    if length <= SIGNS.limits["soft_404_title"] and SIGNS.soft_404.search(page.title):
        return Judgement("soft_404", f"title {page.title!r}")
    if length <= SIGNS.limits["soft_404_text"] and (found := SIGNS.soft_404.search(page.words)):
        return Judgement("soft_404", f"says {found[0]!r}")
    return GOOD


def wall_words_in(page: Page) -> str:
    """How a page that says little else turns us away, or nothing."""
    found = SIGNS.wall_words.search(page.words) if len(page.words) <= SIGNS.limits["walls_text"] else None
    return found[0] if found else ""
