"""The report in a ZIP, whatever else is in it."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from extract.readers import NotReadable, read
from extract.readers.places import resolve
from extract.readers.zipped import name_of

FILES = Path(__file__).parent / "files"
REPORT = (FILES / "report.docx").read_bytes()
NOTICE = "关于报送政府信息公开工作年度报告的通知".encode()


def zipped(**members):
    payload = BytesIO()
    with ZipFile(payload, "w", ZIP_DEFLATED) as package:
        for name, body in members.items():
            package.writestr(name.replace("_", ".", 1), body)
    return payload.getvalue()


def codes(document):
    return [(finding.code, finding.text) for finding in document.findings]


def test_the_member_that_reads_as_a_report_is_read():
    payload = zipped(notice_txt=NOTICE, report_docx=REPORT, photo_png=b"\x89PNG\r\n\x1a\n")
    document = read(payload)
    assert ("member_read", "report.docx") in codes(document)
    assert any(code == "member_not_read" and text.startswith("photo.png") for code, text in codes(document))
    cell = next(cell for cell in document.grids()[0].cells() if cell.text == "行政规范性文件")
    assert cell.place == "member:2/table:1/row:4/column:1"
    assert resolve(payload, cell.place) == "行政规范性文件"
    with pytest.raises(LookupError):
        resolve(payload, "member:9/table:1/row:4/column:1")


def test_several_reports_are_told():
    document = read(zipped(a_docx=REPORT, b_docx=REPORT))
    assert ("several_reports", "a.docx; b.docx") in codes(document)


def test_names_in_gbk_are_read_as_windows_wrote_them():
    member = ZipInfo("附件/某局年报.docx".encode("gbk").decode("cp437"))
    assert name_of(member) == "附件/某局年报.docx"
    member.flag_bits |= 0x800
    assert name_of(member) == member.filename


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (zipped(inner_zip=zipped(report_docx=REPORT)), "a ZIP container inside another"),
        (zipped(a_txt=b"\0" * 70_000_000), "unpacks to more than 64000000 bytes"),
        (zipped(**{f"{at}_txt": b"x" for at in range(5_001)}), "5001 members"),
        (zipped(report_docx=REPORT)[:-40], "a damaged ZIP container"),
        (zipped(report_docx=REPORT[:3000]), "report.docx: a damaged ZIP container"),
    ],
)
def test_bombs_and_ruins_are_refused_in_one_line(payload, said):
    with pytest.raises(NotReadable, match=said) as caught:
        read(payload)
    assert "\n" not in str(caught.value)


def test_a_locked_member_is_told():
    payload = bytearray(zipped(report_docx=REPORT))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        payload[payload.find(mark) + offset] |= 1
    with pytest.raises(NotReadable, match="locked with a password"):
        read(bytes(payload))
