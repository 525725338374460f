"""The server answers as a proxy for the invented hosts and writes down what it was asked."""

import gzip
import http.client
import ssl
from dataclasses import replace
from email.message import Message
from typing import NamedTuple

import pytest

from samples.site import Temper
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


def test_a_tunnel_to_a_host_without_https_is_refused(web):
    assert ask(web, "www.wuyou.gov.cn:443", method="CONNECT").status == 502


@pytest.fixture(scope="module")
def wild(whole):
    """The sites with a temper or a certificate of their own, in no hurry."""
    chosen = [site for site in whole if site.scheme == "https" or site.temper != Temper()]
    with SampleWeb(replace(site, temper=replace(site.temper, seconds=0)) for site in chosen) as serving:
        yield serving


def ask_in_tunnel(web: SampleWeb, host: str, path: str, context: ssl.SSLContext) -> Reply:
    name, port = web.proxy.removeprefix("http://").split(":")
    connection = http.client.HTTPSConnection(name, int(port), timeout=5, context=context)
    try:
        connection.set_tunnel(host, 443)
        connection.request("GET", path)
        answer = connection.getresponse()
        return Reply(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def test_the_self_signed_host_speaks_to_those_who_do_not_mind(wild):
    lenient = ssl._create_unverified_context()
    reply = ask_in_tunnel(wild, "www.zhijia.gov.cn", "/", lenient)
    assert reply.status == 200
    assert "智佳县人民政府" in reply.body.decode()
    assert wild.log[-1][1:4] == ("www.zhijia.gov.cn", "/", 200)


def test_the_self_signed_host_is_refused_by_those_who_do(wild):
    with pytest.raises(ssl.SSLCertVerificationError):
        ask_in_tunnel(wild, "www.zhijia.gov.cn", "/", ssl.create_default_context())


def test_http_sends_to_https_where_that_is_spoken(wild):
    reply = ask(wild, "http://www.zhijia.gov.cn/x?y=1")
    assert (reply.status, reply.headers["Location"]) == (301, "https://www.zhijia.gov.cn/x?y=1")


def test_the_bad_tempered_host_fails_cuts_and_understates_by_turns(wild):
    home = "http://www.jiexiong.gov.cn/"
    came = [temper_of(wild, home) for _ in range(22)]
    assert came[6] == came[13] == "busy"
    assert came[8] == came[17] == "cut"
    assert came[10] == came[21] == "short"
    assert came.count("whole") == 22 - came.count("busy") - came.count("cut") - came.count("short") > 10


def temper_of(web: SampleWeb, url: str) -> str:
    try:
        reply = ask(web, url)
    except http.client.IncompleteRead:
        return "cut"
    if reply.status == 503:
        return "busy"
    return "whole" if reply.body.rstrip().endswith(b"</html>") else "short"


def test_the_log_knows_what_was_sent_and_what_was_only_asked_again(web):
    first = ask(web, HOME)
    ask(web, HOME, If_None_Match=first.headers["ETag"])
    sent, again = web.log[-2:]
    assert (sent.sent, sent.is_conditional) == (len(first.body), False)
    assert (again.sent, again.is_conditional) == (0, True)


def test_another_night_is_another_web(sites):
    with SampleWeb(sites) as web:
        before = ask(web, "http://www.nanke.gov.cn/").status
        web.show_night(3)
        assert (before, ask(web, "http://www.nanke.gov.cn/").status) == (200, 502)
        web.show_night(5)
        assert "南柯县人民政府2025年政府信息公开" in ask(web, "http://www.nanke.gov.cn/").body.decode()


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
