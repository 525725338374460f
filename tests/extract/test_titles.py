import pytest

from extract.titles import is_report_title, publisher, without_site, year


@pytest.mark.parametrize(
    ("title", "body", "named"),
    [
        (
            "柘城县 “互联网+”经济发展促进中心 2017政府信息公开工作 年度报告",
            "柘城县“互联网+”经济发展促进中心",
            2017,
        ),
        ("2019年上海市人民政府办公厅政府信息公开工作年度报告", "上海市人民政府办公厅", 2019),
        ("2023年城管执法局政府信息公开工作年度报告", "城管执法局", 2023),
        ("柘城县扶贫办2017年政府信息年度报告", "柘城县扶贫办", 2017),
        ("柘城县财政局2017年信息公开工作 年度报告", "柘城县财政局", 2017),
        ("2023年池州市人民政府信息公开工作年度报告", "池州市人民政府", 2023),
        ("池州市人民政府2023年政府信息公开工作年度报告", "池州市人民政府", 2023),
        ("某某区卫健委关于2022年度政府信息公开工作的报告", "某某区卫健委", 2022),
        ("某某乡二〇一六年政府信息公开年度报告", "某某乡", 2016),
        ("某某镇政府信息公开年报（2015年度）", "某某镇", 2015),
        ("【年报】某某局2020年度政务公开工作年度报告", "某某局", 2020),
        ("政府信息公开年报", "", None),
        ("关于召开会议的通知", "", None),
    ],
)
def test_body_and_year(title, body, named):
    assert publisher(title) == body
    assert year(title) == named


def test_no_year_out_of_this_world():
    assert year("电话0432-65741010，邮编202312") is None
    assert year("1949年至2017年") == 2017


def test_wording_and_site():
    assert is_report_title("某局2023年度政府信息 公开工作报告")
    assert not is_report_title("2018年政府工作报告")
    assert without_site("某局2023年政府信息公开年报_某市人民政府") == "某局2023年政府信息公开年报"
    assert without_site("某市人民政府门户网站-某局2023年政府信息公开年报") == "某局2023年政府信息公开年报"
    assert without_site("某市-人民政府") == "某市-人民政府"
