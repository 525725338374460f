"""What a client asks of a host of the invented web, and what it is given."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

HTML = "text/html; charset=utf-8"
JSON = "application/json;charset=UTF-8"
XML = "text/xml;charset=UTF-8"


@dataclass(frozen=True)
class Question:
    """`target` is the path with its query; header names are in lower case."""

    target: str
    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def path(self) -> str:
        return urlsplit(self.target).path or "/"

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @cached_property
    def form(self) -> dict[str, str]:
        """What was posted, over what the query says: these servers do not mind which."""
        posted = dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))
        return self.query | posted

    def number(self, name: str, default: int = 1) -> int:
        """A whole number of the form or the query; `default` where it is none."""
        said = self.form.get(name, "")
        return int(said) if said.isdecimal() else default


@dataclass(frozen=True)
class Answer:
    """One page as it goes out."""

    status: int
    body: bytes
    content_type: str = HTML
    headers: dict[str, str] = field(default_factory=dict)

    @cached_property
    def zipped(self) -> bytes:
        return gzip.compress(self.body, compresslevel=6, mtime=0)


def in_json(data: Any) -> Answer:
    """JSON as Java's servers write it: no spaces, Chinese as it is."""
    return Answer(200, json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), JSON)


def hop(location: str) -> Answer:
    return Answer(302, b"", HTML, {"Location": location})
