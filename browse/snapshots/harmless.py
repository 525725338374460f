"""An archived page made harmless: what it shows stays, what it does goes.

Two hands one after the other. Here the addresses are turned into the archive, on the very tree that the
places of cells count in; then nh3 (Ammonia) reads the result as browsers do and lets only known elements and
attributes through. The third is the browser's, by the policy that every answer carries (door.py).
"""

import re
from collections.abc import Callable, Iterator
from html import escape

import nh3
from lxml import etree

from browse.snapshots.addresses import PICTURE, Archive
from browse.snapshots.styles import turned
from extract.decode import decode
from extract.readers import markup

HERE = "nianbao-here"
MARK = f"""
#{HERE} {{ outline: 4px solid #c00 !important; outline-offset: 1px !important; background: #fff59d !important;
  color: #000 !important; scroll-margin: 40vh; visibility: visible !important; }}
.nianbao-frame {{ display: inline-block; padding: .3em .6em; border: 1px dashed currentColor; }}"""
SHOWN = """
    a abbr acronym address area article aside b bdi bdo big blockquote body br button caption center
    cite code col colgroup dd del details dfn dir div dl dt em fieldset figcaption figure font footer
    form h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd label legend li link main map mark menu
    nav nobr ol optgroup option p picture pre q rp rt ruby s samp section select small source span
    strike strong style sub summary sup table tbody td textarea tfoot th thead time tr tt u ul var wbr"""
WITH_ALL_INSIDE = ("script", "noscript", "template", "svg", "math", "title", "noembed", "noframes", "xmp")
LOOKS = """
    align alt bgcolor border bordercolor cellpadding cellspacing checked class clear color cols colspan
    compact coords datetime dir disabled face frame frameborder headers height hspace id label lang
    media multiple name noshade nowrap open placeholder rowspan rows rules scope selected shape size
    span start style summary tabindex title type usemap valign value vspace width"""
ATTRIBUTES = {
    "*": {*LOOKS.split(), "background"},
    "a": {"href", "target"},
    "area": {"href", "target"},
    "img": {"src", "srcset"},
    "input": {"src"},
    "link": {"href"},
    "source": {"srcset"},
}
FRAMES = frozenset({"iframe", "frame"})
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def harmless(page: bytes, archive: Archive, place: str = "") -> str:
    """A whole page in UTF-8's letters. `place` is the XPath of what is to be marked, as locators have it."""
    root = markup.parse(decode(page)).root
    forget_marks(root)
    if place:
        mark(root, place)
    archive = based(root, archive)
    title = " ".join(root.xpath("string(//title)").split())
    for element in root.iter(etree.Element):
        turn(element, archive)
    body = "".join(body_looks(root))
    inside = cleaner(archive).clean(etree.tostring(root, method="html", encoding="unicode"))
    return (
        f'<!doctype html>\n<html lang="zh"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        f"<body{body}>{inside}<style>{MARK}</style></body></html>\n"
    )


def body_looks(root: etree._Element) -> Iterator[str]:
    """The attributes of <body>, which nh3 does not keep for it reads a fragment."""
    for name in ("class", "id", "style", "bgcolor", "text", "dir"):
        if value := root.xpath(f"string(//body/@{name})"):
            yield f' {name}="{escape(value, quote=True)}"'


def forget_marks(root: etree._Element) -> None:
    """No page can bring a mark of its own."""
    for element in root.xpath("//*[@id]"):
        if element.get("id").strip() == HERE:
            del element.attrib["id"]


def mark(root: etree._Element, place: str) -> None:
    """Mark the element at a place, and let it be seen. A place that leads nowhere marks nothing."""
    try:
        found = root.getroottree().xpath(place.partition("#")[0])
    except etree.XPathError:
        return
    if not (isinstance(found, list) and found and etree.iselement(found[0])):
        return
    found[0].set("id", HERE)
    for element in (found[0], *found[0].iterancestors()):
        if HIDDEN.search(element.get("style", "")):
            del element.attrib["style"]


def based(root: etree._Element, archive: Archive) -> Archive:
    """As the page's <base>, where it has one, wants it; kept inside the web."""
    stated = archive.absolute(root.xpath("string(//base/@href)"))
    return Archive(stated or archive.base, archive.timestamp, archive.pages, archive.snapshots)


def turn(element: etree._Element, archive: Archive) -> None:
    """Every address of the element into the archive; a frame becomes a link to what it framed."""
    if element.tag in FRAMES:
        unframe(element)
    if element.tag == "style":
        element.text = turned(element.text or "", archive.resource)
    if "style" in element.attrib:
        element.set("style", turned(element.get("style"), archive.resource))
    if element.tag == "link" and "stylesheet" not in element.get("rel", "").lower().split():
        element.attrib.pop("href", None)
    for name in set(element.attrib) & ADDRESSES.keys():
        is_link = name == "href" and element.tag != "link"
        element.set(name, (archive.link if is_link else ADDRESSES[name](archive))(element.get(name)))
    if "href" in element.attrib and not element.get("href").startswith("#"):
        element.set("target", "_top")


def unframe(frame: etree._Element) -> None:
    address, tail = frame.get("src", ""), frame.tail
    frame.clear()
    frame.tag, frame.text, frame.tail = "a", f"⧉ {address}", tail
    frame.set("class", "nianbao-frame")
    frame.set("href", address)


def sources(archive: Archive) -> Callable[[str], str]:
    """A srcset: addresses with a width or density behind each, between commas."""

    def turned_set(text: str) -> str:
        found = (candidate.split() for candidate in re.split(r",\s+|,$", text))
        parts = ((archive.resource(words[0]), *words[1:2]) for words in found if words)
        return ", ".join(" ".join(part) for part in parts if part[0])

    return turned_set


ADDRESSES: dict[str, Callable[[Archive], Callable[[str], str]]] = {
    "href": lambda archive: archive.resource,
    "src": lambda archive: archive.resource,
    "background": lambda archive: archive.resource,
    "srcset": sources,
}


def cleaner(archive: Archive) -> nh3.Cleaner:
    """An address passes only where it leads into the archive, whatever a browser reads otherwise than we."""
    within = {
        "href": (f"{archive.pages}/web/", f"{archive.snapshots}/", "#"),
        "src": (f"{archive.snapshots}/", PICTURE),
        "srcset": (f"{archive.snapshots}/", PICTURE),
        "background": (f"{archive.snapshots}/", PICTURE),
        "target": ("_top",),
    }

    def checked(_: str, name: str, value: str) -> str | None:
        return value if name not in within or value.startswith(within[name]) else None

    return nh3.Cleaner(
        tags=set(SHOWN.split()),
        clean_content_tags=set(WITH_ALL_INSIDE),
        attributes=ATTRIBUTES,
        attribute_filter=checked,
        tag_attribute_values={"link": {"rel": {"stylesheet"}}},
        url_schemes={"http", "https", "data"},
        link_rel=None,
    )
