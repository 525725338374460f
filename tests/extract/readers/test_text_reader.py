from itertools import chain

import pytest

from extract.document import Grid, Prose
from extract.readers import read
from extract.readers.lines import cells
from extract.readers.places import resolve

REPORT = """登录 注册
设为首页|
您现在所在的位置: 网站首页> 某局> 年报
索引号: 113417000/202401-00001 组配分类: 年报
发布机构: 某市某局 文号:
某市某局2023年政府信息公开工作年度报告
发布时间:2024-01-08 11:52 来源:某市某局 浏览次数: 字体:[ ]
某市某局
2023年政府信息公开工作年度报告
根据《中华人民共和国政府信息公开条例》规定,现公布某市某局2023年政府信息公开工作年度报告如下,请予监督,并提出意见。
一、总体情况
无。
二、主动公开政府信息情况
第二十条第(一)项 |
|||
规章 |
0 |
1 |
2
三、收到和处理政府信息公开申请情况
一、本年新收政府信息公开申请数量 | 1 | | 0 | ||
四、结转下年度继续办理 | 0 | / | - |
六、其他需要报告的事项
无
某市某局
2024年1月8日
站点地图 | 法律声明 | 联系我们
主办:某市人民政府办公室
皖ICP备2024029993号-1
本站支持IPV6访问
"""


def said(document):
    return [block.text if isinstance(block, Prose) else "GRID" for block in document.blocks]


def test_a_dump_is_parted_into_prose_tables_and_furniture():
    document = read(REPORT.encode())
    assert said(document) == [
        "某市某局",
        "2023年政府信息公开工作年度报告",
        "根据《中华人民共和国政府信息公开条例》规定,现公布某市某局2023年政府信息公开工作年度报告如下,请予监督,并提出意见。",
        "一、总体情况",
        "无。",
        "二、主动公开政府信息情况",
        "GRID",
        "三、收到和处理政府信息公开申请情况",
        "GRID",
        "六、其他需要报告的事项",
        "无",
        "某市某局",
        "2024年1月8日",
    ]
    assert document.furniture.title == "某市某局2023年政府信息公开工作年度报告"
    assert document.furniture.breadcrumb == ("网站首页", "某局", "年报")
    assert document.furniture.index_box["索引号"] == "113417000/202401-00001"
    assert document.furniture.index_box["发布时间"] == "2024-01-08 11:52"
    assert "本站支持IPV6访问" in document.furniture.text


def test_rows_are_the_cells_of_a_line_without_geometry():
    one, two = read(REPORT.encode()).grids()
    assert not one.geometry
    assert [[cell.text for cell in row] for row in one.rows] == [
        ["第二十条第(一)项"], ["规章"], ["0"], ["1"], ["2"],
    ]  # fmt: skip
    assert [[cell.text for cell in row] for row in two.rows] == [
        ["一、本年新收政府信息公开申请数量", "1", "", "0"],
        ["四、结转下年度继续办理", "0", "/", "-"],
    ]


def test_columns_are_counted_in_characters():
    assert list(cells("规章 | 0 || 12 |||")) == [(1, "规章"), (6, "0"), (9, ""), (11, "12")]
    assert list(cells("规章 0 0 9")) == [(1, "规章"), (4, "0"), (6, "0"), (8, "9")]
    assert list(cells("本报告自 2023 年起施行")) == [(1, "本报告自 2023 年起施行")]
    assert list(cells("|||")) == list(cells("  ")) == []


def test_numbers_in_a_paragraph_are_no_table():
    document = read(
        "一、总体情况\n主动公开3件\n(二)平台建设\n2023\n五、存在的主要问题及改进情况\n无".encode()
    )
    assert document.grids() == ()


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_place_leads_back(ending):
    payload = REPORT.replace("\n", ending).encode("gb18030")
    document = read(payload)
    for cell in chain.from_iterable(grid.cells() for grid in document.grids()):
        assert resolve(payload, cell.place) == cell.text
    for block in document.prose():
        assert resolve(payload, block.place) == block.text


def test_a_place_where_nothing_is():
    for place in ("line:999/column:1", "line:1/column:3", "line:0/column:1", "page:1", "line:x"):
        with pytest.raises(LookupError):
            resolve(REPORT.encode(), place)


@pytest.mark.real
@pytest.mark.parametrize(
    ("seed", "values"),
    [("000", [10, 175, 15]), ("001", [22, 161, 15]), ("002", [10, 175, 15]), ("003", [10, 175, 15])],
)
def test_the_seeds_hold_their_numbers(real_dir, seed, values):
    (path,) = (real_dir / "seeds").glob(f"{seed}_*.txt")
    payload = path.read_bytes()
    document = read(payload)
    found = []
    for block in document.blocks:
        if isinstance(block, Grid):
            found.append(
                sum(cell.text[:1].isdigit() and cell.text[-1:] in "0123456789元" for cell in block.cells())
            )
            assert all(resolve(payload, cell.place) == cell.text for cell in block.cells())
    assert found == values


@pytest.mark.real
def test_the_footer_of_a_mirror_is_furniture(real_dir):
    (path,) = (real_dir / "seeds").glob("001_*.txt")
    document = read(path.read_bytes())
    assert document.blocks[-1].text == "無"
    assert "3417020005" in document.furniture.text
    assert "IPV6" in document.furniture.text


def test_nothing_between_tabs_is_an_empty_cell():
    line = "（四）无法提供\t1.本机关不掌握相关政府信息\t\t\t1\t\t\t\t1"
    assert [text for _, text in cells(line)][2:] == ["", "", "1", "", "", "", "1"]
    for column, text in cells(line):
        assert resolve(line.encode(), f"line:1/column:{column}") == text


def test_a_blank_line_in_a_table_is_an_empty_cell():
    report = REPORT.replace("规章 |\n0 |\n1 |\n2\n", "规章\n0\n\n2\n行政许可\n\n行政处罚\n3\n")
    document = read(report.encode())
    rows = [[cell.text for cell in row] for row in document.grids()[0].rows]
    assert rows[1:] == [["规章"], ["0"], [""], ["2"], ["行政许可"], [""], ["行政处罚"], ["3"]]
    blank = document.grids()[0].rows[3][0]
    assert resolve(report.encode(), blank.place) == ""


def test_blank_lines_after_every_line_are_spacing():
    report = REPORT.replace("\n", "\n\n").encode()
    rows = [[cell.text for cell in row] for row in read(report).grids()[0].rows]
    assert rows == [["第二十条第(一)项"], ["规章"], ["0"], ["1"], ["2"]]


def test_words_for_no_number_and_notes_make_a_table():
    report = REPORT.replace("0 |\n1 |\n2\n", "无\n不填\n2（其中修订 1 件）\n").replace(" |\n|||\n", "\n")
    assert len(read(report.encode()).grids()) == 2


def test_headings_stand_between_the_rows_of_a_list_of_indicators():
    table = (
        "统计指标\n单位\n统计数\n一、主动公开情况\n主动公开信息数\n条\n3\n二、回应解读情况\n回应次数\n次\n4\n"
    )
    report = REPORT.replace("第二十条第(一)项 |\n|||\n规章 |\n0 |\n1 |\n2\n", f"{table}以上是全部指标。\n")
    first = read(report.encode()).grids()[0]
    assert [cell.text for cell in first.cells()] == table.split()


def blocks_of(text):
    return [
        block.text if isinstance(block, Prose) else [cell.text for cell in block.cells()]
        for block in read(f"某局2023年政府信息公开工作年度报告\n一、总体情况\n无。\n{text}".encode()).blocks
    ][2:]


def test_notes_right_under_the_figures_are_the_table_s():
    table = "二、依申请公开情况\n收到数\n3\n5\n7\n"
    assert blocks_of(f"{table}注：2件为同一人提出。\n填报人：王五\n某局") == [
        "无。",
        "二、依申请公开情况",
        ["收到数", "3", "5", "7", "注：2件为同一人提出。", "填报人：王五"],
        "某局",
    ]
    assert blocks_of("二、其他事项\n注：2件为同一人提出。") == [
        "无。",
        "二、其他事项",
        "注：2件为同一人提出。",
    ]


def test_lines_whose_values_are_all_empty_go_on_with_the_table():
    table = "二、主动公开情况\n规章\n3\n5\n7\n内容\n许可\n\n内容\n处罚\n\n"
    assert blocks_of(f"{table}三、其他事项") == [
        "无。",
        "二、主动公开情况",
        ["规章", "3", "5", "7", "内容", "许可", "", "内容", "处罚", ""],
        "三、其他事项",
    ]
    spaced = "二、主动公开情况\n规章\n3\n5\n7\n\n某局\n\n2024年1月8日\n\n"
    assert blocks_of(spaced)[3:] == ["某局", "2024年1月8日"]


def test_a_cell_left_empty_at_the_end_of_a_tabbed_row_is_a_cell():
    assert list(cells("许可\t")) == [(1, "许可"), (4, "")]
    assert list(cells("收到数\t件\t")) == [(1, "收到数"), (5, "件"), (7, "")]
    assert list(cells("\t许可")) == [(2, "许可")]
    assert list(cells("收到数 | 3 | |")) == [(1, "收到数"), (7, "3")]


def test_rows_left_empty_are_a_table():
    rows = "收到数\t\n答复数\t\n结转数\t\n"
    assert blocks_of(f"二、依申请公开情况\n{rows}三、其他事项") == [
        "无。",
        "二、依申请公开情况",
        ["收到数", "", "答复数", "", "结转数", ""],
        "三、其他事项",
    ]
    assert blocks_of("二、依申请公开情况\n收到数\t3\n答复数\t5\n处罚\t\n某局")[2:] == [
        ["收到数", "3", "答复数", "5", "处罚", ""],
        "某局",
    ]


def test_between_bars_a_cell_left_empty_is_one_where_another_row_has_words():
    payload = (
        "统计指标 | 单位 | 统计数\n公开数 | 条 |  |\n申请数 | 件 | 0\n办结数 | 件 | 0\n规章 | |".encode()
    )
    grid = read(payload).grids()[0]
    rows = [[cell.text for cell in row] for row in grid.rows]
    assert rows[1:] == [["公开数", "条", ""], ["申请数", "件", "0"], ["办结数", "件", "0"], ["规章", "", ""]]
    assert [resolve(payload, cell.place) for cell in grid.cells()] == [cell.text for cell in grid.cells()]


def test_a_line_without_bars_makes_no_cells_of_those_that_have_some():
    payload = "公开数 |\n条 |\n12 |\n— 3 —\n申请数 |\n件 |\n0 |".encode()
    grid = read(payload).grids()[0]
    assert [len(row) for row in grid.rows] == [1, 1, 1, 3, 1, 1, 1]


LAST = "处罚\n9\n强制\n3\n第二十条第（八）项\n信息内容\n行政事业性收费\n"


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        (f"{LAST}\n三、收到和处理政府信息公开申请情况", ["行政事业性收费", ""]),
        ("办结数\n9\n办班数\n3\n（三）接受培训人员数\n人次\n\n某市人民政府\n2019年1月20日", ["人次", ""]),
        ("处罚\n9\n项目数\n3\n\n三、收到和处理政府信息公开申请情况", ["3", ""]),
        ("处罚\n9\n强制\n3\n某市人民政府\n\n2019年1月20日", ["强制", "3"]),
        (f"二、主动公开政府信息情况\n\n主动公开了很多信息。\n{LAST}\n三、其他情况", ["强制", "3"]),
    ],
    ids=["the last label's", "with a unit", "the last figure's", "a signature's", "space between paragraphs"],
)
def test_a_last_cell_left_empty(text, cells):
    (grid,) = read(text.encode()).grids()
    assert [cell.text for cell in grid.cells()][-2:] == cells
