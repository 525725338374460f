"""Word's single file web page, mostly named .doc."""

from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from extract.extraction import extract
from extract.readers import NotReadable, read
from extract.readers.formats import sniff
from extract.readers.places import resolve

REPORT = (Path(__file__).parent / "files" / "report.html").read_text("utf-8")


def mhtml(*parts):
    message = MIMEMultipart("related")
    for each in parts:
        message.attach(each)
    return message.as_bytes()


def test_the_page_inside_is_read():
    payload = mhtml(MIMEText("<p>页眉</p>", "html", "utf-8"), MIMEText(REPORT, "html", "gb18030"))
    assert sniff(payload) == "mhtml"
    found = extract(payload, url="http://www.anning.gov.cn/2023.doc")
    assert (found.is_report, len(found.cells)) == (True, 200)
    assert found.cells[0].place.startswith("member:2/xpath:")
    assert all(resolve(payload, cell.place) == cell.raw_text for cell in found.cells[::40])


def test_without_a_page_it_is_told():
    with pytest.raises(NotReadable, match="without a page"):
        read(mhtml(MIMEBase("image", "png")))
    with pytest.raises(LookupError):
        resolve(mhtml(MIMEText("<p>x</p>", "html", "utf-8")), "member:7/xpath:/html")
