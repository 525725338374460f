import pytest

from extract.labels import key, without_gloss, without_ordinal


@pytest.mark.parametrize(
    ("printed", "official"),
    [
        ("商 业 企 业", "商业企业"),
        ("(一)予以公开", "（一）予以公开"),
        ('3.危及"三安全一稳定"', "3．危及“三安全一稳定”"),
        ("1、属于国家秘密", "1.属于国家秘密"),
        ("本年增减", "本年增/减"),
        ("社会公\u3000益\xa0组织\n", "社会公益组织"),
    ],
)
def test_the_same_label(printed, official):
    assert key(printed) == key(official)


def test_different_labels():
    assert key("（一）予以公开") != key("（二）予以公开")
    assert key("/") == key(" — ") == ""


@pytest.mark.parametrize(
    ("label", "bare"),
    [
        ("（一）予以公开", "予以公开"),
        ("2.重复申请", "重复申请"),
        ("12、重复申请", "重复申请"),
        ("四、结转下年度继续办理", "结转下年度继续办理"),
        ("三安全一稳定", "三安全一稳定"),
        ("⑵乡镇", "乡镇"),
    ],
)
def test_an_ordinal_leads(label, bare):
    assert without_ordinal(label) == bare


def test_a_gloss_ends():
    assert without_gloss("（二）部分公开（区分处理的，只计这一情形）") == "（二）部分公开"
    assert without_gloss("（一）予以公开") == "（一）予以公开"
