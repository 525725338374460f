"""`/metrics`: what Prometheus reads."""

import re

from browse.metrics import GAUGES, escaped

SAMPLE = re.compile(r'[a-z_]+(\{[a-z_]+="(?:[^"\\\n]|\\.)*"\})? -?\d+')


def test_the_numbers_are_those_of_the_archive(keep, pages):
    keep.put("http://a.gov.cn/", b"a page")
    answer = pages.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert "nianbao_captures 1" in lines
    assert 'nianbao_runs{state="done"} 1' in lines
    assert [line for line in lines if not line.startswith("# ") and not SAMPLE.fullmatch(line)] == []
    assert len([line for line in lines if line.startswith("# TYPE")]) == len(GAUGES)


def test_words_are_escaped():
    assert escaped('a"b\\c\nd') == r"a\"b\\c\nd"
