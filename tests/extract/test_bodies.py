import pytest

from extract.bodies import is_body, is_fuller, level


@pytest.mark.parametrize(
    "name",
    [
        "某市某区自然资源和规划局",
        "柘城县“互联网+”经济发展促进中心",
        "磐石市吉昌镇人民政府",
        "某街道办事处",
        "国家税务总局某县税务局",
        "国网河南省电力公司柘城县供电公司",
    ],
)
def test_names(name):
    assert is_body(name)


@pytest.mark.parametrize(
    "text", ["无", "局", "2023年某局", "主动公开，某局", "一、总体情况", "加强组织领导", ""]
)
def test_no_names(text):
    assert not is_body(text)


@pytest.mark.parametrize(
    ("longer", "shorter"),
    [
        ("沅江市城市管理和综合执法局", "城管执法局"),
        ("柘城县扶贫开发办公室", "柘城县扶贫办"),
        ("磐石市吉昌镇人民政府", "磐石市吉昌镇"),
        ("吉林市林业局", "市林业局"),
        ("某县发展和改革委员会", "某县发改委"),
    ],
)
def test_a_fuller_name_of_the_same_body(longer, shorter):
    assert is_fuller(longer, shorter)
    assert not is_fuller(shorter, longer)


@pytest.mark.parametrize(
    ("longer", "shorter"),
    [
        ("柘城县人民政府办公室", "柘城县人民政府"),
        ("某市公安局交警支队", "某市公安局"),
        ("某市教育局", ""),
        ("某市教育局", "某市教育局"),
        ("某市卫生健康委员会", "某市教育局"),
    ],
)
def test_another_body(longer, shorter):
    assert not is_fuller(longer, shorter)


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("磐石市吉昌镇人民政府", "", "township"),
        ("某市某区某街道办事处", "3417020005", "township"),
        ("吉林市规划和自然资源局", "", "department"),
        ("上海市人民政府办公厅", "", "department"),
        ("柘城县产业集聚区", "", "department"),
        ("柘城县人民医院", "4114240001", "department"),
        ("池州市贵池区人民政府", "3417020005", "county"),
        ("沅江市人民政府", "4309810001", "county"),
        ("池州市人民政府", "3417000001", "prefecture"),
        ("池州市人民政府", "", "prefecture"),
        ("延边朝鲜族自治州人民政府", "", "prefecture"),
        ("安徽省人民政府", "", "province"),
        ("上海市人民政府", "", "province"),
        ("上海市浦东新区人民政府", "", "county"),
        ("国家林业和草原局", "bm70000001", "ministry"),
        ("退役军人事务部", "", "ministry"),
        ("海关总署", "", "ministry"),
        ("国家统计局某县调查队", "4114240001", "department"),
        ("国家税务总局柘城县税务局", "", "department"),
        ("中共某县委宣传部", "", "department"),
        ("", "", ""),
        ("无", "", ""),
    ],
)
def test_level(name, code, expected):
    assert level(name, code) == expected
