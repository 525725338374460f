"""Captures as the documents that are read."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from pipeline.workers import Document
from storage.archive import StoredCapture

GROUP = 50  # captures that are loaded together, and written in one transaction
Item = TypeVar("Item")


def grouped(items: Iterable[Item], size: int = GROUP) -> Iterator[list[Item]]:
    left = iter(items)
    while group := list(islice(left, size)):
        yield group


def document_of(stored: StoredCapture, said: bool | None = None) -> Document:  # noqa: FBT001 - a person's word
    capture = stored.capture
    content_type = next((value for name, value in capture.headers if name.lower() == "content-type"), "")
    payload, sha256 = capture.payload or b"", stored.sha256 or ""
    return Document(stored.capture_id, capture.url, content_type, capture.headers, payload, said, sha256)
