"""The questions that researchers ask most, as named SQL: storage/questions.toml.

The tenth, which reports say a phrase, is asked otherwise in each database: storage/fulltext.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from settings.tables import load_toml


@dataclass(frozen=True, slots=True)
class Question:
    """`national`: its answer takes every report. `sample`: values for its parameters."""

    name: str
    asks: str
    sql: str
    national: bool = False
    sample: Mapping[str, object] = field(default_factory=dict)


@cache
def load_questions() -> Mapping[str, Question]:
    data = load_toml("storage", "questions.toml")
    return {question["name"]: Question(**question) for question in data["questions"]}
