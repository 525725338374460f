"""Every way of leading on hides what a plain link would show, and loses nothing."""

import re

import pytest

from samples.answers import Question
from samples.site import load_folder
from samples.truth import truth
from samples.ways import LINK, WAYS, based, chosen, clicked, traditional
from samples.web import Host

SITES = {site.host: site for site in load_folder("ways")}
PLAIN = '<head><meta charset="utf-8"></head><a href="/a/" title="x">开报</a><a href="/b.html">动</a>'


def test_every_way_has_its_site():
    assert {site.way for site in SITES.values()} == set(WAYS)


@pytest.mark.parametrize("retold", [clicked, chosen])
def test_what_is_clicked_or_chosen_is_no_link(retold):
    markup = retold(PLAIN)
    assert not LINK.search(markup)
    assert all(each in markup for each in ("/a/", "/b.html", "开报", "动"))


def test_a_base_makes_other_addresses_of_the_same_links():
    assert re.findall(r'href="([^"]+)"', based(PLAIN)) == ["/zhandian/", "../a/", "../b.html"]


def test_traditional_characters_come_without_a_charset():
    assert traditional(PLAIN) == '<head></head><a href="/a/" title="x">開報</a><a href="/b.html">動</a>'


@pytest.mark.parametrize("host", SITES)
def test_all_that_lies_behind_is_there(host):
    site = SITES[host]
    web = Host(site)
    for item in truth([site]):
        assert web.answer(Question(item.url.removeprefix(f"http://{host}"))).status == 200
    for address, _ in WAYS[site.way].doors:
        assert web.answer(Question(address)).status == 200
    assert web.answer(Question(WAYS[site.way].home)).status == 200
