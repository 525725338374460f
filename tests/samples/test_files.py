from io import BytesIO
from zipfile import ZipFile

import pypdfium2 as pdfium
import pytest

from samples.files import OFFERS, address_of, markup_of, places, written
from samples.forms import load_form, requests
from samples.site import Report, load_folder

TITLE = "羽民县教育局2025年政府信息公开工作年度报告"


@pytest.fixture(scope="module")
def report() -> Report:
    site = next(site for site in load_folder("files") if site.host == "www.yumin.gov.cn")
    return next(
        entry.report for listing in site.listings for entry in listing.entries if entry.report is not None
    )


def test_the_sites_reports_are_offered_in_every_way():
    offers = {
        entry.report.offer
        for site in load_folder("files")
        for listing in site.listings
        for entry in listing.entries
        if entry.report
    }
    assert offers == set(OFFERS)


def test_cells_take_every_place_of_a_table_once():
    taken = [
        (place.row + down, place.column + right)
        for place in places(requests(load_form("2021")))
        for down in range(place.slot.row_span)
        for right in range(place.slot.column_span)
    ]
    assert len(taken) == len(set(taken))
    assert {column for _, column in taken} == set(range(10))


def test_a_word_file_says_what_it_should(report):
    layout = requests(load_form("2021"))
    with ZipFile(BytesIO(written(OFFERS["script"], [TITLE, layout], report.figures.cells))) as package:
        text = package.read("word/document.xml").decode()
    assert TITLE in text
    assert text.count("<w:tr>") == len(layout)


def test_a_pdf_tells_its_text_without_a_font(report):
    payload = written(OFFERS["viewer"], [TITLE, requests(load_form("2021"))], report.figures.cells)
    with pdfium.PdfDocument(payload) as document:
        first = document[0].get_textpage().get_text_bounded()
        assert len(document) == 2
    assert "".join(first.split()) == TITLE


def test_a_viewer_is_given_the_address_as_a_part_of_its_own():
    offer = OFFERS["viewer"]
    assert address_of(offer, "ab12") == "/upload/ab12.pdf"
    assert "viewer.html?file=%2Fupload%2Fab12.pdf" in markup_of(offer, "ab12", TITLE)
