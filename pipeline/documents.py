"""Captures as the documents that reading processes are given."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from pipeline.reviewing import standings
from pipeline.workers import Document
from storage.archive import StoredCapture, load_captures
from storage.database import Database

GROUP = 50  # captures that are loaded together, and written in one transaction
Item = TypeVar("Item")


def load_documents(database: Database, capture_ids: Sequence[int]) -> Iterator[Document]:
    for group in grouped(capture_ids):
        with database.read() as connection:
            stored = load_captures(connection, group)
            said = standings(connection, [each.capture.url for each in stored])
            documents = [document_of(each, said=said.get(each.capture.url)) for each in stored]
        yield from documents


def grouped(items: Iterable[Item]) -> Iterator[list[Item]]:
    left = iter(items)
    while group := list(islice(left, GROUP)):
        yield group


def document_of(stored: StoredCapture, *, said: bool | None) -> Document:
    capture = stored.capture
    content_type = next((value for name, value in capture.headers if name.lower() == "content-type"), "")
    payload, sha256 = capture.payload or b"", stored.sha256 or ""
    return Document(stored.capture_id, capture.url, content_type, capture.headers, payload, said, sha256)
