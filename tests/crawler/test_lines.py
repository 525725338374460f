import pytest

from crawler.lines import DEEPEST
from crawler.tags import Tags

LINES = {"li", "tr", "dt", "p", "div"}


def lines(markup: str) -> list[str]:
    tags = Tags(markup)
    blocks = [tags.blocks.get(link.at) for link in tags.links]
    found = [next(block.outwards(LINES), None) if block else None for block in blocks]
    return [markup[line.at : line.end] if line else "" for line in found]


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<ul><li><a>x</a> 1</li><li><a>y</a> 2</li></ul>", ["<li><a>x</a> 1", "<li><a>y</a> 2"]),
        ("<ul><li><a>x</a> 1<li><a>y</a> 2</ul>", ["<li><a>x</a> 1", "<li><a>y</a> 2"]),
        ("<tr><td>1<td><a>x</a><tr><td><a>y</a>", ["<tr><td>1<td><a>x</a>", "<tr><td><a>y</a>"]),
        ("<dl><dt><a>x</a><dd>1</dl>", ["<dt><a>x</a>"]),
        ("<div><p>1<div><a>x</a></div>2</div>", ["<div><a>x</a>"]),
        ("<div>1<ul><li>2</ul><a>x</a></div>", ["<div>1<ul><li>2</ul><a>x</a>"]),
        ("<div></li><a>x</a></div>", ["<div></li><a>x</a>"]),
        ("<script><div></script><a>x</a>", [""]),
        ("<a>x</a><p>", [""]),
    ],
)
def test_a_link_stands_on_the_smallest_line_around_it(markup, found):
    assert lines(markup) == found


def test_what_lies_too_deep_lies_in_the_last_block():
    [line] = lines("<div>" * 10 * DEEPEST + "<a>x</a>")
    assert line.startswith("<div>" * (9 * DEEPEST))


def test_the_blocks_around_a_place_are_told_from_the_inside():
    tags = Tags("<div><ul><li><a>x</a></li></ul></div>")
    block = tags.blocks[tags.links[0].at]
    assert [each.name for each in block.outwards({"div", "ul", "li"})] == ["li", "ul", "div"]
