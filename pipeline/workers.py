"""Reading a document in a process that can be stopped (processes.py)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from msgspec import structs

from extract.document import Finding
from extract.extraction import Unreadable, extract
from extract.readers.scanned import scanned_pages
from extract.result import Extraction
from pipeline.processes import Desk, bound
from storage.content import Content, ContentError, decode_content, decoded_body

LARGEST_BODY = 64 * 1024 * 1024  # bytes after content decoding; anything larger is a bomb or not a report


@dataclass(frozen=True, slots=True)
class Document:
    """What reading is given: all it may know of a capture."""

    capture_id: int
    url: str
    content_type: str
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    said: bool | None = None  # by a person: whether this is an annual report
    sha256: str = ""  # of the payload


Result = Extraction | str
Read = Callable[[Document], Result]


def read_documents(read: Read, documents: Sequence[Document], desk: Desk) -> list[Result]:
    return [read_bounded(read, document, desk) for document in documents]


def read_bounded(read: Read, document: Document, desk: Desk) -> Result:
    if document.capture_id in desk.doomed:
        return desk.doomed[document.capture_id]
    with desk.at(document.capture_id):
        if pages := scanned_pages(body_of(document) or b""):
            limits = desk.limits
            bound(limits.cpu + pages * limits.scan_cpu, limits.scan_memory)
        return read(document)


def read(document: Document) -> Result:
    """The document's extraction, or in one line why there is none."""
    problems: tuple[Finding, ...] = ()
    try:
        content = decode_content(document.headers, document.payload, LARGEST_BODY)
        problems = tuple(received(content))
        read = extract(content.body, url=document.url, content_type=document.content_type, said=document.said)
        return structs.replace(read, findings=(*problems, *read.findings))
    except (ContentError, Unreadable) as error:
        return "; ".join((str(error), *(problem.text for problem in problems)))
    except MemoryError:
        return "reading it takes more memory than a document may have"
    except Exception as error:  # noqa: BLE001 - a fault of ours; it costs this document and not the night
        return f"the extractor failed, which is a fault of nianbao: {type(error).__name__}: {error}"


def received(content: Content) -> Iterator[Finding]:
    """What was wrong with a body as it came, and was survived."""
    code = "body_cut" if content.is_part else "content_coding"
    yield from (Finding(code, problem) for problem in content.problems)


def body_of(document: Document) -> bytes | None:
    """The body without its content codings; None where they cannot be undone."""
    try:
        return decoded_body(document.headers, document.payload, LARGEST_BODY)
    except ContentError:
        return None
