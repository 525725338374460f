"""In a real browser: from a number in a report to the cell it came from, in every kind of document."""

from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from pipeline.reading import read_captures
from storage.rows import report_id

pytest.importorskip("rapidocr", reason="the ocr extra is not installed")

FILES = Path(__file__).parents[1] / "extract" / "readers" / "files"
PAGE = (FILES / "report.html").read_text(encoding="utf-8")
PATIENCE = (
    30_000  # ms, as everything else in Playwright: the process that draws scans may have to start first
)
PRINT = (
    "<style>body{font:10pt serif}table{border-collapse:collapse}"
    "td,th{padding:2pt 4pt;border:1pt solid #000}</style>"
)


def printed(page, html):
    page.set_content(html)
    return page.pdf(format="A4")


def scanned(pdf):
    """Its first page as a picture."""
    from pypdfium2 import PdfDocument

    document = PdfDocument(pdf)
    out = BytesIO()
    document[0].render(scale=200 / 72).to_pil().convert("L").save(out, "PNG")
    document.close()
    return out.getvalue()


@pytest.fixture(scope="module")
def documents(keep, chromium):
    """The same report as a page, a PDF, a Word file and a scan, read."""
    window = chromium.new_page()
    begin, rest = PAGE.split("<p>二、", 1)
    one_table = begin + "<p>三、" + rest.partition("<p>三、")[2].partition("<p>四、")[0]
    pdf = printed(window, PRINT + PAGE)
    kinds = {
        "page": (PAGE.encode("gb18030").replace(b"utf-8", b"gb2312"), "text/html"),
        "pdf": (pdf, "application/pdf"),
        "word": ((FILES / "report.docx").read_bytes(), "application/msword"),
        "sheet": ((FILES / "report.xlsx").read_bytes(), "application/vnd.ms-excel"),
        "scan": (scanned(printed(window, PRINT + one_table)), "image/png"),
    }
    window.close()
    for name, (payload, media) in kinds.items():
        keep.put(f"http://www.{name}.gov.cn/report", payload, media)
    read_captures(keep.database)


@pytest.mark.parametrize("kind", ["page", "pdf", "word", "sheet", "scan"])
def test_from_a_number_to_where_it_stands(doors, documents, page, kind):
    page.goto(f"{doors.pages}/reports?host=www.{kind}.gov.cn")
    page.locator("main table a").first.click()
    figure = page.locator("td.figure a[href$='/requests/received/total']")
    number = figure.inner_text()
    figure.click()
    assert number in page.locator(".banner mark").inner_text()
    here = page.frame_locator("iframe").locator("#nianbao-here")
    expect(here).to_be_in_viewport(timeout=PATIENCE)
    if kind in {"page", "word", "sheet"}:
        assert here.inner_text() == number
    else:
        picture = page.frame_locator("iframe").locator("img")
        assert picture.evaluate("e => e.complete && e.naturalWidth > 500")
        assert ink_within(page, here) > 0.01
    for said in ("SHA-256", "已封印", f"http://www.{kind}.gov.cn/report"):
        assert said in page.locator(".banner").inner_text()


def test_the_frame_is_asked_for_once_its_window_has_its_size(doors, documents, page):
    """Sooner, its page would scroll to the mark in a window of another size, and stay there."""
    events = []
    page.on("request", lambda request: events.append(urlsplit(request.url).path))
    page.on("requestfinished", lambda request: events.append(f"{urlsplit(request.url).path} done"))
    url = "http://www.page.gov.cn/report"
    page.goto(f"{doors.pages}/reports/{report_id(url)}/requests/received/total")
    expect(page.frame_locator("iframe").locator("#nianbao-here")).to_be_in_viewport(timeout=PATIENCE)
    asked = next(place for place, path in enumerate(events) if path.startswith("/capture/"))
    assert events.index("/static/nianbao.css done") < asked


def ink_within(page, here):
    """The share of dark points inside the box: a figure is there, and not white paper."""
    from PIL import Image

    box = here.bounding_box()
    clip = {"x": box["x"] + 5, "y": box["y"] + 5, "width": box["width"] - 10, "height": box["height"] - 10}
    picture = Image.open(BytesIO(page.screenshot(clip=clip))).convert("L")
    return sum(picture.histogram()[:110]) / (picture.width * picture.height)
