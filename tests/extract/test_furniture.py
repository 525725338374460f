import pytest

from extract.furniture import (
    box_entries,
    breadcrumb,
    is_bar,
    is_furniture,
    is_index_box,
    within_report,
)


@pytest.mark.parametrize(
    "line",
    [
        "登录 注册",
        "• 设为首页|",
        "您现在所在的位置: 网站首页> 市自然资源和规划局> 监督保障",
        "当前位置：首页 > 信息公开",
        "发布时间:2023-12-15 11:52 来源:某局 浏览次数: 字体:[ ]",
        "索引号: 11341700MB1631138U/202312-00030 组配分类: 工作推进",
        "字体：[大 中 小]",
        "【打印本页】 【关闭窗口】",
        "上一篇：某局2022年年报",
        "责任编辑：赵丹",
        "扫一扫在手机打开当前页",
        "分享到：",
        "站点地图 | 法律声明 | 联系我们 | 网站纠错 | 隐私声明",
        "主办:某市人民政府办公室 承办:某市融媒体中心",
        "皖ICP备2024029993号-1",
        "皖公网安备34170202000262号",
        "网站标识码:3417020005",
        "本站支持IPV6访问",
        "返回顶部打印关闭",
    ],
)
def test_furniture(line):
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "一、总体情况",
        "无。",
        "无",
        "0",
        "大",
        "某市某局",
        "2024年1月8日",
        "附件：某局2023年政府信息公开工作年度报告.pdf",
        "2023年,我局通过网站发布信息,浏览次数达3万余次,其中打印和分享服务若干。",
        "其他",
        "总计",
        "公开方式上,严格落实主动公开。",
        "信息内容",
    ],
)
def test_words_of_reports(line):
    assert not is_furniture(line)


def test_long_paragraphs_are_never_furniture():
    assert not is_furniture("来源:" + "政府信息公开" * 60)


def test_box_entries_in_one_text_and_in_two():
    texts = [
        "索 引 号：",
        "000014349/2017-00110",
        "名 称",
        "某局年报",
        "发布日期: 2023-12-15 文号: 来源:某局 字体:[大]",
    ]
    assert list(box_entries(texts)) == [
        ("索引号", "000014349/2017-00110"),
        ("名称", "某局年报"),
        ("发布日期", "2023-12-15"),
        ("来源", "某局"),
    ]


def test_a_label_without_a_value_has_none():
    assert list(box_entries(["文号", "发布机构", "某局"])) == [("发布机构", "某局")]


def test_index_boxes():
    assert is_index_box("索引号 113 发布机构 某局 名称 某局年报")
    assert not is_index_box("第二十条第（一）项 信息内容 规章 0 0 0")


def test_breadcrumbs():
    assert breadcrumb(["登录", "当前位置：首页 > 公开 >> 年报"]) == ("首页", "公开", "年报")
    assert breadcrumb(["您的位置：", "首页 › 公开"]) == ("首页", "公开")
    assert breadcrumb(["首页 > 公开"]) == ()


def test_a_report_lies_between_its_furniture():
    furniture = [True, False, True, False, False, True, False, True]
    body = [False, False, False, True, True, False, False, False]
    assert within_report(furniture, body) == range(3, 5)
    assert within_report([False, False], [False, False]) == range(2)
    assert within_report([], []) == range(0)


@pytest.mark.parametrize(
    "line",
    ["公开方式:主动公开", "来源:各股室", "--", "打印服务", "浏览量稳步上升", "(三)网站浏览次数", "时间:全年"],
)
def test_what_a_report_may_say_itself_is_no_bar(line):
    assert not is_bar(line)
