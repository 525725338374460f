"""Records with a title and an address, however they are written: in JSON, in XML, as objects in a script.

Makers differ in the names they give to a title, an address, a date; the names are data here.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from lxml import etree

from crawler.jumps import unescaped
from crawler.listings.base import Entry
from crawler.listings.scripts import PAIR
from crawler.page import Page, text_of
from crawler.tags import squeeze

TITLES = ("title", "doctitle", "showtitle", "linktitle", "topic", "name", "subtitle")
ADDRESSES = (
    *("url", "docpuburl", "chnldocurl", "puburl", "post_url", "link", "linkurl", "infourl"),
    *("htmlpath", "urls", "href"),
)
DATES = (  # of publication: when a record was made is when a site was moved, as often as not
    *("date", "pubdate", "docreltime", "publishedtimestr", "display_publish_time"),
    *("published_time_format", "publishtime", "pubtime"),
)
Record = dict[str, Any]

OBJECT = re.compile(r"\{[^{}]{8,4000}\}")  # of a script, without others in it
ENCODED = re.compile(r"https?%3a", re.IGNORECASE)
XML_HEAD = re.compile(r"\s*<(?:\?xml|rss|feed)\b", re.IGNORECASE)
DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
HEAD = 1000  # characters in which a page in XHTML shows that it is a page


def entries_of(records: Iterable[Record], page: Page) -> Iterator[Entry]:
    """Of those that have a title and an address. Keys are in lower case."""
    for each in records:
        title, reference = first_of(each, TITLES), address_in(first_of(each, ADDRESSES))
        url = page.address(reference) if title and reference else None
        if url:
            yield Entry(url, squeeze(title), first_of(each, DATES))


def objects_in(data: Any) -> Iterator[Record]:
    """Every object in JSON, the outer before the inner, with its keys in lower case."""
    if isinstance(data, dict):
        yield {str(key).lower(): value for key, value in data.items()}
        data = list(data.values())
    if isinstance(data, list):
        for each in data:
            yield from objects_in(each)


def objects_in_script(script: str) -> Iterator[Record]:
    """Object literals: `{title: "2023年年报", url: "/nb/2023.html"}`"""
    for literal in OBJECT.finditer(script):
        pairs = PAIR.finditer(literal[0])
        yield {pair["name"].lower(): unescaped(pair["text"]) for pair in pairs if pair["text"] is not None}


def is_xml(page: Page) -> bool:
    """A document of records, and no page in XHTML."""
    return bool(XML_HEAD.match(page.text)) and "<html" not in page.text[:HEAD].lower()


def objects_in_xml(page: Page) -> Iterator[Record]:
    """Every element by its attributes and the texts of its children, whatever the elements are called."""
    parser = etree.XMLParser(encoding="utf-8", recover=True, resolve_entities=False, no_network=True)
    markup = DECLARATION.sub("", page.text, count=1).encode("utf-8", "replace")
    root = etree.fromstring(markup, parser) if markup.strip() else None
    for element in () if root is None else root.iter(etree.Element):
        texts = {
            etree.QName(child).localname.lower(): text_of(child)
            for child in element.iterchildren(etree.Element)
        }
        yield texts | {etree.QName(name).localname.lower(): value for name, value in element.attrib.items()}


def first_of(values: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The first of these that is a text and not empty."""
    found = (values.get(name) for name in names)
    return next((value.strip() for value in found if isinstance(value, str) and value.strip()), "")


def address_in(text: str) -> str:
    """As it is meant: some escape it for HTML or for a query, and 江西 puts JSON into JSON: {"pc": "/…"}."""
    if ENCODED.match(text):
        return unquote(text)
    if not text.startswith("{"):
        return text.replace("&amp;", "&")
    try:
        inner = json.loads(text)
    except ValueError:
        return ""
    return next((value for value in inner.values() if isinstance(value, str) and value), "")
