"""What a page's tags are is told by the rules of HTML's tokenizer."""

from time import process_time

import pytest

from crawler.tags import NEAR, USUAL, Tags, attributes_of, plain, plain_page, usual_attributes

PATIENCE = 5.0  # seconds of CPU; a pattern that looked at a place twice would take days


def links(markup: str) -> list[tuple[str, str]]:
    return [(tag.attributes.get("href", ""), tag.within) for tag in Tags(markup).links]


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<A HREF=a>x</A>", [("a", "x")]),
        ("<a\nhref='a'\n>x<b>y</b></a >z", [("a", "x<b>y</b>")]),
        ('<a title="a > b" href="c">x</a>', [("c", "x")]),
        ('<a href="c" title="d"">x</a>', [("c", "x")]),
        ("<a href=/a/b/>x</a>", [("/a/b/", "x")]),
        ("<!-- <a href=a>x</a> --><a href=b>y</a>", [("b", "y")]),
        ("<!--><a href=b>y</a>", [("b", "y")]),
        ("<!-- <a href=a>x</a> --!><a href=b>y</a>", [("b", "y")]),
        ("<!-- <a href=a>x</a> -- > --><a href=b>y</a>", [("b", "y")]),
        ("<stript><a href=b>y</a></stript>", [("b", "y")]),
        ("<SCRIPT>'</scripts><a href=a>x</a>'</Script ><a href=b>y</a>", [("b", "y")]),
        ("<script>document.write('<a href=a>x</a>')</script><a href=b>y</a>", [("b", "y")]),
        ("<textarea><a href=a>x</a></textarea>", []),
        ("<abbr>x</abbr><a>y</a>", [("", "y")]),
        ("<![CDATA[<a href=a>x</a>]]><a href=b>y</a>", [("b", "y")]),
    ],
)
def test_links_are_what_a_browser_takes_for_them(markup, found):
    assert links(markup) == found


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<a href=a>x<a href=b>y</a>", [("a", "x"), ("b", "y")]),
        ("<li><a href=a>x</li><li><a href=b>y</a></li>", [("a", "x"), ("b", "y")]),
        ("<td><a href=a>x</td><td>z</td>", [("a", "x")]),
        ("<a href=a><div>x</div></a>", [("a", "<div>x</div>")]),
        ("<a href=a>x", [("a", "x")]),
    ],
)
def test_a_link_that_nothing_ends_ends_with_its_block(markup, found):
    assert links(markup) == found


def test_attributes_are_named_once_and_their_references_resolved():
    said = " HREF='?a=1&amp;b=2&copy=3&lt;&#39;' href=again Checked class = x/y >"
    assert attributes_of(said) == {"href": "?a=1&b=2&copy=3<'", "checked": "", "class": "x/y"}


def test_the_other_tags_are_found_by_name_and_have_their_text():
    tags = Tags("<TITLE>年 <b>报</TITLE><meta name=a><style>b{}</style><object data=x></object>")
    assert [(tag.name, tag.within) for tag in tags.named("title", "style")] == [
        ("title", "年 <b>报"),
        ("style", "b{}"),
    ]
    assert next(tags.named("object")).attributes == {"data": "x"}


def test_a_word_finds_the_tags_that_have_it_among_their_attributes():
    tags = Tags(
        "open(1)<p onclick=\"open('a')\">x</p><script>open(2)</script><!-- <i a='open('> --><br>open("
    )
    assert [(tag.name, tag.attributes) for tag in tags.with_word("open(")] == [
        ("p", {"onclick": "open('a')"})
    ]


@pytest.mark.parametrize(
    ("markup", "within"),
    [
        ("<div onclick=x>a<div>b</div>c</div>d", "a<div>b</div>c"),
        ("<LI onClick=x>a</li>", "a"),
        ("<input data-url=x>a</input>", ""),
        ("<option value=x>a<option>b", "a"),
        ("<p data-href=x>" + "a" * NEAR, None),
    ],
)
def test_what_can_be_clicked_has_what_stands_up_to_its_own_end(markup, within):
    tags = Tags(markup)
    assert tags.within(tags.clickable[0]) == within


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_what_can_be_clicked_is_the_same_with_the_bytes_of_the_page_at_hand(encoding):
    markup = (
        "click 年报<p ONCLICK=x>報</p><p onclick=y data-href=z>一</p><script>'onclick'</script><b data-url=x>"
    )
    at_hand = Tags(markup, markup.encode(encoding))
    assert at_hand.clickable == Tags(markup).clickable
    assert [tag.name for tag in at_hand.clickable] == ["p", "p", "b"]


def test_text_is_what_is_left_without_the_tags():
    assert plain("a&nbsp;<b title='>'>b</b><!-- c -->&lt;<br/>1 < 2") == "a\xa0b<1 < 2"
    assert plain_page("<title>a</title><script>b('<p>')</script>c") == "ab('<p>')c"


def test_the_text_outside_of_links_and_scripts():
    tags = Tags("<title>t</title><a href=1>menu</a>one<script>s</script><p>two</p><!-- x --><a>menu</a>")
    assert sorted(filter(None, tags.text_outside(tags.links))) == ["one", "t", "two"]


@pytest.mark.parametrize(
    "piece", ["<a ", '<a ="', "<a href='", "<!--", "<script>", "<", "</a", "<p url(", "url(", "<a b=c d"]
)
def test_no_page_takes_longer_than_its_length_allows(piece):
    begun = process_time()
    tags = Tags(piece * (2_000_000 // len(piece)))
    list(tags.with_word("url("))
    assert all(len(tags.within(tag) or "") < len(tags.text) for tag in tags.clickable[:9])
    list(tags.text_outside(tags.links))
    plain_page(tags.text)
    assert process_time() - begun < PATIENCE


def test_what_is_long_is_not_remembered():
    before = usual_attributes.cache_info().currsize
    assert attributes_of(f' src="data:{"a" * USUAL}">')["src"].startswith("data:a")
    assert usual_attributes.cache_info().currsize == before
