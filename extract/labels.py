"""When two labels are the same label.

Pages letter-space (商 业 企 业), wrap, and mix full-width with ASCII, straight with curly quotes, `1.` with
`1、`. None of that tells two official labels apart, so a label's key keeps only its letters and digits.
"""

import re
from functools import lru_cache
from unicodedata import normalize

ORDINAL = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|[(（]?\d{1,2}[)）、.．]|[⑴-⑽①-⑩])\s*"
)
GLOSS = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """The label without white space, punctuation and differences of width; empty for `/` and the like."""
    return "".join(filter(str.isalnum, normalize("NFKC", text)))


@lru_cache(maxsize=8192)
def keys(text: str) -> tuple[str, str]:
    """The key of the label, and that of the label without its gloss."""
    return key(text), key(without_gloss(text))


def without_ordinal(label: str) -> str:
    """（一）予以公开 → 予以公开. Unchanged where no ordinal leads."""
    return ORDINAL.sub("", label, count=1) if ORDINAL.match(label) else label


@lru_cache(maxsize=8192)
def without_gloss(label: str) -> str:
    """部分公开（区分处理的，…） → 部分公开."""
    return GLOSS.sub("", label)
