"""Archived pages made harmless: nothing runs, every address leads into the archive, the place is marked."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from browse.snapshots.addresses import Archive
from browse.snapshots.harmless import HERE, harmless

ARCHIVE = Archive("http://www.a.gov.cn/b/c.html", "20260201000000", "http://pages", "http://snapshots")
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "handler": '<img src="x" onerror="alert(1)">',
    "handler in capitals": "<BODY ONLOAD=alert(1)>",
    "refresh": '<meta http-equiv="refresh" content="0;url=http://evil.example/">',
    "javascript": '<a href="javascript:alert(1)">x</a>',
    "javascript in pieces": '<a href="java\nscript:alert(1)">x</a>',
    "javascript escaped": '<a href="&#106;avascript:alert(1)">x</a>',
    "data page": '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "frame": '<iframe src="http://evil.example/"></iframe>',
    "frame in place": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "object": '<object data="http://evil.example/"></object><embed src="http://evil.example/">',
    "form": '<form action="http://evil.example/"><button formaction="javascript:x">x</button></form>',
    "vector": '<svg onload="alert(1)"><script>alert(1)</script><a xlink:href="javascript:x">x</a></svg>',
    "mutation": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img onerror=x&gt;'>",
    "mutation by noscript": '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "style": '<style>@import "http://evil.example/";</style><p style="background:url(http://evil.example/)">',
    "style end": "<style>a{content:'</style><script>alert(1)</script>'}</style>",
    "link": '<link rel="preload" href="http://evil.example/"><link rel="import" href="http://evil.example/">',
    "set of pictures": '<img srcset="http://evil.example/a 1x, //evil.example/b 2x">',
    "template": "<template><script>alert(1)</script></template>",
    "media": '<video src="http://evil.example/" autoplay></video><audio src="http://evil.example/"></audio>',
    "a worker": "<script>navigator.serviceWorker.register('/sw.js')</script>",
}
ACTS = ["script", "iframe", "frame", "frameset", "object", "embed", "applet", "meta", "base"]
ACTS += ["video", "audio", "svg", "math", "template", "noscript"]
ADDRESSES = ("href", "src", "srcset", "background", "action", "formaction", "srcdoc", "data", "poster")
LOADED_BY_STYLES = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""", re.IGNORECASE)
INTO_THE_ARCHIVE = ("http://pages/web/", "http://snapshots/", "data:image/", "#")


def assert_harmless(page):
    """With a parser that is neither of the two that made the page."""
    soup = BeautifulSoup(page, "html.parser")
    head, *more = soup.find_all("meta")
    assert not more, page
    head.extract()
    assert not soup.find_all(ACTS), page
    for element in soup.find_all():
        assert not [name for name in element.attrs if name.startswith("on")], page
        for name in ADDRESSES:
            assert element.get(name, "#").startswith(INTO_THE_ARCHIVE), page
    return soup


def check_styles(soup):
    styles = [element.string or "" for element in soup.find_all("style")]
    styles += [element.get("style", "") for element in soup.find_all()]
    for address in ("".join(found) for style in styles for found in LOADED_BY_STYLES.findall(style)):
        assert address.startswith(INTO_THE_ARCHIVE), address


@pytest.mark.parametrize("attack", HOSTILE.values(), ids=HOSTILE)
def test_what_acts_is_gone(attack):
    page = harmless(f"<html><body>一{attack}二</body></html>".encode(), ARCHIVE)
    check_styles(assert_harmless(page))
    assert "一" in page


TAGS = st.sampled_from(
    ["p", "table", "td", "svg", "math", "style", "script", "noscript", "title", "iframe", "a", "img"]
)
NAMES = st.sampled_from(["href", "src", "style", "onload", "srcset", "background", "title", "action"])
VALUES = st.sampled_from(
    [
        "javascript:alert(1)",
        "//evil.example/x",
        "x.png",
        "</style><script>",
        "url(//evil.example)",
        "data:text/html,x",
        "]]>",
    ]
)
PIECES = st.one_of(
    st.builds("<{}>".format, TAGS),
    st.builds("</{}>".format, TAGS),
    st.builds('<{} {}="{}">'.format, TAGS, NAMES, VALUES),
    st.builds("<{} {}={}>".format, TAGS, NAMES, VALUES),
    st.sampled_from(["<!--", "-->", "<![CDATA[", "字", "\0", "&lt;script&gt;", "@import '//evil.example';"]),
)


@given(st.lists(PIECES, max_size=14))
def test_no_soup_of_tags_acts_or_leads_out(pieces):
    assert_harmless(harmless("".join(pieces).encode(), ARCHIVE))


def test_addresses_lead_into_the_archive_at_that_time():
    page = harmless(
        b'<base href="/d/"><a href="e.html">x</a><img src="//b.gov.cn/f.png" srcset="g.png 2x">'
        b'<link rel="stylesheet" href="h.css"><table background="i.png"></table><a href="#j">j</a>',
        ARCHIVE,
    )
    assert '<a href="http://pages/web/20260201000000/http://www.a.gov.cn/d/e.html" target="_top">' in page
    assert 'src="http://snapshots/20260201000000/http://b.gov.cn/f.png"' in page
    assert 'srcset="http://snapshots/20260201000000/http://www.a.gov.cn/d/g.png 2x"' in page
    assert 'href="http://snapshots/20260201000000/http://www.a.gov.cn/d/h.css"' in page
    assert 'background="http://snapshots/20260201000000/http://www.a.gov.cn/d/i.png"' in page
    assert '<a href="#j">' in page


def test_a_frame_becomes_a_link_to_what_it_framed():
    page = harmless(b'<iframe src="/x.html">old</iframe>after', ARCHIVE)
    assert "http://pages/web/20260201000000/http://www.a.gov.cn/x.html" in page
    assert "after" in page


def test_the_place_is_marked_even_in_a_hidden_part():
    body = b'<div style="display:none"><table><tr><td>1<td>2</table></div>'
    page = harmless(body, ARCHIVE, "/html/body/div/table/tr/td[2]")
    assert f'<td id="{HERE}">2' in page
    assert "display:none" not in page


@pytest.mark.parametrize("place", ["/html/body/p[9]", "][", "string(//p)", "//@id"])
def test_a_place_that_leads_nowhere_marks_nothing(place):
    assert f'id="{HERE}"' not in harmless(b'<p id="nianbao-here">x', ARCHIVE, place)


def test_gb18030_comes_out_as_utf8():
    page = harmless('<meta charset="gb2312"><title>年报</title><p>镕堃'.encode("gb18030"), ARCHIVE)
    assert "<title>年报</title>" in page
    assert "镕堃" in page


def test_deep_nesting_is_survived():
    assert_harmless(harmless(b"<div>" * 50_000 + b"<script>alert(1)</script>", ARCHIVE))
