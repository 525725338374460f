"""The words of the pages in both languages, from words.toml."""

import re
from collections.abc import Callable
from functools import cache

from starlette.requests import Request

from settings.tables import load_toml

LANGUAGES = ("zh", "en")
COOKIE = "lang"
NUMBER = re.compile(r"(?<=: )\d+$")  # that a reason ends with


@cache
def all_words() -> dict[str, dict[str, str]]:
    return load_toml("browse", "words.toml")


def language_of(request: Request) -> str:
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


def reason_speaker(language: str) -> Callable[[str], str]:
    """A function from a stored reason, as `+12 official cells were read: 200`, to the same in the language;
    one that today's words do not have stays.
    """
    words = all_words()

    def said(reason: str) -> str:
        weight, _, text = reason.partition(" ")
        number = NUMBER.search(text)
        key = NUMBER.sub("{}", text)
        if key not in words:
            return reason
        return f"{weight} {words[key][language].format(number[0] if number else '')}"

    return said


def value_speaker(language: str) -> Callable[[object], str]:
    """A function from a code in the data (complete, township, row_total) to its word; unknown ones stay."""
    words = all_words()
    return lambda value: words.get(f"value_{value}", {}).get(language, "" if value is None else str(value))
