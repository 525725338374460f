"""Printed pages, of PDF files and scans, as pictures with a box around the place a figure came from."""

from html import escape
from urllib.parse import urlencode

from browse.snapshots.harmless import HERE
from browse.snapshots.whole import whole
from extract.readers import boxes
from extract.readers.boxes import Box
from extract.readers.places import innermost
from extract.readers.sheets import Sheet, sheet

MARGIN = 2.0  # points around the box, so that its line does not run through the figure


def sheet_at(body: bytes, place: str, number: int) -> Sheet:
    """Page `number` of the document that `place` is in; 0 for the page of the place. Raises LookupError."""
    payload, inner = innermost(body, place)
    return sheet(payload, number or first_page(inner))


def first_page(place: str) -> int:
    return boxes.parts(place)[0][0] if place.startswith("page:") else 1


def sheet_page(body: bytes, place: str, number: int, address: str) -> str:
    """The page that shows a sheet; `address` is where pictures of this capture are, `?` behind it."""
    _, inner = innermost(body, place)
    shown = number or first_page(inner)
    found = sheet_at(body, place, shown)
    marks = [box for page, box in (boxes.parts(inner) if inner.startswith("page:") else ()) if page == shown]
    drawn = "".join(outline(box, found, is_first=box is marks[0]) for box in marks)
    picture = f"{address}/sheets/{shown}.png?{urlencode({'at': place})}"
    return whole(
        f"{pager(found.count, shown, place, address)}"
        f'<div class="sheet"><img src="{escape(picture)}" alt="第 {shown} 页 page {shown}">{drawn}</div>'
    )


def outline(box: Box, found: Sheet, *, is_first: bool) -> str:
    left, top = (box.x0 - MARGIN) / found.width, (box.y0 - MARGIN) / found.height
    width, height = (box.width + 2 * MARGIN) / found.width, (box.height + 2 * MARGIN) / found.height
    name = f' id="{HERE}"' if is_first else ""
    style = f"left:{left:.3%};top:{top:.3%};width:{width:.3%};height:{height:.3%}"
    return f'<div{name} class="box" style="{style}"></div>'


def pager(count: int, shown: int, place: str, address: str) -> str:
    """Links to the other pages; none where there is but one."""
    if count < 2:
        return ""
    links = (
        f"<b>{number}</b>"
        if number == shown
        else f'<a href="{escape(address)}?{urlencode({"page": number, "at": place})}">{number}</a>'
        for number in range(1, count + 1)
    )
    return f"<nav>{' '.join(links)}</nav>"
