"""The words of the pages in both languages, from words.toml and sentences.toml."""

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from settings.tables import load_toml

if TYPE_CHECKING:  # runs are told in the same words, without a server
    from starlette.requests import Request

LANGUAGES = ("zh", "en")
COOKIE = "lang"
WEIGHT = re.compile(r"[+-]\d+ ")  # that a reason begins with


@cache
def all_words() -> dict[str, dict[str, str]]:
    return load_toml("browse", "words.toml")


def language_of(request: "Request") -> str:
    """What the address asks for, else what was chosen before, else Chinese."""
    wanted = request.query_params.get("lang") or request.cookies.get(COOKIE, "")
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def speaker(language: str) -> Callable[[str], str]:
    """A function from a key to its word. Raises KeyError for a key that words.toml does not have."""
    words = all_words()
    return lambda key: words[key][language]


def night_speaker(language: str) -> Callable[[str], str]:
    """A function from a code that a run has to tell to its words; nothing for one that has none."""
    words = all_words()
    return lambda code: words.get(f"night_{code}", {}).get(language, "")


def sentence_speaker(language: str) -> Callable[[str], str]:
    """A function from what is stored in English, as `+12 official cells were read: 200` or `found on
    www.a.gov.cn; left in peace until Monday`, to the same in the language, clause by clause; a clause that
    sentences.toml does not have stays.
    """
    if language == "en":
        return str

    def said(stored: str) -> str:
        clauses = stored.split("; ")
        told = [in_chinese(clause) for clause in clauses]
        return stored if told == clauses else "；".join(told)

    return said


def in_chinese(clause: str) -> str:
    weight = WEIGHT.match(clause)
    begin = weight.end() if weight else 0
    for sentence, chinese in all_sentences():
        if match := sentence.fullmatch(clause, begin):
            return clause[:begin] + chinese.format(*match.groups())
    return clause


@cache
def all_sentences() -> list[tuple[re.Pattern[str], str]]:
    said = load_toml("browse", "sentences.toml")
    return [(re.compile(re.escape(each).replace(r"\{\}", "(.+)")), said[each]) for each in said]


def value_speaker(language: str) -> Callable[[object], str]:
    """A function from a code in the data (complete, township, row_total) to its word; unknown ones stay."""
    words = all_words()
    return lambda value: words.get(f"value_{value}", {}).get(language, "" if value is None else str(value))
