"""DOC, WPS, RTF and OpenDocument: the figures of one report in every format, and nothing from outside."""

import socket
from pathlib import Path

import pytest

from extract.extraction import extract
from extract.readers import NotReadable, read
from extract.readers.formats import sniff
from extract.readers.places import resolve

FILES = Path(__file__).parent / "files"
ENCRYPTED = 1  # bit 8 of the flags in the file information block ([MS-DOC] 2.5.2)


def payload(name):
    return (FILES / name).read_bytes()


def figures(name):
    cells = extract(payload(name), url="http://www.anning.gov.cn/a").cells
    return {(cell.table, cell.row, cell.column): (cell.value, cell.state, cell.raw_text) for cell in cells}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("report.docx", "docx"), ("report.doc", "doc"), ("report.xls", "sheet"), ("report.xlsx", "sheet")],
)
def test_every_format_gives_the_figures_of_the_page(name, kind):
    assert sniff(payload(name)) == kind
    assert len(figures("report.html")) == 200
    assert figures(name) == figures("report.html")


@pytest.mark.parametrize("name", ["report.docx", "report.doc", "report.xls", "report.xlsx", "report.ods"])
def test_every_format_says_whose_report_it_is(name):
    found = extract(payload(name), url="http://www.anning.gov.cn/a")
    assert (found.is_report, found.form, found.status) == (True, "2021", "complete")
    assert (found.identity.publisher, found.identity.year) == ("安宁县财政局", 2023)
    assert [section.ordinal for section in found.sections if section.heading] == [1, 2, 3, 4, 5, 6]
    assert found.leftovers == ()


def test_rtf():
    assert sniff(payload("short.rtf")) == "doc"
    assert figures("short.rtf") == figures("short.html")
    assert figures("short.rtf")


def test_open_document_is_read_too():
    assert "行政规范性文件" in {
        cell.text for grid in read(payload("report.ods")).grids() for cell in grid.cells()
    }


@pytest.mark.parametrize(
    "name", ["report.doc", "short.rtf", "report.xls", "report.xlsx", "report.docx", "report.ods"]
)
def test_places_lead_back(name):
    document = read(payload(name))
    pieces = [*document.prose(), *(cell for grid in document.grids() for cell in grid.cells())]
    assert len({piece.place for piece in pieces}) == len(pieces)
    for piece in pieces[:: max(len(pieces) // 12, 1)]:
        assert resolve(payload(name), piece.place) == piece.text


def test_a_locked_document_is_told():
    locked = bytearray(payload("report.doc"))
    locked[locked.find(b"\xec\xa5") + 11] |= ENCRYPTED
    with pytest.raises(NotReadable, match="locked with a password"):
        read(bytes(locked))
    with pytest.raises(NotReadable, match="locked with a password"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"))


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.8, 0.99])
@pytest.mark.parametrize("name", ["report.doc", "report.docx", "short.rtf", "report.xlsx", "report.xls"])
def test_a_file_cut_short_is_told(name, share):
    assert is_told(payload(name)[: int(len(payload(name)) * share)])


def is_told(cut):
    try:
        document = read(cut)
    except NotReadable as error:
        return "\n" not in str(error)
    return "cut_short" in {finding.code for finding in document.findings}


def test_endless_paragraphs_are_refused():
    with pytest.raises(NotReadable, match="paragraphs or cells"):
        read(rb"{\rtf1 " + rb"a\par " * 200_001 + b"}")


def test_no_socket_is_opened(monkeypatch):
    def refuse(*_):
        raise AssertionError("a reader asked for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for name in ("report.doc", "short.rtf", "report.xls"):
        assert read(payload(name)).blocks


def test_the_compiled_reader_links_no_network_function():
    import anydoc

    (library,) = Path(anydoc.__file__).parent.glob("_anydoc*.so")
    code = library.read_bytes()
    assert not any(name in code for name in (b"getaddrinfo", b"\0connect\0", b"\0socket\0"))
