"""Tables that no official form explains are kept whole, each cell with the words that say what it is."""

from decimal import Decimal

import pytest

from extract.document import Cell, Grid
from extract.extraction import extract
from extract.local import local_cells


def grid(lines, *, geometry=True):
    rows = tuple(
        tuple(Cell(text, f"at:{row}/{column}", row, column) for column, text in enumerate(line))
        for row, line in enumerate(lines)
    )
    return Grid(rows, "grid", geometry=geometry)


def test_a_value_is_called_by_the_words_beside_and_above_it():
    table = grid(
        [["指标", "", "本年", "累计"], ["申请", "1.申请数", "3", "不填"], ["", "2.答复数", "", "1,204"]]
    )
    cells = {(cell.row, cell.column): cell for cell in local_cells([table])}
    assert len(cells) == 12
    assert (cells[2, 3].label, cells[2, 3].value) == ("申请 / 1.申请数 / 本年", Decimal(3))
    assert (cells[2, 4].label, cells[2, 4].value, cells[2, 4].text) == (
        "申请 / 1.申请数 / 累计",
        None,
        "不填",
    )
    assert (cells[3, 4].label, cells[3, 4].value) == ("2.答复数 / 累计", Decimal(1204))
    assert cells[2, 2].label == ""


def test_in_a_dump_the_last_words_count():
    cells = local_cells([grid([["1.申请数"], ["3"], ["2.答复数"], ["4"], ["5"]], geometry=False)])
    assert [(cell.label, cell.text) for cell in cells if cell.value] == [
        ("1.申请数", "3"),
        ("2.答复数", "4"),
        ("2.答复数", "5"),
    ]


@pytest.mark.real
def test_the_five_tables_of_a_province_s_own_form(real_dir):
    page = real_dir / "reports" / "jilin_forestry_2018.html"
    found = extract(page.read_bytes(), url="http://lyj.jlcity.gov.cn/xxgk/ndbg/201903/t20190307_633608.html")
    assert (found.form, found.cells) == ("local", ())
    assert {cell.grid for cell in found.local_cells} == {1, 2, 3, 4, 5}
    by_label = {cell.label: cell.value for cell in found.local_cells}
    assert by_label["公开数量 / 4.公开信息总数★ / 累计数"] == 130
    assert by_label["学习培训 / 3.参加培训人次数 / 18年发生数"] == 16
    numbers = [
        cell for cell in found.local_cells if any(sign.isdigit() for sign in cell.text) and not cell.label
    ]
    assert all(cell.value is None for cell in numbers)  # the indicators' own ordinals


def test_a_report_of_an_official_form_leaves_no_local_table():
    lines = (("信息内容", "本年处理决定数量"), ("行政许可", "3"))
    rows = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in lines)
    page = f"<p>一、总体情况</p><table>{rows}</table>"
    found = extract(
        f"<html><body><h1>某县2023年政府信息公开年度报告</h1>{page}</body></html>".encode(),
        url="http://a.gov.cn/",
    )
    assert found.local_cells == ()
