"""The style sheets and pictures of the invented web: all that its pages show is there, but for one."""

import struct

import pytest

from crawler.page import Page
from crawler.requisites import requisites_of
from samples.answers import Question
from samples.site import build_sites
from samples.web import Host

ABSENT = "/images/jiucuo.png"  # as there always is one


@pytest.mark.parametrize("site", build_sites(), ids=lambda site: site.host)
def test_whatever_a_report_page_shows_is_served_as_what_it_is(site):
    host = Host(site)
    address = next(path for path, page in host.pages.items() if page.context.get("kind") == "entry")
    page = Page(f"http://{site.host}{address}", host.answer(Question(address)).body.decode(site.encoding))
    paths = [link.url.removeprefix(f"http://{site.host}") for link in requisites_of(page, 0)]
    answers = {path: host.answer(Question(path)) for path in paths}
    assert {path for path, answer in answers.items() if answer.status != 200} <= {ABSENT}
    pictures = [answer for answer in answers.values() if answer.content_type == "image/png"]
    assert pictures
    assert "text/css" in {answer.content_type for answer in answers.values()}
    assert all(answer.headers["ETag"] for answer in pictures)


def test_a_picture_is_a_picture(sites):
    body = Host(sites[0]).answer(Question("/images/logo.png")).body
    assert body.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", body[16:24]) == (420, 70)
