import pytest

from extract.document import Cell, Document, Furniture, Grid, Prose
from extract.readers import read
from extract.restore import has_tones, is_mirrored, restore

MIRRORED = (
    "本報(bào)告依據(jù)《中華人民共和國政府信息公開條例》"
    "(國務(wù)院令第711號(hào))和有關(guān)通知要求編制。"
)
OFFICIAL = "本报告依据《中华人民共和国政府信息公开条例》(国务院令第711号)和有关通知要求编制。"


def of(*texts: str) -> Document:
    return Document(tuple(Prose(text, f"line:{at}/column:1") for at, text in enumerate(texts, 1)))


def test_mirror_text_is_restored_and_flagged():
    restored = restore(of(MIRRORED))
    assert restored.is_mirror
    assert restored.blocks == (Prose(OFFICIAL, "line:1/column:1"),)


def test_grids_and_furniture_too_and_places_stay():
    cell = Cell("行政許可", "line:2/column:1", 0, 0, 1, 2)
    mirrored = Document(
        (Prose(MIRRORED, ""), Grid(((cell, cell),), "line:2/column:1")),
        Furniture(
            index_box={"發(fā)布機(jī)構(gòu)": "池州市貴池區(qū)"},
            text="網(wǎng)站標(biāo)識(shí)碼:3417020005",
        ),
    )
    restored = restore(mirrored)
    grid = restored.grids()[0]
    assert [place.text for place in grid.cells()] == ["行政许可"]
    assert next(grid.cells()).place == "line:2/column:1"
    assert grid.rows[0][0] is grid.rows[0][1]
    assert restored.furniture.index_box == {"发布机构": "池州市贵池区"}
    assert restored.furniture.text == "网站标识码:3417020005"


@pytest.mark.parametrize(
    "text",
    [
        "乾县人民政府和濛洲街道办事处(以下简称本街道)的联系方式(app)(PPP)(一)(单位:万元)",
        "國務院有關機構與縣區鎮鄉長總體規劃",  # traditional, but no mirror: Hong Kong and Macao print so
        "拼音(pīn yīn)教材(zhōng)采购(guó)项目(xiàng)",  # readings in a simplified text
    ],
)
def test_anything_else_is_left_alone(text):
    document = of(text)
    assert not is_mirrored(text)
    assert restore(document) is document


def test_pages_without_tones_are_known_by_their_bytes():
    assert has_tones("六保”加強(qiáng)".encode())
    assert has_tones("ḿ".encode())
    assert not has_tones("乾县人民政府、濛洲街道办事处 © 2024 (app)".encode())


def test_brackets_that_are_no_readings_stay():
    restored = restore(of(MIRRORED + "(一)收費(fèi)(單位:萬元)(PPP)(地址:秋浦路)"))
    assert restored.blocks[0].text.endswith("(一)收费(单位:万元)(PPP)(地址:秋浦路)")


def test_a_shifted_byte_is_put_back_where_the_document_says_how():
    shifted = "2.圍繞“六穩(wěn)”、“六?!奔訌?qiáng)政策發(fā)布"
    restored = restore(of(MIRRORED, "強(qiáng)化隊(duì)伍建設(shè)", shifted))
    assert restored.blocks[2].text == "2.围绕“六稳”、“六?”加强政策发布"
    assert [finding.code for finding in restored.findings] == ["characters_partly_restored"]
    assert restored.findings[0].place == "line:3/column:1"


def test_a_shifted_byte_is_marked_where_nothing_says_how():
    restored = restore(of(MIRRORED, "2.“六?!奔訌?qiáng)政策發(fā)布"))
    assert "六?!奔" in restored.blocks[1].text
    assert [finding.code for finding in restored.findings] == ["characters_lost"]


@pytest.mark.real
@pytest.mark.parametrize(
    ("seed", "is_mirror"), [("000", False), ("001", True), ("002", False), ("003", True), ("004", False)]
)
def test_the_seeds(real_dir, seed, is_mirror):
    (path,) = (real_dir / "seeds").glob(f"{seed}_*.txt")
    document = read(path.read_bytes())
    restored = restore(document)
    assert restored.is_mirror is is_mirror
    texts = [block.text for block in restored.prose()]
    texts += [cell.text for grid in restored.grids() for cell in grid.cells()]
    assert not [text for text in texts if "(shù)" in text or "開" in text]
    assert [place.place for place in restored.prose()] == [place.place for place in document.prose()]
