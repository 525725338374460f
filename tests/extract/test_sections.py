import pytest

from extract.document import Cell, Document, Grid, Prose
from extract.sections import numeral, sections


def document(*texts):
    return Document(tuple(Prose(text, f"line:{number}") for number, text in enumerate(texts, 1)))


def test_prose_by_its_headings():
    grid = Grid(((Cell("规章", ""),),), "")
    report = document(
        "某局2023年度报告",
        "一、总体情况",
        "第一段。",
        "第二段。",
        "六、其他需要报告的事项",
        "无。",
        "2024年1月4日",
    )
    found = sections(Document((*report.blocks[:4], grid, *report.blocks[4:])))
    assert [(item.ordinal, item.heading, item.text) for item in found] == [
        (0, "", "某局2023年度报告"),
        (1, "一、总体情况", "第一段。\n第二段。"),
        (6, "六、其他需要报告的事项", "无。\n2024年1月4日"),
    ]


def test_a_section_of_nothing_but_a_table_is_still_there():
    assert [item.text for item in sections(document("一、总体情况", "二、主动公开政府信息情况"))] == ["", ""]


def test_a_list_inside_a_section_opens_none():
    found = sections(document("五、存在的主要问题", "一、人员不足", "二、渠道不多", "六、其他"))
    assert [(item.ordinal, item.text) for item in found] == [(5, "一、人员不足\n二、渠道不多"), (6, "")]


def test_a_list_before_an_official_heading_opens_none():
    found = sections(
        document(
            "一、总体情况", "一、加强领导", "二、健全制度", "三、强化监督", "二、主动公开政府信息情况", "略。"
        )
    )
    assert [(item.ordinal, item.text) for item in found] == [
        (1, "一、加强领导\n二、健全制度\n三、强化监督"),
        (2, "略。"),
    ]


def test_a_table_of_contents_opens_none():
    contents = ("一、总体情况", "二、主动公开政府信息情况")
    found = sections(document("目录", *contents, contents[0], "第一段。", contents[1], "第二段。"))
    assert [(item.ordinal, item.text) for item in found] == [
        (0, "目录\n一、总体情况\n二、主动公开政府信息情况"),
        (1, "第一段。"),
        (2, "第二段。"),
    ]


def test_a_paragraph_that_begins_like_a_heading_is_prose():
    text = "一、本年度我局认真贯彻落实条例。各项工作有序推进。"
    assert [(item.ordinal, item.text) for item in sections(document(text))] == [(0, text)]


def test_without_any_heading_or_any_prose():
    assert [item.ordinal for item in sections(document("只有一段。"))] == [0]
    assert sections(document()) == ()


@pytest.mark.parametrize(
    ("text", "number"), [("一", 1), ("九", 9), ("十", 10), ("十二", 12), ("二十", 20), ("二十一", 21)]
)
def test_numerals(text, number):
    assert numeral(text) == number
