"""Rendering: one template environment, strict about what it is given, and the frame of every page."""

import json
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from browse.words import (
    COOKIE,
    LANGUAGES,
    language_of,
    night_speaker,
    sentence_speaker,
    speaker,
    value_speaker,
)


@cache
def environment() -> Environment:
    made = Environment(
        loader=FunctionLoader(read_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["from_json"] = json.loads
    made.filters["number"] = number
    made.filters["moment"] = moment
    return made


def read_template(name: str) -> str:
    return files("browse").joinpath("templates", name).read_text(encoding="utf-8")


def number(value: Any) -> str:
    """Thousands set apart, decimals as they are; nothing for nothing."""
    if value is None:
        return ""
    whole, dot, fraction = format(Decimal(str(value)), "f").partition(".")
    return f"{int(whole):,}{dot}{fraction}"


def moment(text: str | None) -> str:
    return (text or "")[:19].replace("T", " ")


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page in the reader's language. A language asked for in the address is remembered."""
    language = language_of(request)
    other = next(each for each in LANGUAGES if each != language)
    query = {**request.query_params, "lang": other}
    body = (
        environment()
        .get_template(template)
        .render(
            t=speaker(language),
            v=value_speaker(language),
            night=night_speaker(language),
            in_words=sentence_speaker(language),
            language=language,
            other_language=f"{request.url.path}?{urlencode(query)}",
            path=request.url.path,
            may_review=request.app.state.options.reviewing.is_open,
            status=status,
            **context,
        )
    )
    answer = HTMLResponse(body, status_code=status)
    if request.query_params.get("lang") in LANGUAGES:
        answer.set_cookie(COOKIE, language, max_age=31_536_000, httponly=True, samesite="lax")
    return answer


def page_of(request: Request) -> int:
    """Which page of a list is asked for, from 1; nonsense is the first."""
    asked = request.query_params.get("page", "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 10 else 1
