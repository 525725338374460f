"""A capture as something a browser can show: by what its bytes are, never by what it was called."""

from dataclasses import dataclass
from urllib.parse import urljoin

from browse.apart import TooMuch, apart
from browse.snapshots.addresses import Archive
from browse.snapshots.harmless import harmless
from browse.snapshots.media import SHEET, VECTOR, format_of, picture_of
from browse.snapshots.reading import read_page, text_page
from browse.snapshots.sheets import sheet_page
from browse.snapshots.styles import turned
from extract.decode import decode
from extract.readers import READERS, NotReadable
from extract.readers.places import innermost
from storage.archive import StoredCapture, header_value
from storage.content import ContentError, decoded_body

LARGEST = 20_000_000  # bytes after content decoding; what is larger can only be downloaded
HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Shown:
    """`location` is set where the capture is a redirect: where it led, in the archive."""

    content: bytes
    media: str
    location: str = ""


class NotShown(Exception):  # noqa: N818 - an outcome, not a fault
    """Why these bytes cannot be shown, in a line."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to look in a capture: a place as locators have it, and which page of a printed document.
    `address` is that of this capture, for what its pages load.
    """

    address: str
    place: str = ""
    page: int = 0


def shown(stored: StoredCapture, archive: Archive, spot: Spot) -> Shown:
    """Raises NotShown."""
    capture = stored.capture
    location = header_value(capture.headers, "location")
    if location and capture.status in {301, 302, 303, 307, 308}:
        return Shown(b"", PLAIN, archive.resource(urljoin(capture.url, location)))
    body = body_of(stored)
    picture = picture_of(body)
    if picture and not spot.place:
        return Shown(body, picture)
    try:
        inside, place = innermost(body, spot.place)
        content_type = header_value(capture.headers, "content-type") or ""
        name = format_of(inside, content_type)
        page = READ_APART.get(name)
        if page:
            return Shown(apart(page, body, spot).encode(), HTML)
        return document(inside, name, archive, place)
    except (LookupError, NotReadable, TooMuch) as error:
        raise NotShown(str(error)) from error


def body_of(stored: StoredCapture) -> bytes:
    """The body without its content codings. Raises NotShown."""
    try:
        return decoded_body(stored.capture.headers, stored.capture.payload or b"", LARGEST)
    except ContentError as error:
        raise NotShown(str(error)) from error


def document(body: bytes, name: str, archive: Archive, place: str) -> Shown:
    if name == "html":
        path = place.removeprefix("xpath:") if place.startswith("xpath:") else ""
        return Shown(harmless(body, archive, path).encode(), HTML)
    if name == "css":
        sheet = turned(decode(body).text, archive.resource)
        return Shown(sheet.encode(), f"{SHEET}; charset=utf-8")
    if name == "svg":
        return Shown(body, VECTOR)
    if name == "text":
        return Shown(text_page(decode(body).text, place).encode(), HTML)
    raise NotShown("no reader knows this format")


def printed(body: bytes, spot: Spot) -> str:
    return sheet_page(body, spot.place, spot.page, spot.address)


def as_read(body: bytes, spot: Spot) -> str:
    return read_page(body, spot.place)


READ_APART = dict.fromkeys(READERS.keys() - {"html", "text"}, as_read) | {"pdf": printed, "image": printed}
