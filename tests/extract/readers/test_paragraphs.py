"""Lines of print to paragraphs, on PDF written here sign by sign."""

import pytest

from extract.readers import read


def paragraphs(payload):
    return [block.text for block in read(payload).prose()]


def test_paragraphs_by_indent_and_short_lines(sheet, pdf):
    page, full = sheet(), "本机关严格按照条例的要求开展各项工作并且认真填写本报告各表"
    page.text(80, 60, full[:28]).text(60, 80, full).text(60, 100, "直到最后。").text(80, 120, full[:28])
    page.text(60, 140, full)
    found = paragraphs(pdf(page, sheet().text(60, 60, "下页继续。")))
    assert found == [full[:28] + full + "直到最后。", full[:28] + full + "下页继续。"]


def test_a_heading_behind_a_full_line_begins_a_paragraph(sheet, pdf):
    full = "本机关严格按照条例的要求开展各项工作并且认真填写本报告各表。"
    heading = "二、主动公开政府信息情况"
    first = sheet().text(60, 60, full).text(60, 80, heading).text(60, 100, full)
    assert paragraphs(pdf(first, sheet().text(60, 60, heading))) == [full, heading, full, heading]


def test_an_official_heading_is_a_paragraph_of_its_own_however_long(sheet, pdf):
    heading, text = "五、政府信息公开工作存在的主要问题及改进情况", "公开的内容还不够细致"
    page = sheet().text(60, 60, text).text(60, 80, heading).text(60, 100, text)
    assert paragraphs(pdf(page)) == [text, heading, text]


def test_lines_far_apart_are_one_paragraph_where_all_lines_are(sheet, pdf):
    full = "本机关严格按照条例的要求开展各项工作并且认真填写本报告各表"
    page = sheet()
    for number in range(10):
        page.text(60 if number % 5 else 80, 60 + 28 * number, full[:28] if number % 5 == 0 else full)
    page.text(80, 60 + 28 * 10, "直到最后。").text(80, 420, "隔开的话。")
    found = paragraphs(pdf(page))
    assert found == [full[:28] + full * 4, full[:28] + full * 4, "直到最后。", "隔开的话。"]


def test_a_full_stop_with_room_behind_it_ends_a_paragraph(sheet, pdf):
    full = "本机关严格按照条例的要求开展各项工作并且认真填写本报告各表"
    page = sheet()
    for number, words in enumerate((full, full, full, full[:26] + "。", "改进措施")):
        page.text(60, 60 + 15 * number, words)
    assert paragraphs(pdf(page)) == [full * 3 + full[:26] + "。", "改进措施"]


@pytest.mark.parametrize("size", [20, 25], ids=["as printed", "as OCR measures"])
def test_a_title_in_two_lines_is_one(sheet, pdf, size):
    page = sheet().text(100, 60, "青石市自然资源局政府信息公开工作年度报", 20).text(280, 90, "告", size)
    for number in range(6):
        page.text(60, 120 + 15 * number, "本机关严格按照条例的要求开展各项工作并且认真填写本报告各表")
    assert paragraphs(pdf(page))[0] == "青石市自然资源局政府信息公开工作年度报告"
