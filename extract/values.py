"""Printed text of a cell → an exact number and what state the cell is in.

No float, and no guess: text that could be read in two ways (`1 0`, `1,23`) stays text.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from unicodedata import decomposition, normalize

from extract.result import CellState

# Powers of ten in 元. A report counts its money in the unit of its form.
MONEY = {"元": 0, "百元": 2, "千元": 3, "万": 4, "万元": 4, "百万元": 6, "千万元": 7, "亿": 8, "亿元": 8}
# Powers of ten of the counting words that offices put into the cell.
COUNTS = dict.fromkeys(
    ("", "件", "件次", "项", "宗", "次", "条", "个", "人", "人次", "起", "份", "篇", "例", "笔"), 0
)
COUNTS |= {"万": 4, "万件": 4, "万项": 4, "万次": 4, "万条": 4}

DASHES = frozenset("-‐‑‒–—―−─/\\")
NOT_APPLICABLE = frozenset({"无", "暂无", "没有", "不填", "不适用", "无此项", "未涉及", "N/A", "n/a"})
MINUS = frozenset({"-", "−", "–", "减", "减少", "下降"})

# At most 15 digits and 10 decimals: no office prints more, and Decimal stays exact without a context.
NUMBER = re.compile(
    r"(?P<sign>[-+−–]|新增|增加|增长|增|减少|减|下降)?"
    r"(?P<digits>\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?P<decimals>\.\d{1,10})?"
    r"(?P<unit>[百千万亿]*[元件项宗次条个人起份篇例笔万亿]?次?)"
    r"(?P<note>[(,;]?\(?其中.*|\(.*\))?",
    re.ASCII,
)
MARKS = ("<circle>", "<super>", "<sub>", "<fraction>")
SPLIT_DIGITS = re.compile(r"[\d.,]\s+[\d.,]")


@dataclass(frozen=True, slots=True)
class Value:
    """`number` is in the unit asked for; `unit` is the one printed in the cell, if any; `note` is what
    stood after the number and is not part of it (其中修订16件).
    """

    number: Decimal | None
    state: CellState
    unit: str = ""
    note: str = ""


BLANK = Value(None, "blank")
DASH = Value(None, "dash")
ABSENT = Value(None, "not_applicable")
TEXT = Value(None, "text")


@lru_cache(maxsize=4096)
def read_value(text: str, unit: str = "件", header_unit: str = "") -> Value:
    """The value of a cell whose form declares `unit`. `header_unit` is the unit that the page's own header
    prints for the column, where it prints one; it goes for the cells without a unit of their own.
    """
    if not text.isascii() and any(map(is_mark, text)):
        return TEXT
    folded = normalize("NFKC", text).strip()
    if not folded:
        return BLANK
    if all(sign in DASHES for sign in folded):
        return DASH
    if SPLIT_DIGITS.search(folded):
        return TEXT
    joined = "".join(folded.split())
    if joined in NOT_APPLICABLE:
        return ABSENT
    match = NUMBER.fullmatch(joined)
    return measured(match, unit, header_unit) if match else TEXT


@lru_cache(maxsize=4096)
def is_value_text(text: str) -> bool:
    """Whether it could be a value: a number with or without unit, a dash, 无, nothing."""
    return read_value(text).state != "text" or read_value(text, "万元").state != "text"


def is_mark(sign: str) -> bool:
    """A raised or ringed digit points to a note; NFKC would make 22① a figure, 221."""
    return decomposition(sign).startswith(MARKS)


def unit_of(text: str) -> str:
    """The unit of money or of counting that the text is and nothing more, or empty."""
    joined = "".join(text.split())
    return joined if joined in MONEY or joined in COUNTS else ""


def measured(match: re.Match[str], unit: str, header_unit: str) -> Value:
    """The matched number in `unit`, or text where its printed unit measures something else."""
    printed = match["unit"]
    powers = MONEY if unit in MONEY else COUNTS
    power = powers.get(printed or header_unit or (unit if unit in MONEY else ""))
    if power is None or (power == 0 and powers is COUNTS and match["decimals"] == ".000"):
        return TEXT  # 3.000: three, or three thousand
    magnitude = Decimal(match["digits"].replace(",", "") + (match["decimals"] or ""))
    number = shifted(magnitude, power - MONEY.get(unit, 0) if powers is MONEY else power)
    signed = -number if match["sign"] in MINUS and number else number
    return Value(signed, "number", printed, match["note"] or "")


def shifted(number: Decimal, power: int) -> Decimal:
    """The number times 10^power, exactly, without trailing zeros after the point."""
    if power == 0:
        return number
    moved = number.scaleb(power).normalize()
    return moved.quantize(Decimal(1)) if moved == moved.to_integral_value() else moved
