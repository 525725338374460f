import pytest

from extract.document import Document, Finding, Prose
from extract.identity import identify
from extract.judge import judge
from extract.readers import read
from extract.restore import restore
from extract.result import Identity

HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)


def verdict(title: str, *lines: str, cells: int = 0, findings: tuple[Finding, ...] = ()):
    document = Document(tuple(Prose(line, "") for line in lines), findings=findings)
    return judge(document, Identity(title=title), cells, "http://www.example.gov.cn/a.html")


@pytest.mark.parametrize(
    "title",
    [
        "柘城县人民医院2017年政务信息公开报告",
        "柘城县扶贫办2017年政府信息年度报告",
        "吉林市规划和自然资源局2023年度政府信息公开工作报告",
        "2019年上海市人民政府办公厅政府信息公开工作年度报告",
        "某局 2023年信息公开年报",
        "某市审计局2023年政府信息公开工作年度报告",
        "某局关于2012年度政府信息公开工作的报告",
        "某市2018年政务公开报告",
    ],
)
def test_titles_of_reports(title):
    assert verdict(title, "一、概述", "无。").is_report


@pytest.mark.parametrize(
    "title",
    [
        "2018年政府工作报告",
        "宣城市自然资源和规划局2023年度政务公开工作总结",
        "某市2023年法治政府建设年度报告",
        "某公司2023年企业年报",
        "某市2023年政府网站工作年度报表",
        "【图解】某局2023年政府信息公开工作年度报告",
        "一图读懂2023年政府信息公开年度报告",
        "《某市2023年政府信息公开工作年度报告》解读",
        "关于做好2023年政府信息公开工作年度报告编制发布工作的通知",
        "某局政府信息公开指南",
        "某县2023年国民经济和社会发展统计公报",
        "某局2023年部门决算",
        "某局2023年上半年政府信息公开工作报告",
        "部门年报",
        "政府信息公开制度",
        "某市人民政府公报2024年第3期",
        "2023年度政府信息公开工作年度报告编制说明",
        "某县人民政府门户网站2023年工作年度报表",
        "",
    ],
)
def test_look_alikes(title):
    cites = "根据《中华人民共和国政府信息公开条例》，我局加强信息公开工作，现将情况报告如下。"
    assert not verdict(title, cites).is_report


def test_what_was_read_counts_more_than_the_title():
    assert verdict("", *HEADINGS, cells=200).is_report
    assert verdict("关于公布2023年政府信息公开工作年度报告的通知", *HEADINGS, cells=200).is_report


def test_a_cover_letter_with_the_report_inside_is_one():
    inside = "市政府办公室：现将我局2023年政府信息公开工作年度报告报上，请审阅。"
    assert verdict("关于报送2023年政府信息公开工作年度报告的函", inside, *HEADINGS, cells=200).is_report


def test_an_issue_of_a_gazette_is_none_whatever_it_reprints():
    title = "某市2023年政府信息公开工作年度报告"
    assert not verdict(title, "某市人民政府公报2024年第3期", "目录", *HEADINGS, cells=200).is_report


def test_half_a_year_is_none_though_its_tables_are_filled():
    assert not verdict("某市2023年上半年政府信息公开工作报告", *HEADINGS, cells=200).is_report


def test_what_is_nearly_even_says_so():
    assert verdict("某市2023年政府信息公开工作年度报告").margin in range(3)


def test_a_listing_is_no_report():
    linked = (Finding("mostly_links", ""),)
    assert not verdict("政府信息公开年报", "首页", findings=linked).is_report


def test_reasons_add_up_to_the_margin_and_what_is_enough():
    judgement = verdict("某局2023年政府信息公开工作年度报告", *HEADINGS, cells=198)
    assert judgement.margin + 5 == sum(int(reason.split()[0]) for reason in judgement.reasons)
    assert "+12 official cells were read: 198" in judgement.reasons


@pytest.mark.real
@pytest.mark.parametrize(
    ("seed", "is_report"), [("000", True), ("001", True), ("002", True), ("003", True), ("004", False)]
)
def test_the_seeds(real_dir, seed, is_report):
    (path,) = (real_dir / "seeds").glob(f"{seed}_*.txt")
    assert judged(path) is is_report


@pytest.mark.real
def test_a_subset_of_a_real_portal(real_dir):
    """All of its reports, all of its government work reports, its listings, and every tenth other page."""
    site = real_dir / "sites" / "www.zhecheng.gov.cn"
    pages = sorted(path for path in site.rglob("*.html") if path.stat().st_size)
    notable = [path for path in pages if "xxgknb" in path.parts or "zfgznb" in path.parts]
    reports = {path for path in {*notable, *pages[::10]} if judged(path)}
    assert reports == set((site / "xxgk/xxgknb/bmnb/2018-07-12").glob("*.html"))
    assert len(reports) == 15


def judged(path) -> bool:
    document = restore(read(path.read_bytes()))
    return judge(document, identify(document, "")[0], 0, "").is_report
