"""What an answer amounts to: a page, nothing there, a wall, a failure. The signs are data (outcomes.toml)."""

import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from crawler.page import Page

MISSING = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Judgement:
    """`outcome` in the words of captures.outcome, "" for a good answer; `reason` says what gave it away."""

    outcome: str = ""
    reason: str = ""


GOOD = Judgement()


class Signs:
    """The table of signs, read once."""

    def __init__(self, text: str) -> None:
        data = tomllib.loads(text)
        self.blocked_statuses = frozenset(data["blocked_statuses"])
        self.signatures = {mark.encode(): product for mark, product in data["signatures"].items()}
        self.limits: dict[str, int] = data["limits"]
        self.soft_404 = re.compile("|".join(data["soft_404"]["words"]), re.IGNORECASE)


SIGNS = Signs((files("crawler") / "outcomes.toml").read_text(encoding="utf-8"))


def judge_answer(status: int, body: bytes) -> Judgement:
    """Judges by the status line and the head of the decoded body."""
    if status in MISSING:
        return Judgement("missing", f"HTTP {status}")
    if status in SIGNS.blocked_statuses:
        return Judgement("blocked", f"HTTP {status}")
    wall = challenge_in(body)
    if wall:
        return Judgement("blocked", f"HTTP {status}, a challenge of {wall}")
    if status >= 400:
        return Judgement("error", f"HTTP {status}")
    return GOOD


def challenge_in(body: bytes) -> str:
    """The product whose challenge the body is, or nothing."""
    if len(body) > SIGNS.limits["signature"]:
        return ""
    return next((product for mark, product in SIGNS.signatures.items() if mark in body), "")


def judge_page(page: Page) -> Judgement:
    """Finds a "not found" that came with status 200."""
    length = len(page.text)
    if length <= SIGNS.limits["soft_404_title"] and SIGNS.soft_404.search(page.title):
        return Judgement("soft_404", f"title {page.title!r}")
    if length <= SIGNS.limits["soft_404_text"] and (found := SIGNS.soft_404.search(page.words)):
        return Judgement("soft_404", f"says {found[0]!r}")
    return GOOD
