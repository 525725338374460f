"""Style sheets with what they load turned into the archive, however it is written."""

import pytest

from browse.snapshots.styles import MOST, turned


def into(address):
    return f"/in/{address}"


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("a{background:url(x.png)}", 'a{background:url("/in/x.png")}'),
        ("a{background:url( 'x.png' )}", "/in/x.png"),
        ('@import "x.css";', '@import "/in/x.css";'),
        ("@import url(x.css) screen;", '@import url("/in/x.css") screen;'),
        ('@\\69mport "x.css";', "/in/x.css"),
        ("a{background:\\75rl(x.png)}", "/in/x.png"),
        ('a{background:image-set("x.png" 1x)}', 'image-set("/in/x.png" 1x)'),
        ("@media print{a{background:url(x.png)}}", "/in/x.png"),
        ("@font-face{src:url(x.woff)}", "/in/x.woff"),
        ('a{content:"x.png"}', 'a{content:"x.png"}'),
    ],
)
def test_what_is_loaded_comes_from_the_archive(sheet, said):
    assert said in turned(sheet, into)


def test_a_style_cannot_end_its_element():
    assert "</style" not in turned('a{content:"\\3c/style><script>"; b:url(x)}', into)
    assert "</style" not in turned("a{color:red}</style><script>", into)


def test_a_quote_in_an_address_stays_in_it():
    assert turned("a{b:url(x\\22y.png)}", into) == 'a{b:url("/in/x%22y.png")}'


@pytest.mark.parametrize("sheet", ["a{b:url(x)}" * MOST, "url(x)" + "{" * 100_000])
def test_a_monster_is_left_out(sheet):
    assert turned(sheet, into).startswith("/*")
