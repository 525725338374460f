"""What the code does not say of itself in both languages: one TOML file a topic, held against the code.

What the code has and the file has not, and the other way round, stops the build.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Literal

from settings.tables import load_toml

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Undocumented(Exception):  # noqa: N818 - it says what is wrong, not that something broke
    """Something of the code has no words, or words have nothing in the code. One line."""


@cache
def topic(name: str) -> Mapping[str, Any]:
    return load_toml("manual.words", f"{name}.toml")


def page_words(name: str, language: Language) -> Mapping[str, Any]:
    """Title, introduction and heads of a page made of the code."""
    found: Mapping[str, Any] = topic("pages")[name][language]
    return found


def begun(words: Mapping[str, Any]) -> str:
    """The beginning of a page."""
    return f"# {words['title']}\n\n{words['intro'].strip()}\n"


def agree(name: str, said: Iterable[str], there: Iterable[str]) -> None:
    """Raises Undocumented where the words of a topic and the code do not have the same names."""
    words, code = set(said), set(there)
    if code - words:
        raise Undocumented(f"{name}: no words for {', '.join(sorted(code - words))}")
    if words - code:
        raise Undocumented(f"{name}: words for what is not in the code: {', '.join(sorted(words - code))}")
