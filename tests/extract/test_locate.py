from extract.decode import decode
from extract.locate import locate, majority, votes
from extract.readers.grids import data_tables
from extract.readers.markup import parse
from extract.readers.passages import passages


def located(markup: str):
    root = parse(decode(markup.encode())).root
    seen = list(passages(root, data_tables(root)))
    location = locate(root, seen)
    return location, [passage.text for passage in seen[location.begin : location.end]]


def test_the_deepest_element_with_a_clear_majority_wins():
    root = parse(decode(b"<div id=a><div id=b><p>x</p><p>y</p></div><p id=c>z</p></div>")).root
    x, y, z = root.iter("p")
    assert majority([(x, 3), (y, 3), (z, 1)]).get("id") == "b"
    assert majority([(x, 3), (y, 3), (z, 3)]).get("id") == "a"
    assert majority([(x, 3), (y, 2)]) is None
    assert majority([]) is None


def test_the_opening_before_the_element_with_all_headings_is_taken_in():
    opening = (
        "根据《中华人民共和国政府信息公开条例》的规定，现公布某市某局2023年政府信息公开工作年度报告如下。"
    )
    sections = "<p>一、总体情况</p><p>无。</p><p>二、主动公开政府信息情况</p><p>无。</p>"
    location, texts = located(
        f"<div><ul><li>导航</ul><div id=m><p>{opening}</p><div>{sections}</div></div></div>"
    )
    assert location.container.get("id") == "m"
    assert texts[0] == opening
    assert location.findings == ()


def test_an_information_bar_stops_the_growth():
    sections = "<p>一、总体情况</p><p>无。</p><p>二、主动公开政府信息情况</p><p>无。</p>"
    bar = "<p>发布日期：2024-01-31 浏览次数：3</p>"
    location, _ = located(f"<div>{bar}<p>{'很长的一段话' * 10}</p><div id=m>{sections}</div></div>")
    assert location.container.get("id") == "m"


def test_one_table_of_the_form_is_enough():
    table = "<table><tr><td>第二十条第（一）项<td></tr><tr><td>规章<td>0</tr></table>"
    location, texts = located(f"<body><div><a href=x>导航</a></div><div id=m>{table}</div></body>")
    assert location.findings == ()
    assert len(texts) == 1


def test_links_have_no_vote():
    root = parse(decode("<a href=x>一、总体情况</a>".encode())).root
    (passage,) = passages(root, frozenset())
    assert votes(passage) == 0


def test_nothing_at_all():
    location, texts = located("<html><body></body></html>")
    assert texts == []
    assert [finding.code for finding in location.findings] == ["located_by_density"]
