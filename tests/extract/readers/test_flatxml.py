"""Office documents in one XML file, as Java programs fill them out of a template."""

import pytest

from extract.readers import NotReadable, read
from extract.readers.formats import sniff
from extract.readers.places import resolve

WORD = "http://schemas.microsoft.com/office/word/2003/wordml"
DOCX = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def texts(grid):
    return [[cell and cell.text for cell in row] for row in grid.rows]


def tc(text, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


ROWS = (
    "<w:tbl><w:tr>" + tc("甲", '<w:{merge} w:val="restart"/>') + tc("1") + "</w:tr>"
    "<w:tr>" + tc("", "<w:{merge}/>") + tc("2") + "</w:tr></w:tbl>"
)
WORD_2003 = f'<w:wordDocument xmlns:w="{WORD}"><w:body><w:sect>{ROWS}</w:sect></w:body></w:wordDocument>'
BODY = f'<w:document xmlns:w="{DOCX}"><w:body>{ROWS}</w:body></w:document>'
PACKAGE = (
    '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
    f"<pkg:part><pkg:xmlData>{BODY}</pkg:xmlData></pkg:part></pkg:package>"
)


@pytest.mark.parametrize(
    "document",
    [WORD_2003.replace("{merge}", "vmerge"), PACKAGE.replace("{merge}", "vMerge")],
    ids=["2003", "2007"],
)
def test_word(document):
    payload = f'<?xml version="1.0" encoding="UTF-8"?>\n{document}'.encode()
    assert sniff(payload) == "word_xml"
    (grid,) = read(payload, "application/msword").grids()
    assert texts(grid) == [["甲", "1"], ["甲", "2"]]
    assert resolve(payload, "table:1/row:2/column:2") == "2"


def workbook(*rows):
    table = "".join(f"<Row>{row}</Row>" for row in rows)
    sheet = f'<Worksheet ss:Name="表一"><Table>{table}</Table></Worksheet>'
    return f'<?xml version="1.0"?><Workbook xmlns="{SHEET}" xmlns:ss="{SHEET}">{sheet}</Workbook>'.encode()


def cell(text, properties="", kind="String"):
    return f'<Cell {properties}><Data ss:Type="{kind}">{text}</Data></Cell>'


def test_excel():
    payload = workbook(
        cell("事项", 'ss:MergeDown="1"') + cell("数", 'ss:MergeAcross="1"'),
        cell("本年") + cell("上年"),
        cell("收费") + cell("31.419999999999998", "", "Number") + cell("3", 'ss:Index="3"', "Number"),
        cell("合计") + cell("3", 'ss:Index="3"', "Number"),
    )
    assert sniff(payload) == "excel_xml"
    (grid,) = read(payload, "application/vnd.ms-excel").grids()
    assert texts(grid) == [
        ["事项", "数", "数"],
        ["事项", "本年", "上年"],
        ["收费", "31.42", "3"],
        ["合计", "", "3"],
    ]
    assert resolve(payload, "sheet:表一/cell:B3") == "31.42"


@pytest.mark.parametrize(
    "payload",
    [
        workbook(cell("1", 'ss:Index="9999999"'), *[cell("1")] * 99),
        workbook(cell("1", 'ss:MergeDown="99999" ss:MergeAcross="99999"') * 99),
        workbook(cell("1"))[:-9],
        f'<?xml version="1.0"?><w:wordDocument xmlns:w="{WORD}"/>'.encode(),
    ],
)
def test_bombs_and_ruins_are_refused_in_one_line(payload):
    with pytest.raises(NotReadable) as caught:
        read(payload)
    assert "\n" not in str(caught.value)
