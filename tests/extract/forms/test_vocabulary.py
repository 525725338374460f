import pytest

from extract.forms.model import official_forms
from extract.forms.vocabulary import vocabulary_of

FORMS = {form.code: form for form in official_forms()}


@pytest.fixture(params=["2021", "2019"])
def vocabulary(request):
    return vocabulary_of(FORMS[request.param])


def codes(entries):
    return [entry.row.code for entry in entries]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_label_finds_its_own_row_and_column(form):
    vocabulary = vocabulary_of(form)
    for table, row, column in form.cells():
        if table.layout == "rows":
            assert row.code in codes(vocabulary.row(row.label))
            assert row.code in codes(vocabulary.row(row.group + row.label))
        assert vocabulary.column(table.code, column.label) == column.code


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("(一) 予以公开", "granted"),
        ("予以公开", "granted"),
        ("（二）部分公开", "partial"),
        ("部分公开（区分处理）", "partial"),
        ("3、危及\u201d三安全一稳定\u201d", "denied.security_stability"),
        ("5.要求行政机关确认或重新出具已取信息", "not_processed.reconfirm"),
        ("（三）不予公开1.属于国家秘密", "denied.state_secret"),
        ("（七）合计", "handled_total"),
    ],
)
def test_ways_of_printing_a_label(vocabulary, printed, code):
    assert codes(vocabulary.row(printed)) == [code]


@pytest.mark.parametrize(
    "printed", ["其他", "总计", "合计", "申请人情况", "行政复议", "（三）不予公开", "", "/"]
)
def test_what_is_no_row(vocabulary, printed):
    assert vocabulary.row(printed) == ()
    assert vocabulary.row_like(printed) == ()


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("2.其他法律行政法规禁止公布", "denied.law_prohibits"),
        ("3.危及“三安全", "denied.security_stability"),
        ("4.无正当理由大量反复申", "not_processed.excessive"),
        ("一、本年新收政府信息公开申请数", "received"),
        ("四、结转下年度继续办理的申请数量", "carried_out"),
    ],
)
def test_a_misspelt_or_cut_label_is_told_apart_from_all_others(vocabulary, printed, code):
    assert codes(vocabulary.row_like(printed)) == [code]


@pytest.mark.parametrize(
    "printed", ["行政许克", "属于", "政府信息公开申请数量", "第二十条第（五）项", "行政许可和行政处罚"]
)
def test_what_is_not_like_one_label_alone(vocabulary, printed):
    assert vocabulary.row_like(printed) == ()


def test_an_alternate_row_is_a_group_and_a_row():
    vocabulary = vocabulary_of(FORMS["2021"])
    assert codes(vocabulary.row("（六）其他处理")) == ["other"]
    assert vocabulary.is_heading("（六）其他处理")


def test_columns_are_of_their_table(vocabulary):
    assert vocabulary.column("requests", "其他") == "other_organization"
    assert vocabulary.column("proceedings", "其他") == "other"
    assert vocabulary.column("disclosure", "其他") == ""
    assert vocabulary.column("requests", "合 计") == "total"


def test_a_header_is_known_with_one_letter_wrong(vocabulary):
    assert vocabulary.column("proceedings", "结果杜持") == "upheld"
    assert vocabulary.across_entry("行政发议").row.code == "reconsideration"
    assert vocabulary.header_like("法律干务机构") == "法律服务机构"
    assert vocabulary.header_like("商业") == vocabulary.header_like("商业企业") == ""


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_word_of_one_form_is_a_misspelling_of_anothers_header(form):
    words = {word for other in FORMS.values() for word in vocabulary_of(other).headers}
    assert not [word for word in words if vocabulary_of(form).header_like(word)]


def test_a_bracket_taken_for_a_letter(vocabulary):
    total = vocabulary.row("（七）总计")[0]
    assert codes(vocabulary.row_next_like("（七利总计", total.ordinal - 1)) == ["handled_total"]
