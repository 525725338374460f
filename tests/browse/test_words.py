"""Words that are looked up by what the database holds."""

import re
from pathlib import Path

import pytest

from browse.words import all_sentences, all_words, sentence_speaker
from settings.tables import load_toml

ROOT = Path(__file__).parents[2]


def reasons():
    for kind in load_toml("extract", "judge.toml").values():
        entries = kind if isinstance(kind, list) else [kind]
        yield from (entry["reason"] for entry in entries if isinstance(entry, dict))


def test_every_reason_to_take_a_page_for_a_report_has_words():
    found = list(reasons())
    assert len(found) > 20
    assert set(found) <= load_toml("browse", "sentences.toml").keys()


@pytest.mark.parametrize(
    ("stored", "zh"),
    [
        ("+12 official cells were read: 200", "+12 读出法定数据格 200 个"),
        ("-12 the title is that of a work summary", "-12 标题是工作总结的标题"),
        ("+1 something older {x}", "+1 something older {x}"),
        (
            "4 walls in a row, the last: HTTP 412; left in peace until 2026-11-23T19:10 UTC",
            "连续被拦截 4 次，最后一次：HTTP 412；在 2026-11-23T19:10 UTC 之前不再打扰",
        ),
        ("a.gov.cn/x: 30 pages led to nothing new", "a.gov.cn/x：30 页都没有引向新内容"),
    ],
)
def test_what_is_stored_is_told_in_the_readers_language(stored, zh):
    assert sentence_speaker("zh")(stored) == zh
    assert sentence_speaker("en")(stored) == stored


def test_every_sentence_is_one_that_is_said():
    code = [
        file.read_text("utf-8")
        for part in ("crawler", "pipeline", "extract")
        for file in (ROOT / part).glob("**/*.py")
    ]
    for english in load_toml("browse", "sentences.toml").keys() - set(reasons()):
        told = max(english.split("{}"), key=len)
        assert any(told in each for each in code), english
    assert all(chinese.count("{}") == each.groups for each, chinese in all_sentences())


def test_every_word_is_there_in_both_languages():
    for key, words in all_words().items():
        assert set(words) == {"zh", "en"}, key
        assert re.search(r"[\u4e00-\u9fff]", words["zh"]) or words["zh"].isascii(), key
