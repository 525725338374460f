"""From the chances of signs along a line to what it says."""

import pytest

np = pytest.importorskip("numpy", reason="the ocr extra is not installed")
pytest.importorskip("rapidocr", reason="the ocr extra is not installed")

from extract.readers.ocr import Signs  # noqa: E402 (its imports are what the lines above ask for)

TEXTS = ["blank", "0", "1", "O", "o", "件"]


def along(*places):
    """The chances in each place: what is left over goes to no sign."""
    chances = np.zeros((len(places), len(TEXTS)), np.float32)
    for at, each in enumerate(places):
        for text, chance in each.items():
            chances[at, TEXTS.index(text)] = chance
        chances[at, 0] += 1 - chances[at].sum()
    return chances


@pytest.mark.parametrize(
    ("places", "text", "score"),
    [
        ([{}, {"1": 0.9}, {}, {"1": 0.7}], "11", 0.8),
        ([{"1": 0.9}, {"1": 0.6}], "1", 0.9),
        ([{"0": 0.35, "O": 0.34, "o": 0.3}], "0", 0.99),
        ([{"O": 0.55, "0": 0.44}, {"0": 0.6, "O": 0.4}], "O", 0.99),
        ([{"O": 0.5, "1": 0.2}, {"件": 1.0}], "O件", 0.75),
        ([{}, {}], "", 0.0),
    ],
    ids=["apart", "in a row", "one sign in three shapes", "two shapes in a row", "words", "nothing"],
)
def test_signs_that_look_alike_share_their_chances(places, text, score):
    written = Signs.of(TEXTS).written(along(*places))
    assert (written.text, pytest.approx(written.score)) == (text, score)
