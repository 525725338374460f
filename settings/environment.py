"""The only reader of the environment. Each value is typed and checked at first use."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

DEFAULT_DATABASE = "sqlite:///data/nianbao.db"
DEFAULT_CONTACT = "https://github.com/nianbao/nianbao"


class SettingError(ValueError):
    """A variable that cannot be used. One line that names it and the mend."""


@dataclass(frozen=True, slots=True)
class Environment:
    """`contact` is a URL or e-mail address put into the User-Agent, so that a site's keeper can reach us.
    `now` is the time that a rehearsal begins at (settings/clock.py).
    `review_password` opens the review pages of `nianbao browse` to who knows it.
    """

    database: str
    contact: str
    user_agent: str | None
    has_proxy: bool
    now: datetime | None = None
    review_password: str = ""


def read_environment(environ: Mapping[str, str] = os.environ) -> Environment:  # noqa: TID251 - the one place
    """Raises SettingError."""
    return Environment(
        database=environ.get("NIANBAO_DB") or DEFAULT_DATABASE,
        contact=environ.get("NIANBAO_CONTACT") or DEFAULT_CONTACT,
        user_agent=environ.get("NIANBAO_USER_AGENT") or None,
        has_proxy=any(
            environ.get(name) for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY")
        ),
        now=moment(environ.get("NIANBAO_NOW") or None),
        review_password=environ.get("NIANBAO_REVIEW_PASSWORD", ""),
    )


def moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingError(f"NIANBAO_NOW: {text!r} is no time; write 2027-01-31T22:00+08:00") from error
    return at.replace(tzinfo=at.tzinfo or UTC)
