import pytest

from extract.align import Alignment, align
from extract.document import Cell, Document, Grid, Prose
from extract.forms.model import official_forms
from extract.standing import form_and_status


def grid(*lines):
    rows = [
        [Cell(text, f"at:{row}/{at}", row, at) for at, text in enumerate(line)]
        for row, line in enumerate(lines)
    ]
    return Grid(tuple(map(tuple, rows)), "grid")


FIGURES = grid(("指标", "累计数"), ("培训次数", "3"), ("培训人次", "60"), ("人员数", "2"), ("专职", "0"))
BOX = grid(("索引号", "11220200"), ("发布日期", "2024-01-08"))
PROSE = Prose("无。", "line:1")


@pytest.mark.parametrize(
    ("blocks", "standing"),
    [
        ((FIGURES, PROSE), ("local", "text_only")),
        ((FIGURES,), ("local", "text_only")),
        ((BOX, PROSE), ("none", "text_only")),
        ((PROSE,), ("none", "text_only")),
        ((BOX,), ("none", "unreadable")),
        ((), ("none", "unreadable")),
    ],
)
def test_without_official_cells(blocks, standing):
    assert form_and_status(Document(blocks), Alignment(None)) == standing


def test_with_some_official_cells():
    report = Document((grid(("信息内容", "本年处理决定数量"), ("行政许可", "132")),))
    assert form_and_status(report, align(report, official_forms())) == ("2021", "partial")
