"""Sheets as Excel shows them: numbers, merged cells, addresses; and what only calls itself a sheet."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from extract.document import Grid
from extract.readers import NotReadable, read
from extract.readers.formats import sniff
from extract.readers.places import resolve
from extract.readers.sheet import address, column_of, shown_text

FILES = Path(__file__).parent / "files"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FORMATS = "".join(f'<xf numFmtId="{number}" applyNumberFormat="1"/>' for number in (0, 2, 4, 14, 1))
GENERAL, TWO_DECIMALS, THOUSANDS, DATE, WHOLE = range(5)


def xlsx(*sheets):
    """Each sheet is its name, its XML and perhaps the word hidden."""
    payload = BytesIO()
    with ZipFile(payload, "w", ZIP_DEFLATED) as package:
        for name, part in {**frame(sheets), **worksheets(sheets)}.items():
            package.writestr(name, part)
    return payload.getvalue()


def worksheets(sheets):
    return {
        f"xl/worksheets/sheet{at}.xml": f'<worksheet xmlns="{MAIN}">{xml}</worksheet>'
        for at, (_, xml, *_) in enumerate(sheets, 1)
    }


def frame(sheets):
    """The parts that every workbook has."""
    kinds = dict.fromkeys(worksheets(sheets), "worksheet")
    kinds |= {"xl/workbook.xml": "sheet.main", "xl/styles.xml": "styles"}
    types = "".join(
        f'<Override PartName="/{part}" ContentType="{TYPE}.{kind}+xml"/>' for part, kind in kinds.items()
    )
    default = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    )
    targets = [(f"r{at}", "worksheet", f"worksheets/sheet{at}.xml") for at, _ in enumerate(sheets, 1)]
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" state="{"hidden" if hidden else "visible"}" r:id="r{at}"/>'
        for at, (name, _, *hidden) in enumerate(sheets, 1)
    )
    namespaces = f'xmlns="{MAIN}" xmlns:r="{RELS}"'
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{default}{types}</Types>',
        "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": relations(*targets, ("s", "styles", "styles.xml")),
        "xl/workbook.xml": f"<workbook {namespaces}><sheets>{listed}</sheets></workbook>",
        "xl/styles.xml": f"<styleSheet {namespaces}><cellXfs>{FORMATS}</cellXfs></styleSheet>",
    }


def relations(*pairs):
    each = "".join(
        f'<Relationship Id="{name}" Type="{RELS}/{kind}" Target="{to}"/>' for name, kind, to in pairs
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'


def text(at, words):
    return f'<c r="{at}" t="inlineStr"><is><t>{words}</t></is></c>'


def number(at, value, style=GENERAL):
    return f'<c r="{at}" s="{style}"><v>{value}</v></c>'


def data(*rows, merged=()):
    merges = "".join(f'<mergeCell ref="{each}"/>' for each in merged)
    cells = "".join(f'<row r="{at}">{row}</row>' for at, row in rows)
    return f"<sheetData>{cells}</sheetData>" + (f"<mergeCells>{merges}</mergeCells>" if merged else "")


def texts(grid):
    return [[cell and cell.text for cell in row] for row in grid.rows]


def test_numbers_are_read_as_they_are_shown():
    row = (
        text("A1", "收费金额")
        + number("B1", "31.419999999999998")
        + number("C1", "31.41999", TWO_DECIMALS)
        + number("D1", "7730.28", THOUSANDS)
        + number("E1", "45000", DATE)
        + number("F1", "7.6", WHOLE)
        + "<c r='G1'><f>1+2</f><v>3</v></c><c r='H1' t='e'><v>#REF!</v></c>"
        + number("I1", "1234567890123")
    )
    (grid,) = read(xlsx(("表", data((1, row))))).grids()
    shown = ["收费金额", "31.42", "31.42", "7,730.28", "2023-03-15", "8", "3", "#REF!", "1234567890123"]
    assert texts(grid) == [shown]


@pytest.mark.parametrize(
    ("stored", "shown", "said"),
    [
        (0.1 + 0.2, "", "0.3"),
        (3.0, "3.00", "3.00"),
        (5.0, "8", "5"),  # of another row: not this number, only rounded
        (0.0, "-", "0"),
        (0.3, "30.00%", "0.3"),
        ("规 章", "x", "规 章"),
    ],
)
def test_a_shown_text_counts_only_if_it_is_the_stored_number(stored, shown, said):
    assert shown_text(stored, shown) == said


def test_merged_cells_addresses_and_hidden_sheets():
    sheet = data(
        (3, text("B3", "第二十条第（一）项") + text("C3", "covered")),
        (4, text("B4", "信息内容") + text("C4", "本年制发件数") + text("D4", "现行有效件数")),
        (5, text("B5", "规章") + number("C5", 1) + number("D5", 2)),
        (6, text("B6", "文件") + number("C6", 3)),
        merged=["B3:F3", "C5:C6"],
    )
    payload = xlsx(
        ("空", data()), ("藏", data((1, number("A1", 9) + number("B1", 9))), "hidden"), ("表 一", sheet)
    )
    (grid,) = read(payload).grids()
    assert texts(grid) == [
        ["第二十条第（一）项"] * 3,
        ["信息内容", "本年制发件数", "现行有效件数"],
        ["规章", "1", "2"],
        ["文件", "1", ""],
    ]
    assert grid.rows[2][2].place == "sheet:表 一/cell:D5"
    assert resolve(payload, "sheet:表 一/cell:D5") == "2"
    with pytest.raises(LookupError):
        resolve(payload, "sheet:表 二/cell:D5")


def test_titles_and_sentences_are_no_rows_of_the_table():
    sheet = data(
        (1, text("A1", "某某县财政局2023年政府信息公开统计表")),
        (2, text("A2", "指标") + text("B2", "数量")),
        (3, text("A3", "公开数") + number("B3", 4)),
        (4, text("A4", "三、收到和处理政府信息公开申请情况")),
        (5, text("A5", "受理数") + number("B5", 6)),
        (6, text("A6", "没有数的行")),
        (7, text("A7", "以上数据由办公室汇总。")),
    )
    document = read(xlsx(("表", sheet)))
    assert [block.text if not isinstance(block, Grid) else texts(block) for block in document.blocks] == [
        "某某县财政局2023年政府信息公开统计表",
        [["指标", "数量"], ["公开数", "4"]],
        "三、收到和处理政府信息公开申请情况",
        [["受理数", "6"], ["没有数的行", ""]],
        "以上数据由办公室汇总。",
    ]


def test_what_stands_alone_under_a_table_is_its_caption_its_note_or_text():
    sheet = data(
        (1, text("A1", "四、政府信息公开情况统计表")),
        (2, text("A2", "指标") + text("B2", "数量") + text("D2", "五、存在的主要问题及改进情况")),
        (3, text("A3", "一、主动公开情况")),
        (4, text("A4", "公开数") + number("B4", 4)),
        (5, text("A5", "没有数的行")),
        (6, text("A6", "注：2件申请为同一申请人提出。")),
        (7, text("A7", "六、其他需要报告的事项")),
        (8, text("A8", "无。")),
        (9, text("A9", "指标") + text("B9", "数量")),
        (10, text("A10", "受理数") + number("B10", 6)),
        (11, text("A11", "某某县财政局")),
        (12, text("A12", "2024年1月12日")),
    )
    document = read(xlsx(("表", sheet)))
    assert [block.text if not isinstance(block, Grid) else texts(block) for block in document.blocks] == [
        "四、政府信息公开情况统计表",
        "五、存在的主要问题及改进情况",
        [
            ["指标", "数量"],
            ["一、主动公开情况", ""],
            ["公开数", "4"],
            ["没有数的行", ""],
            ["注：2件申请为同一申请人提出。", ""],
        ],
        "六、其他需要报告的事项",
        "无。",
        [["指标", "数量"], ["受理数", "6"]],
        "某某县财政局",
        "2024年1月12日",
    ]


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (data((1, number("A1", 1)), (1048576, number("XFD1048576", 1))), "1048576 rows and 16384 columns"),
        (data((1, number("A1", 1)), merged=["A1:XFD1048576"]), "a damaged document"),
        ("<sheetData><row r='1'><c r='A1'><v>1</v></row>", "damaged"),
    ],
)
def test_bombs_and_ruins_are_refused_in_one_line(sheet, said):
    with pytest.raises(NotReadable, match=said) as caught:
        read(xlsx(("表", sheet)))
    assert "\n" not in str(caught.value)


def test_a_locked_sheet_is_told():
    locked = bytearray((FILES / "report.xls").read_bytes())
    after_begin = locked.find(b"\x09\x08\x10\x00") + 20
    locked[after_begin : after_begin + 2] = b"\x2f\x00"  # FILEPASS ([MS-XLS] 2.4.117)
    with pytest.raises(NotReadable, match="locked with a password"):
        read(bytes(locked))


@pytest.mark.parametrize("column", [1, 26, 27, 52, 702, 703, 16384])
def test_addresses(column):
    letters = address(0, column - 1).rstrip("1")
    assert column_of(letters.encode()) == column


CSV = """某某县财政局2023年政府信息公开统计表,,,
信息内容,本年制发件数,本年废止件数,现行有效件数
规章,1,"1,234",3
规范性文件,,0,5
"""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_by_whatever_name(encoding):
    payload = CSV.encode(encoding)
    assert sniff(payload) == "csv"
    document = read(payload, "application/vnd.ms-excel")
    assert [block.text for block in document.prose()] == ["某某县财政局2023年政府信息公开统计表"]
    (grid,) = document.grids()
    assert texts(grid)[1:] == [["规章", "1", "1,234", "3"], ["规范性文件", "", "0", "5"]]
    assert resolve(payload, "record:3/field:3") == "1,234"


def test_a_page_by_the_name_of_a_sheet_is_a_page():
    payload = (FILES / "report.html").read_bytes()
    assert len(read(payload, "application/vnd.ms-excel", "http://www.anning.gov.cn/2023.xls").grids()) == 3
