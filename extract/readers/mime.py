"""MHTML, the "single file web page" that Word and WPS save, mostly under the name of a DOC.

Its largest HTML part is the text. Places are those of that page behind `member:N/`, N counting parts from 1.
"""

from email import message_from_bytes
from email.message import Message

from extract.document import Document
from extract.readers.formats import NotReadable
from extract.readers.html import read_html
from extract.readers.zipped import Member, within


def read_mhtml(payload: bytes) -> Document:
    pages = {number: body_of(part) for number, part in parts_of(payload).items() if is_page(part)}
    if not pages:
        raise NotReadable("a single file web page (MHTML) without a page")
    number = max(pages, key=lambda number: len(pages[number]))
    return within(Member(number, "", read_html(pages[number])), [])


def part(payload: bytes, number: int) -> bytes:
    """The body of the part of that number; LookupError where there is none."""
    found = parts_of(payload).get(number)
    if found is None:
        raise LookupError(f"no such member: {number}")
    return body_of(found)


def parts_of(payload: bytes) -> dict[int, Message]:
    walked = message_from_bytes(payload).walk()
    return dict(enumerate((each for each in walked if not each.is_multipart()), 1))


def is_page(message: Message) -> bool:
    return message.get_content_type() == "text/html"


def body_of(message: Message) -> bytes:
    """Without its transfer encoding; what cannot be decoded stays as it is."""
    body = message.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""
