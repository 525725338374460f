"""The server answers as a proxy for the invented hosts and writes down what it was asked."""

import gzip
import http.client
from email.message import Message
from typing import NamedTuple

import pytest

from samples.web import SampleWeb

HOME = "http://www.wuyou.gov.cn/"


class Reply(NamedTuple):
    status: int
    headers: Message
    body: bytes


@pytest.fixture(scope="module")
def web(sites):
    with SampleWeb(sites) as serving:
        yield serving


def ask(web: SampleWeb, target: str, method: str = "GET", **headers: str) -> Reply:
    connection = http.client.HTTPConnection(web.proxy.removeprefix("http://"), timeout=5)
    try:
        connection.request(
            method, target, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )
        answer = connection.getresponse()
        return Reply(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def test_answers_a_proxy_s_request(web):
    reply = ask(web, HOME)
    assert reply.status == 200
    assert "乌有县人民政府".encode() in reply.body


def test_answers_a_server_s_request(web):
    assert ask(web, "/", Host="www.wuyou.gov.cn").body == ask(web, HOME).body


def test_knows_the_home_page_by_its_file_name(web):
    assert ask(web, HOME + "index.html").body == ask(web, HOME).body


def test_zips_when_asked(web):
    reply = ask(web, HOME, Accept_Encoding="gzip, deflate")
    assert reply.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(reply.body) == ask(web, HOME).body


@pytest.mark.parametrize(
    ("stamp", "header"), [("ETag", "If_None_Match"), ("Last-Modified", "If_Modified_Since")]
)
def test_an_unchanged_page_costs_no_body(web, stamp, header):
    first = ask(web, HOME)
    again = ask(web, HOME, **{header: first.headers[stamp]})
    assert (again.status, again.body) == (304, b"")


def test_a_changed_tag_outweighs_the_date(web):
    first = ask(web, HOME)
    again = ask(web, HOME, If_None_Match='"other"', If_Modified_Since=first.headers["Last-Modified"])
    assert again.status == 200


def test_head_has_no_body(web):
    reply = ask(web, HOME, method="HEAD")
    assert (reply.status, reply.body) == (200, b"")


@pytest.mark.parametrize("host", ["old.wuyou.gov.cn", "www.gov.example", "www.wuyou.gov.cn.example"])
def test_a_host_that_is_not_here_is_dead(web, host):
    assert ask(web, f"http://{host}/").status == 502
    assert (host, 502) in {(asked.host, asked.status) for asked in web.log}


def test_tunnels_are_refused(web):
    assert ask(web, "www.wuyou.gov.cn:443", method="CONNECT").status == 502


def test_robots_are_answered_in_three_ways(web):
    assert "Disallow: /zwgk/zfxxgk/zfxxgknb/lszl/" in ask(web, HOME + "robots.txt").body.decode()
    assert ask(web, "http://www.nanke.gov.cn/robots.txt").status == 404
    page = ask(web, "http://www.zixu.gov.cn/robots.txt")
    assert (page.status, page.headers["Content-Type"], page.body[:6]) == (200, "text/html", b"<html>")


def test_the_wall_is_a_script_shell_with_412(web):
    reply = ask(web, "http://www.zixu.gov.cn/zfxxgk/ndbg/xq/list.htm")
    assert reply.status == 412
    assert b"$_ts" in reply.body
    assert "ETag" not in reply.headers


def test_a_missing_page_is_404_and_on_the_old_site_200(web):
    assert ask(web, HOME + "nowhere.html").status == 404
    soft = ask(web, "http://www.zixu.gov.cn/nowhere.htm")
    assert soft.status == 200
    assert "不存在" in soft.body.decode("gb18030")
    assert soft.body == ask(web, "http://www.zixu.gov.cn/another.htm").body


def test_only_truthful_sites_name_their_encoding_in_the_header(web):
    assert ask(web, HOME).headers["Content-Type"] == "text/html; charset=utf-8"
    assert ask(web, "http://www.zixu.gov.cn/").headers["Content-Type"] == "text/html"


def test_the_log_keeps_time_host_path_and_status(web):
    before = len(web.log)
    ask(web, HOME + "search?page=2")
    asked = web.log[before]
    assert (asked.host, asked.path, asked.status) == ("www.wuyou.gov.cn", "/search?page=2", 404)
    assert asked.at >= web.log[0].at
