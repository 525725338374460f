"""Pictures of pages, drawn here with digits and lines; the real report as a clean, noisy and crooked scan."""

import struct
import zlib

import pytest
from pypdfium2 import PdfDocument

from extract.align import align
from extract.document import Cell, Document, Grid
from extract.extraction import extract
from extract.forms.model import official_forms
from extract.readers import NotReadable, imagesize, printed, read, scan
from extract.readers import pdf as pdf_reader
from extract.readers.certainty import UNREAD
from extract.readers.places import resolve

np = pytest.importorskip("numpy", reason="the ocr extra is not installed")
cv2 = pytest.importorskip("cv2", reason="the ocr extra is not installed")
pytest.importorskip("rapidocr", reason="the ocr extra is not installed")

ROWS = [["21", "0", "550"], ["4119", "", "195"], ["7730.28", "10", "1"]]


def drawn(rows=ROWS, width=1240, height=700):
    page = np.full((height, width), 255, np.uint8)
    xs, ys = [200, 480, 760, 1040], [150 + 60 * number for number in range(len(rows) + 1)]
    for y in ys:
        cv2.line(page, (xs[0], y), (xs[-1], y), 0, 2)
    for x in xs:
        cv2.line(page, (x, ys[0]), (x, ys[-1]), 0, 2)
    for row, cells in enumerate(rows):
        for column, words in enumerate(cells):
            cv2.putText(page, words, (xs[column] + 40, ys[row] + 42), cv2.FONT_HERSHEY_DUPLEX, 0.9, 0, 1, 16)
    return page


def noisy(page):
    chance = np.random.default_rng(7)
    grains = page * 0.9 + 15 + chance.normal(0, 14, page.shape)
    specks = chance.random(page.shape)
    grains[specks < 0.001] = 0
    grains[specks > 0.999] = 255
    return np.clip(grains, 0, 255).astype(np.uint8)


def crooked(page, degrees):
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)


def png(page):
    return cv2.imencode(".png", page)[1].tobytes()


def texts(grid):
    return [[cell.text for cell in row] for row in grid.rows]


@pytest.fixture(scope="module")
def clean():
    return png(drawn())


def test_cells_of_a_picture(clean):
    assert texts(read(clean).grids()[0]) == ROWS


def test_every_cell_has_its_box(clean):
    for cell in read(clean).grids()[0].cells():
        assert resolve(clean, cell.place) == cell.text


@pytest.mark.parametrize("degrees", [-2.0, 0.7])
def test_crooked_and_noisy(degrees):
    grid = read(png(noisy(crooked(drawn(), degrees)))).grids()[0]
    assert texts(grid) == ROWS


def test_a_scan_inside_a_pdf(pdf, sheet, monkeypatch):
    monkeypatch.setattr("extract.readers.pdf.picture_of", lambda document, number: drawn())
    payload = pdf(sheet().line(0, 0, 9, 9))
    grid = read(payload).grids()[0]
    assert texts(grid) == ROWS
    assert [resolve(payload, cell.place) for cell in grid.cells()] == [cell.text for cell in grid.cells()]


def test_what_is_not_certain_is_marked_and_not_placed():
    head = [
        Cell(words, "", 0, at)
        for at, words in enumerate(("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"))
    ]
    line = [
        Cell("行政规范性文件", "page:1/box:0.0,1.0,1.0,2.0", 1, 0),
        Cell("3", "page:1/box:1.0,1.0,2.0,2.0", 1, 1),
        Cell("8", "page:1/box:2.0,1.0,3.0,2.0", 1, 2, certain=False),
        Cell("5", "page:1/box:3.0,1.0,4.0,2.0", 1, 3),
    ]
    found = align(Document((Grid((tuple(head), tuple(line)), ""),)), official_forms())
    assert [(cell.column, cell.raw_text) for cell in found.cells] == [("issued", "3"), ("in_force", "5")]
    assert [(left.kind, left.text) for left in found.leftovers] == [("ambiguous", "8")]
    assert "ambiguous" in {finding.code for finding in found.findings}


def test_uncertain_signs_are_told(monkeypatch, clean):
    monkeypatch.setattr("extract.readers.certainty.AGREED", 1.1)
    document = printed.document([scan.read_picture(drawn(), 1)])
    told = [finding for finding in document.findings if finding.code == "ocr_uncertain"]
    assert [finding.text for finding in told] == [text for row in ROWS for text in row if text]
    assert not any(cell.certain for cell in document.grids()[0].cells() if cell.text)


def test_one_scanned_page_among_others(pdf, sheet, monkeypatch):
    monkeypatch.setattr("extract.readers.pdf.picture_of", lambda document, number: drawn())
    payload = pdf(sheet().text(60, 60, "政府信息公开工作年度报告"), sheet().line(0, 0, 9, 9), sheet())
    assert texts(read(payload).grids()[0]) == ROWS
    monkeypatch.setattr(scan, "find_spec", lambda name: None)
    pdf_reader._scanned.cache_clear()
    told = [(finding.code, finding.place) for finding in read(payload).findings]
    assert told == [("page_unread", "page:2")]


def test_without_the_extra_it_says_what_to_install(monkeypatch, clean, pdf, sheet):
    monkeypatch.setattr(scan, "find_spec", lambda name: None)
    scan.page_of.cache_clear()
    pdf_reader._scanned.cache_clear()
    for payload in (clean, pdf(sheet().line(0, 0, 9, 9))):
        with pytest.raises(NotReadable, match="install the ocr extra"):
            read(payload)


def test_sizes_are_told_by_the_header_alone(clean):
    page = drawn()
    for suffix in (".png", ".jpg", ".bmp", ".tif"):
        assert imagesize.size(cv2.imencode(suffix, page)[1].tobytes()) == (1240, 700)
    assert imagesize.size(b"\xff\xd8\xff\xe0") is None
    assert imagesize.size(b"\x89PNG") is None


def test_a_slash_alone_in_its_cell_is_no_figure():
    page = drawn([["1", "7", ""], ["", "", "4119"], ["0", "1", ""]])
    for x, y in ((800, 192), (240, 252), (800, 312)):
        cv2.line(page, (x, y), (x + 7, y - 22), 0, 2, cv2.LINE_AA)
    assert texts(read(png(page)).grids()[0]) == [["1", "7", "/"], ["/", "", "4119"], ["0", "1", "/"]]


def test_a_bomb_is_not_unpacked():
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + b"IHDR"
        + head
        + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    )
    with pytest.raises(NotReadable, match="larger than any scan"):
        read(bomb)


@pytest.mark.parametrize("kept", [0.01, 0.5])
@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_truncated_pictures(suffix, kept):
    payload = cv2.imencode(suffix, drawn(rows=[]))[1].tobytes()
    with pytest.raises(NotReadable) as caught:
        read(payload[: max(int(len(payload) * kept), 24)])
    assert "\n" not in str(caught.value)


def test_pictures_of_nothing():
    for page, said in (
        (np.zeros((40, 40), np.uint8), "too small"),
        (np.full((800, 600), 255, np.uint8), "without"),
    ):
        with pytest.raises(NotReadable, match=said):
            read(png(page))


@pytest.mark.real
def test_a_crooked_noisy_scan_of_the_real_report(real_dir):
    """One page of five, for time: the first half of the requests. Measured on all: see the changelog."""
    import pypdfium2

    payload = (real_dir / "reports" / "hongze_2023.pdf").read_bytes()
    truth = {
        (cell.row, cell.column): cell.raw_text
        for cell in extract(payload, url="http://www.hongze.gov.cn/a.pdf").cells
        if cell.table == "requests" and cell.place.startswith("page:3")
    }
    page = pypdfium2.PdfDocument(payload)[2].render(scale=200 / 72, grayscale=True).to_numpy().squeeze()
    document = printed.document([scan.read_picture(noisy(crooked(page, 0.7)), 3)])
    found = align(document, official_forms())
    read_back = {(cell.row, cell.column): cell.raw_text for cell in found.cells if cell.table == "requests"}
    wrong = {at for at, text in read_back.items() if truth[at] != text}
    assert not wrong
    doubtful = [left.text for left in found.leftovers if left.kind == "ambiguous"]
    assert len(read_back) + len(doubtful) == len(truth)
    assert len(doubtful) <= 5


@pytest.mark.parametrize("resolution", [150, 200, 300])
def test_a_hyphen_of_a_small_table_is_a_dash_and_no_dirt(pdf, sheet, chinese_font, resolution):
    page = sheet().table(60, 60, [60, 60, 60], [["4119", "-", "550"], ["12", "", "—"]])
    with PdfDocument(pdf(page)) as document:
        grey = document[0].render(scale=resolution / 72, grayscale=True).to_numpy().squeeze()
    grid = read(png(noisy(crooked(grey, 0.6)))).grids()[0]
    assert texts(grid) == [["4119", "-", "550"], ["12", "", "-"]]


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_lay_sideways_is_turned(quarters):
    page = np.ascontiguousarray(np.rot90(drawn(width=1240, height=1754), quarters))
    grid = read(png(page)).grids()[0]
    assert texts(grid) == ROWS
    assert all(resolve(png(page), cell.place) == cell.text for cell in grid.cells())


def test_a_sign_that_came_apart_leaves_no_empty_cell():
    page = drawn(rows=[["21", "0"], ["4", "0"]])
    for lost in range(3):  # as a fax loses lines
        page[220 + lost : 262 : 6, 500:740] = 255
        page[220:262, 500 + lost : 740 : 6] = 255
    cells = {(cell.row, cell.column): cell for cell in read(png(page)).grids()[0].cells()}
    assert (cells[1, 1].text, cells[1, 1].certain) == (UNREAD, False)
    assert [cells[at].text for at in ((0, 0), (0, 1), (1, 0))] == ["21", "0", "4"]
    assert (cells[0, 2].text, cells[0, 2].certain) == ("", True)


@pytest.mark.parametrize("resolution", [150, 200])
def test_a_minus_is_part_of_its_figure(pdf, sheet, chinese_font, resolution):
    page = sheet().table(60, 60, [60, 60, 60], [["4119", "-5", "-550"], ["-12", "0", "-1"]])
    with PdfDocument(pdf(page)) as document:
        grey = document[0].render(scale=resolution / 72, grayscale=True).to_numpy().squeeze()
    grid = read(png(noisy(crooked(grey, 0.6)))).grids()[0]
    assert texts(grid) == [["4119", "-5", "-550"], ["-12", "0", "-1"]]
    assert sum(not cell.certain for cell in grid.cells()) <= 1  # dirt touches a minus, with some fonts
