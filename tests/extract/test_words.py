import pytest

from extract.words import fold, is_section_heading, squeeze, starts_official_section


def test_fold_knows_every_white_space():
    assert fold("\u3000自 然\xa0\n 人\u200b ") == "自 然 人"


def test_squeeze_is_for_comparing():
    assert squeeze("第二十条 第（一）项：") == "第二十条第(一)项:"


@pytest.mark.parametrize(
    "heading",
    [
        "一、总体情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况 ",
        "六、其他需要报告的事项",
        "六、其他事项",
        "五、存在的主要问题及改进情况",
        "一、概述",
        "七、附表",
    ],
)
def test_section_headings(heading):
    assert is_section_heading(heading)


@pytest.mark.parametrize(
    "label",
    [
        "一、本年新收政府信息公开申请数量",
        "二、上年结转政府信息公开申请数量",
        "三、本年度办理结果",
        "三、",
        "四、结转下年度继续办理",
        "(一)予以公开",
        "一、总体情况。本年度我局认真落实政府信息公开条例",
    ],
)
def test_row_labels_are_no_headings(label):
    assert not is_section_heading(label)


def test_official_sections_in_their_wordings():
    assert starts_official_section("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况")
    assert starts_official_section("一、主动公开政府信息的情况2017年度我院")
    assert starts_official_section("五、存在的主要问题及改进情况")
    assert not starts_official_section("一、总体要求")
