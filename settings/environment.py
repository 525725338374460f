"""The only reader of the environment. Each value is typed and checked at first use."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT_DATABASE = "sqlite:///data/nianbao.db"
DEFAULT_CONTACT = "https://github.com/nianbao/nianbao"


@dataclass(frozen=True, slots=True)
class Environment:
    """`contact` is a URL or e-mail address put into the User-Agent, so that a site's keeper can reach us."""

    database: str
    contact: str
    user_agent: str | None
    has_proxy: bool


def read_environment(environ: Mapping[str, str] = os.environ) -> Environment:  # noqa: TID251 - the one place
    return Environment(
        database=environ.get("NIANBAO_DB") or DEFAULT_DATABASE,
        contact=environ.get("NIANBAO_CONTACT") or DEFAULT_CONTACT,
        user_agent=environ.get("NIANBAO_USER_AGENT") or None,
        has_proxy=any(
            environ.get(name) for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY")
        ),
    )
