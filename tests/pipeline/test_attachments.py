"""A report that is a file stands under the address of the page that offers it, whatever came first."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from extract.readers.places import resolve
from pipeline.importing import import_saved
from pipeline.reading import read_captures
from pipeline.saved import SavedFile
from storage.archive import load_capture

FILES = Path(__file__).parents[1] / "extract" / "readers" / "files"
HOST = "http://www.anning.gov.cn"
PAGE, REPORT = f"{HOST}/xxgk/nb/t20240120_1.html", f"{HOST}/xxgk/nb/P020240120.docx"
COVER = """<html><head><meta name="ArticleTitle" content="安宁县财政局2023年政府信息公开工作年度报告">
<meta name="PubDate" content="2024-01-20"></head><body><h1>安宁县财政局2023年政府信息公开工作年度报告</h1>
<p>安宁县财政局2023年政府信息公开工作年度报告见附件。</p>{links}</body></html>"""
AT = datetime(2024, 2, 1, tzinfo=UTC)


@pytest.fixture
def keep(database, tmp_path):
    """Puts a body into the archive as a capture of an address, so many days after the first of February."""

    def put(url, body, days=0):
        path = tmp_path / url.rpartition("/")[2]
        path.write_bytes(body)
        import_saved(database, [SavedFile(path, url, AT + timedelta(days=days), "report")], AT)

    return put


@pytest.fixture
def docx():
    return (FILES / "report.docx").read_bytes()


def cover(*files):
    return COVER.format(links="".join(f'<a href="{file}">附件</a>' for file in files)).encode()


def reports(database):
    with database.read() as connection:
        facts = "url, publisher, year, title, published_on, cells_read, status"
        rows = connection.execute(text(f"SELECT {facts} FROM reports ORDER BY url"))
        return [tuple(row) for row in rows]


def versions(database):
    with database.read() as connection:
        return connection.scalar(text("SELECT COUNT(*) FROM readings"))


JOINED = [
    (
        PAGE,
        "安宁县财政局",
        2023,
        "安宁县财政局2023年政府信息公开工作年度报告",
        "2024-01-20",
        200,
        "complete",
    )
]


@pytest.mark.parametrize("order", ["page first", "file first", "together", "together, file first"])
def test_the_order_of_page_and_file_changes_nothing(database, keep, docx, order):
    steps = [(PAGE, cover("P020240120.docx")), (REPORT, docx)]
    for url, body in reversed(steps) if "file first" in order else steps:
        keep(url, body)
        if "together" not in order:
            read_captures(database)
    read_captures(database)
    assert reports(database) == JOINED


def test_reading_again_changes_nothing(database, keep, docx):
    keep(REPORT, docx)
    keep(PAGE, cover("P020240120.docx"))
    read_captures(database)
    before = versions(database)
    summary = read_captures(database, everything=True)
    assert (summary.captures, dict(summary.changes)) == (2, {"unchanged": 1})
    assert versions(database) == before
    assert read_captures(database).captures == 0


def test_each_cell_leads_into_the_file(database, keep, docx):
    keep(PAGE, cover("P020240120.docx"))
    keep(REPORT, docx)
    read_captures(database)
    with database.read() as connection:
        cells = connection.execute(text("SELECT capture_id, raw_text, locator FROM cells LIMIT 5")).all()
        for capture_id, raw_text, locator in cells:
            stored = load_capture(connection, capture_id)
            assert stored.capture.url == REPORT
            assert resolve(stored.capture.payload, locator) == raw_text


def test_a_page_with_its_own_tables_is_compared_with_its_file(database, keep, docx):
    page = (FILES / "report.html").read_bytes()
    changed = page.replace(b"<td>35</td>", b"<td>36</td>", 1)
    assert changed != page
    keep(PAGE, changed.replace(b"</body>", b'<a href="P020240120.docx">docx</a></body>'))
    keep(REPORT, docx)
    read_captures(database)
    assert [row[0] for row in reports(database)] == [PAGE]
    with database.read() as connection:
        found = connection.execute(
            text("SELECT f.text FROM reading_findings f WHERE code = 'attachment_differs'")
        ).scalars()
        assert list(found) == ["requests/received/total: '36' here, '35' in the other version"]


def test_a_list_of_files_is_the_page_of_none(database, keep, docx):
    other = (FILES / "report.html").read_bytes().replace("2023年".encode(), "2022年".encode())
    listing = cover("2023.docx", "2022.doc").replace("安宁县财政局2023年".encode(), b"")
    keep(f"{HOST}/nb/list.html", listing)
    keep(f"{HOST}/nb/2023.docx", docx)
    keep(f"{HOST}/nb/2022.doc", other)
    read_captures(database)
    found = [(url, year) for url, _, year, *_ in reports(database) if year]
    assert found == [(f"{HOST}/nb/2022.doc", 2022), (f"{HOST}/nb/2023.docx", 2023)]


def test_a_form_to_fill_in_stays_no_report(database, keep, docx):
    keep(PAGE, cover("P020240120.docx", "form.txt"))
    keep(f"{HOST}/xxgk/nb/form.txt", "政府信息公开申请表".encode())
    keep(REPORT, docx)
    read_captures(database)
    assert reports(database) == JOINED


def test_a_new_version_of_the_file_is_read_with_its_page(database, keep, docx):
    keep(PAGE, cover("P020240120.docx"))
    keep(REPORT, docx)
    read_captures(database)
    keep(REPORT, with_text(docx, "<w:t>252</w:t>", "<w:t>253</w:t>"), days=1)
    assert read_captures(database).changes == {"changed": 1}
    assert reports(database) == JOINED
    with database.read() as connection:
        value = connection.scalar(text("SELECT value FROM cells WHERE row_code = 'licensing'"))
        assert Decimal(str(value)) == 253


def with_text(docx, old, new):
    changed = BytesIO()
    with ZipFile(BytesIO(docx)) as before, ZipFile(changed, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            if name == "word/document.xml":
                assert part.count(old.encode()) == 1
                part = part.replace(old.encode(), new.encode())
            after.writestr(name, part)
    return changed.getvalue()
