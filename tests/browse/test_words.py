"""Words that are looked up by what the database holds."""

import re

import pytest

from browse.words import all_words, reason_speaker
from settings.tables import load_toml


def reasons():
    for kind in load_toml("extract", "judge.toml").values():
        entries = kind if isinstance(kind, list) else [kind]
        yield from (entry["reason"] for entry in entries if isinstance(entry, dict))


def test_every_reason_to_take_a_page_for_a_report_has_words():
    found = list(reasons())
    assert len(found) > 20
    assert set(found) <= all_words().keys()


@pytest.mark.parametrize(
    ("stored", "zh"),
    [
        ("+12 official cells were read: 200", "+12 读出法定数据格 200 个"),
        ("-12 the title is that of a work summary", "-12 标题是工作总结的标题"),
        ("+1 something older {x}", "+1 something older {x}"),
    ],
)
def test_a_stored_reason_is_told_in_the_readers_language(stored, zh):
    assert reason_speaker("zh")(stored) == zh
    assert reason_speaker("en")(stored) == stored


def test_every_word_is_there_in_both_languages():
    for key, words in all_words().items():
        assert set(words) == {"zh", "en"}, key
        assert re.search(r"[\u4e00-\u9fff]", words["zh"]) or words["zh"].isascii(), key
