"""PDF written here sign by sign, and the real report."""

import random
import time
import zlib
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.extraction import extract
from extract.readers import NotReadable, read
from extract.readers.pdf import MOST_PAGES
from extract.readers.pdfium import opened, page_at
from extract.readers.places import resolve

HEAD = ["信息内容", "本年制发件数", "本年废止件数"]
ROWS = [HEAD, ["规章", "1", "20"], ["行政规范性文件", "3", "4,000"]]
WIDTHS = [100, 80, 80]


def texts(grid):
    return [[None if cell is None else cell.text for cell in row] for row in grid.rows]


def prose(document):
    return [block.text for block in document.prose()]


def assert_places(payload, document):
    for block in document.prose():
        assert resolve(payload, block.place) == block.text
    for grid in document.grids():
        for cell in grid.cells():
            assert resolve(payload, cell.place) == cell.text


def test_ruled_table_between_prose(sheet, pdf):
    page = sheet().text(60, 60, "某市2023年政府信息公开工作年度报告", 16)
    payload = pdf(page.table(60, 100, WIDTHS, ROWS).text(60, 200, "五、存在的主要问题及改进情况"))
    document = read(payload)
    kinds = [type(block).__name__ for block in document.blocks]
    assert kinds == ["Prose", "Grid", "Prose"]
    assert texts(document.grids()[0]) == ROWS
    assert_places(payload, document)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("in_form", [False, True])
def test_turned_pages_and_lines_in_form_objects(sheet, pdf, turn, in_form):
    payload = pdf(sheet(turn=turn, in_form=in_form).table(60, 100, WIDTHS, ROWS))
    document = read(payload)
    assert texts(document.grids()[0]) == ROWS
    assert_places(payload, document)


@pytest.mark.usefixtures("chinese_font")
def test_text_set_sideways_is_turned_upright(sheet, pdf):
    page = sheet()
    for column, x in enumerate((100, 200, 300)):
        page.line(x, 100, x, 300)
        for row in range(2 if column < 2 else 0):
            page.text(
                x + 60, 290 - 100 * row, ("规章", "12", "文件", "7")[2 * column + row], matrix="0 1 -1 0"
            )
    for y in (100, 200, 300):
        page.line(100, y, 300, y)
    assert texts(read(pdf(page)).grids()[0]) == [["规章", "12"], ["文件", "7"]]


def test_thin_bars_are_lines(sheet, pdf):
    page = sheet().text(66, 114, "规章").text(166, 114, "5")
    for x in (60, 160, 260):
        page.bar(x, 100, x + 0.5, 120)
    payload = pdf(page.bar(60, 100, 260, 100.6).bar(60, 120, 260, 120.6).bar(60, 100, 160, 120))
    assert texts(read(payload).grids()[0]) == [["规章", "5"]]


def test_cells_that_span(sheet, pdf):
    page = sheet().table(
        60, 100, WIDTHS, [["第二十条第（五）项", None, None], HEAD, ["行政许可", "550", None]]
    )
    cells = list(read(pdf(page)).grids()[0].cells())
    assert [(cell.text, cell.column_span) for cell in cells] == [
        ("第二十条第（五）项", 3),
        *((text, 1) for text in HEAD),
        ("行政许可", 1),
        ("550", 2),
    ]


@pytest.mark.usefixtures("chinese_font")
def test_bold_by_printing_twice_and_letter_spacing(sheet, pdf):
    page = (
        sheet()
        .text(60, 60, "总")
        .text(60.3, 60, "总")
        .text(78, 60, "计")
        .text(60, 90, "12")
        .text(90, 90, "3")
    )
    assert prose(read(pdf(page))) == ["总计", "12 3"]


def test_numbers_below_each_other_stay_two(sheet, pdf):
    page = sheet().line(60, 100, 260, 100).line(60, 140, 260, 140)
    for x in (60, 160, 260):
        page.line(x, 100, x, 140)
    page.text(66, 115, "21").text(66, 130, "4").text(166, 115, "行政规范性").text(166, 130, "文件")
    assert texts(read(pdf(page)).grids()[0]) == [["21 4", "行政规范性文件"]]


def test_a_number_wrapped_in_a_narrow_cell_is_one(sheet, pdf):
    page = sheet().line(60, 100, 110, 100).line(60, 140, 110, 140)
    for x in (60, 85, 110):
        page.line(x, 100, x, 140)
    page.text(66, 115, "123").text(66, 130, "4").text(91, 120, "0")
    assert texts(read(pdf(page)).grids()[0]) == [["1234", "0"]]


@pytest.mark.usefixtures("chinese_font")
def test_signs_set_downwards(sheet, pdf):
    page = sheet().line(60, 100, 200, 100).line(60, 200, 200, 200)
    for x in (60, 80, 200):
        page.line(x, 100, x, 200)
    for number, sign in enumerate("三、本年度办理结果"):
        page.text(65, 112 + 10 * number, sign)
    assert texts(read(pdf(page.text(100, 150, "0"))).grids()[0]) == [["三、本年度办理结果", "0"]]


def test_watermarks_and_page_numbers_stay_out(sheet, pdf):
    pages = [
        sheet()
        .text(200, 400, "仅供参考", 40, matrix="0.7 0.7 -0.7 0.7")
        .text(60, 60, f"这一段是第{number}页的正文。")
        .text(280, 800, f"- {number} -")
        for number in (1, 2)
    ]
    document = read(pdf(*pages))
    assert "".join(prose(document)) == "这一段是第1页的正文。这一段是第2页的正文。"
    assert "仅供参考" in document.furniture.text


def test_running_titles_are_furniture(sheet, pdf):
    pages = [sheet().text(60, 40, "某市信息公开年报").text(60, 90, f"正文{'甲' * n}。") for n in range(1, 5)]
    assert "某市信息公开年报" not in prose(read(pdf(*pages)))


@pytest.mark.usefixtures("chinese_font")
def test_a_sign_with_little_ink_is_as_high_as_its_neighbour(sheet, pdf):
    """Where a font does not say how high it goes, boxes end where the ink does."""
    payload = pdf(sheet().text(60, 60, "总一一体")).replace(b"/Ascent 880", b"/Ascent 0  ")
    with opened(payload) as document:
        glyphs = page_at(document, 1).glyphs
    assert {glyph.text for glyph in glyphs if glyph.y1 - glyph.y0 < 8} == set()


def test_a_row_of_figures_on_the_next_page_goes_on_from_no_header(sheet, pdf):
    first = sheet().line(60, 700, 100, 700).line(100, 700, 300, 700).line(60, 740, 300, 740)
    first.line(60, 700, 60, 740).line(100, 700, 100, 740).line(300, 700, 300, 740).line(100, 720, 300, 720)
    first.text(66, 714, "总计").text(106, 714, "复议").text(106, 734, "维持")
    second = sheet().table(60, 60, [40, 200], [["0", "3"]])
    (grid,) = read(pdf(first, second)).grids()
    assert texts(grid) == [["总计", "复议"], ["总计", "维持"], ["0", "3"]]


def test_a_table_over_a_page_break_is_one(sheet, pdf):
    payload = pdf(
        sheet().table(60, 700, WIDTHS, ROWS).text(280, 800, "1"),
        sheet().table(60, 60, WIDTHS, [["其他", "0", "0"]]),
    )
    document = read(payload)
    assert [texts(grid) for grid in document.grids()] == [[*ROWS, ["其他", "0", "0"]]]
    assert_places(payload, document)


def test_a_note_alone_on_the_next_page_is_the_last_row_of_its_table(sheet, pdf):
    note, first = "注：2件申请为同一申请人于12月提出。", sheet().table(60, 700, WIDTHS, ROWS)
    payload = pdf(first, sheet().table(60, 60, [260], [[note]]).text(60, 120, "某市人民政府"))
    document = read(payload)
    assert texts(document.grids()[0])[-1] == [note, note, note]
    assert prose(document) == ["某市人民政府"]
    assert_places(payload, document)


@pytest.mark.parametrize(("left", "above"), [(60, "上文。"), (90, None)], ids=["under text", "elsewhere"])
def test_a_box_around_text_is_no_table(sheet, pdf, left, above):
    second = sheet().table(left, 60, [260], [["框中的话。"]]).text(60, 120, "下文。")
    if above:
        second.text(60, 40, above)
    document = read(pdf(sheet().table(60, 700, WIDTHS, ROWS), second))
    assert prose(document) == [*filter(None, [above]), "框中的话。", "下文。"]
    assert len(document.grids()) == 1


def test_a_header_repeated_on_the_next_page_is_left_out(sheet, pdf):
    second = sheet().table(60, 60, WIDTHS, [HEAD, ["其他", "0", "0"]])
    document = read(pdf(sheet().table(60, 700, WIDTHS, ROWS), second))
    assert [texts(grid) for grid in document.grids()] == [[*ROWS, ["其他", "0", "0"]]]


def test_columns_that_only_one_page_has(sheet, pdf):
    first = sheet().table(60, 700, [100, 160], [["行政许可", "550"]])
    second = sheet().table(60, 60, WIDTHS, [["规章", "1", "2"]])
    document = read(pdf(first, second))
    assert texts(document.grids()[0]) == [["行政许可", "550", "550"], ["规章", "1", "2"]]


def test_a_row_cut_in_two_by_a_page_break(sheet, pdf):
    long = "部分公开区分处理的只"
    first = sheet().table(60, 700, [112, 80], [["规章", "3"], [long, "4"]])
    second = sheet().table(60, 60, [112, 80], [["计这一情形", ""], ["其他", "5"]])
    payload = pdf(first, second)
    document = read(payload)
    assert texts(document.grids()[0]) == [["规章", "3"], [long + "计这一情形", "4"], ["其他", "5"]]
    assert_places(payload, document)


def test_a_double_line_on_one_page_hides_no_cut_row(sheet, pdf):
    long = "部分公开区分处理的只"
    first = sheet().table(60, 700, [112, 4, 76], [["规章", "", "3"], [long, "", "4"]])
    second = sheet().table(60, 60, [114, 78], [["计这一情形", ""], ["其他", "5"]])
    grid = read(pdf(first, second)).grids()[0]
    assert texts(grid) == [["规章", "3"], [long + "计这一情形", "4"], ["其他", "5"]]


def test_rows_on_both_sides_of_a_break_stay_two(sheet, pdf):
    first = sheet().table(60, 700, [112, 80], [["2.部分公开区分处理的", "4"]])
    second = sheet().table(60, 60, [112, 80], [["3.其他处理的情形", ""]])
    grid = read(pdf(first, second)).grids()[0]
    assert texts(grid) == [["2.部分公开区分处理的", "4"], ["3.其他处理的情形", ""]]


@pytest.mark.usefixtures("chinese_font")
def test_a_group_label_goes_on_over_the_break(sheet, pdf):
    def half(y, label, rows):
        page = sheet().line(60, y, 300, y)
        for number, (words, value) in enumerate(rows):
            top = y + 20 * number
            page.line(90, top + 20, 300, top + 20).text(96, top + 14, words).text(256, top + 14, value)
        bottom = y + 20 * len(rows)
        for x in (60, 90, 250, 300):
            page.line(x, y, x, bottom)
        for number, sign in enumerate(label):
            page.text(70, y + 12 + 12 * number, sign)
        return page.line(60, bottom, 300, bottom)

    first = half(700, "（四）", [("1.甲", "1"), ("2.乙", "2")])
    second = half(60, "无法提供", [("3.丙", "3"), ("4.丁", "4"), ("5.戊", "5")])
    grid = read(pdf(first, second)).grids()[0]
    assert [row[0].text for row in grid.rows] == ["（四）无法提供"] * 5
    assert [row[2].text for row in grid.rows] == ["1", "2", "3", "4", "5"]


def test_a_table_without_lines(sheet, pdf):
    page, y = sheet().text(60, 60, "某市2023年政府信息公开工作年度报告", 16), 100
    for row in [HEAD, ["规章", "1", "20"], ["行政规范性文件", "3", "4,000"], ["合计", "", "9"]]:
        for x, words in zip((60, 200, 300), row, strict=True):
            page.text(x, y, words)
        y += 20
    payload = pdf(page.text(60, y + 20, "三、收到和处理政府信息公开申请情况"))
    document = read(payload)
    assert texts(document.grids()[0]) == [*ROWS, ["合计", "", "9"]]
    assert len(prose(document)) == 2
    assert_places(payload, document)


def test_a_password_is_asked_for(sheet, pdf):
    encrypt = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >> /ID [<00> <00>]"
    )
    with pytest.raises(NotReadable, match="password"):
        read(pdf(sheet().text(60, 60, "年报"), encrypt=encrypt))


def test_pages_beyond_the_limit_are_told(sheet, pdf):
    payload = pdf(*[sheet().table(60, 60, WIDTHS, [["规章", "1", "2"]] * 30)] * 2_000)
    begun = time.process_time()
    document = read(payload)
    assert time.process_time() - begun < 15  # 3 s on a quiet machine; others share it
    assert [finding.text for finding in document.findings if finding.code == "pages_cut"] == [
        f"{MOST_PAGES} of 2000 pages were read"
    ]


def test_drawings_are_bounded(sheet, pdf):
    page = sheet().text(60, 60, "政府信息公开工作年度报告")
    for number in range(8_000):
        page.line(number % 500, 10, number % 500 + 40, 300 + number % 90)
        page.line(5, number / 10, 500, number / 10)
    begun = time.process_time()
    document = read(pdf(page))
    assert time.process_time() - begun < 15
    assert prose(document)


def test_a_bomb_is_not_unpacked(sheet, pdf):
    packed = zlib.compress(b"0 0 m 100 0 l S " * 5_000_000, 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    payload = pdf(sheet()).replace(b"<< /Length 0 >>\nstream\n\nendstream", stream)
    with pytest.raises(NotReadable, match="bytes unpacked"):
        read(payload)


@pytest.mark.usefixtures("chinese_font")
def test_too_many_signs_are_told(sheet, pdf):
    page = sheet(20_000, 20_000)
    for number in range(600):
        page.text(10, number * 30, "政府信息公开工作年度报告" * 10, 4)
    assert [finding.code for finding in read(pdf(page)).findings] == ["signs_cut"]


@pytest.mark.parametrize("size", [1, 3, 14_400, 2_000_000])
def test_odd_page_boxes(sheet, pdf, size):
    assert prose(read(pdf(sheet(size, size).text(0, 0, "政府信息公开")))) == ["政府信息公开"]


def assert_only_what_was_printed(document):
    printed = {words or "" for row in ROWS for words in row}
    assert {cell.text for grid in document.grids() for cell in grid.cells()} <= printed | {""}


def test_truncated_anywhere(sheet, pdf):
    payload = pdf(*[sheet().text(60, 60, "年报").table(60, 100, WIDTHS, ROWS)] * 3)
    chance = random.Random(20231122)
    for _ in range(60):
        damaged = payload[: chance.randrange(5, len(payload))]
        with suppress(NotReadable):
            assert_only_what_was_printed(read(damaged))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 3_000), st.binary(min_size=1, max_size=40))
def test_any_damage_is_read_or_refused(sheet, pdf, rubbish, at, hole):
    payload = pdf(sheet().text(60, 60, "年报").table(60, 100, WIDTHS, ROWS))
    at %= len(payload)
    for damaged in (b"%PDF-1.4\n" + rubbish, payload[:at] + hole + payload[at + len(hole) :]):
        with suppress(NotReadable):
            assert_places(damaged, read(damaged))


@pytest.mark.real
def test_hongze_2023(real_dir):
    payload = (real_dir / "reports" / "hongze_2023.pdf").read_bytes()
    found = extract(payload, url="http://www.hongze.gov.cn/attach/hongze_2023.pdf")

    def line(table, row):
        return [cell.value for cell in found.cells if (cell.table, cell.row) == (table, row)]

    assert (found.is_report, found.form, found.status) == (True, "2021", "complete")
    assert (found.identity.publisher, found.identity.year) == ("淮安市洪泽区人民政府", 2023)
    assert found.identity.title == "洪泽区人民政府2023年政府信息公开工作年度报告"
    assert len(found.cells) == found.cells_expected == 186
    assert found.leftovers == ()
    assert {cell.row for cell in found.cells if cell.row.startswith("other")} == {"other"}
    assert line("disclosure", "normative_document") == [0, 5, 5]
    assert line("disclosure", "licensing") == [550]
    assert line("disclosure", "penalty") == [4119]
    assert line("disclosure", "coercion") == [195]
    assert line("disclosure", "fees") == [Decimal("7730.28")]
    assert line("requests", "received") == [21, 0, 0, 0, 0, 0, 21]
    assert line("requests", "handled_total") == [21, 0, 0, 0, 0, 0, 21]
    assert line("proceedings", "reconsideration") == [10, 1, 0, 0, 0]
    failed = [(check.rule, check.scope, check.actual) for check in found.checks if not check.passed]
    assert failed == [
        ("proceedings_total", "reconsideration", 0),
        ("proceedings_total", "litigation_after_reconsideration", 0),
    ]
    assert [section.ordinal for section in found.sections if section.heading] == [1, 2, 3, 4, 5, 6]
    assert not [section for section in found.sections if "- 4 -" in section.text]
    assert [cell.raw_text for cell in found.cells] == [resolve(payload, cell.place) for cell in found.cells]
