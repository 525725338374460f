"""One reader for each format, all giving the same `Document`."""

from collections.abc import Callable
from functools import cache
from importlib import import_module

from extract.document import Document
from extract.readers.formats import NotReadable, sniff

__all__ = ["READERS", "NotReadable", "read"]

READERS = {
    "html": "html.read_html",
    "text": "text.read_text",
    "pdf": "pdf.read_pdf",
    "image": "scan.read_image",
    "ofd": "ofd.read_ofd",
    "docx": "docx.read_docx",
    "doc": "doc.read_doc",
    "sheet": "sheet.read_sheet",
    "csv": "comma.read_csv",
    "zip": "zipped.read_zip",
    "mhtml": "mime.read_mhtml",
    "word_xml": "flatxml.read_word_xml",
    "excel_xml": "flatxml.read_excel_xml",
}
"""Where the reader of each format that `sniff` tells stands. Each is imported only when it is wanted: some
bring libraries that take seconds to load.
"""


def read(payload: bytes, content_type: str = "", url: str = "") -> Document:  # noqa: ARG001
    """What the bytes hold; `content_type` and `url` are only for readers whose format the bytes cannot tell.
    NotReadable for a format without a reader, and for what its reader cannot make a document of.
    """
    return reader_of(sniff(payload))(payload)


@cache
def reader_of(name: str) -> Callable[[bytes], Document]:
    module, function = READERS[name].split(".")
    found: Callable[[bytes], Document] = getattr(import_module(f"{__name__}.{module}"), function)
    return found
