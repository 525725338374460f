"""Of two looks at the same writing, what is believed."""

import pytest

from extract.readers.certainty import UNREAD, Believed, Written, believe, tidied


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("540.", "540"),
        (".32", "32"),
        ("7705:35", "7705.35"),
        ("Q", "0"),
        ("-3", "-3"),
        ("7730.28", "7730.28"),
    ],
)
def test_specks_are_no_points(read, meant):
    assert tidied(read) == meant


@pytest.mark.parametrize("words", ["不予公开", "O型", "1.属于国家秘密", "", "12 3"])
def test_words_stay_as_they_are(words):
    assert tidied(words) == words


@pytest.mark.parametrize(
    ("once", "again", "believed"),
    [
        (Written("49.", 0.95), Written("49", 1.0), Believed("49", is_certain=True)),
        (Written("8", 0.95), Written("6", 0.99), Believed("6", is_certain=False)),
        (Written("2", 0.9), Written("C", 0.14), Believed("2", is_certain=False)),
        (Written("0", 0.3), Written("0", 0.4), Believed("0", is_certain=False)),
        (Written("", 0.0), Written("", 0.0), Believed(UNREAD, is_certain=False)),
        (Written("不予公开", 0.99), Written("不予公开", 0.99), Believed("不予公开", is_certain=True)),
        (Written("不子公开", 0.6), Written("不予公开", 0.7), Believed("不予公开", is_certain=False)),
    ],
)
def test_figures_must_read_the_same_twice(once, again, believed):
    assert believe(once, again) == believed
