"""The numbers that Word writes before paragraphs by itself (ECMA-376 part 1, §17.9): `一、`, `（二）`, `1.`

They are in no text of the file, and without them a report has no section headings.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = W + "val"
_DIGITS = "〇一二三四五六七八九"
_DEEPEST = 20
"""Styles that a style is based on, one after the other."""

Address = tuple[str, int]
"""A list (`numId`) and a level in it, from 0."""
_NOWHERE: Address = ("", 0)


@dataclass(frozen=True, slots=True)
class Level:
    """`text` is as `%1、`; %N stands for the number of level N, counted from 1."""

    format: str
    text: str
    start: int


def chinese(number: int) -> str:
    """一 to 九十九, as headings count; beyond, digit by digit."""
    if number > 99:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    lead = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return lead + (_DIGITS[ones] if ones or not tens else "")


def letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26)


def circled(number: int) -> str:
    return chr(ord("①") + number - 1) if 1 <= number <= 20 else str(number)


def roman(number: int) -> str:
    ones = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * (number // 10) + ones[number % 10] if number < 40 else str(number)


_FORMATS: Mapping[str, Callable[[int], str]] = {
    **dict.fromkeys(("chineseCounting", "chineseCountingThousand", "japaneseCounting"), chinese),
    **dict.fromkeys(("taiwaneseCounting", "taiwaneseCountingThousand", "ideographDigital"), chinese),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), circled),
    "lowerLetter": letter,
    "upperLetter": lambda number: letter(number).upper(),
    "upperRoman": roman,
    "lowerRoman": lambda number: roman(number).lower(),
    "bullet": lambda _: "",
    "none": lambda _: "",
}


class Numbering:
    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels: dict[Address, Level] = {}
        self._counted_as: dict[str, str] = {}
        if numbering is not None:
            self._read(numbering)
        every = () if styles is None else styles.iter(W + "style")
        self._styles = {style.get(W + "styleId"): style for style in every}
        self._by_style: dict[str, Address] = {}

    def labels(self, paragraphs: Iterable[etree._Element]) -> dict[etree._Element, str]:
        """What stands before each numbered paragraph; paragraphs in document order."""
        if not self._levels:
            return {}
        counts: dict[Address, int] = {}
        found = {}
        for paragraph in paragraphs:
            address = self._address(paragraph.find(W + "pPr"))
            if address in self._levels and paragraph.find(f".//{W}t") is not None:
                found[paragraph] = self._label(address, counts)
        return found

    def _read(self, root: etree._Element) -> None:
        kinds = {kind.get(W + "abstractNumId"): kind for kind in root.iter(W + "abstractNum")}
        for number in root.iter(W + "num"):
            name = number.get(W + "numId", "")
            kind = _value(number.find(W + "abstractNumId"))
            overridden = number.find(W + "lvlOverride") is not None
            self._counted_as[name] = name if overridden else f"kind {kind}"
            for level in (*kinds.get(kind, ()), *number.iter(W + "lvl")):
                if level.tag == W + "lvl":
                    self._levels[name, _whole(level.get(W + "ilvl"), 0)] = _level(level)

    def _address(self, properties: etree._Element | None) -> Address:
        """By the paragraph's own word, else by its style's; numId 0 takes a style's number away."""
        if properties is None:
            return _NOWHERE
        return _own_address(properties) or self._of_style(_value(properties.find(W + "pStyle")))

    def _of_style(self, name: str, left: int = _DEEPEST) -> Address:
        """The style's own list, or that of the style it is based on."""
        if name not in self._by_style:
            style = self._styles.get(name)
            own = style.find(W + "pPr") if style is not None else None
            found = _own_address(own) if own is not None else None
            if found is None and style is not None and left:
                found = self._of_style(_value(style.find(W + "basedOn")), left - 1)
            self._by_style[name] = found or _NOWHERE
        return self._by_style[name]

    def _label(self, address: Address, counts: dict[Address, int]) -> str:
        name, depth = address
        count = self._counted_as[name]
        counts[count, depth] = counts.get((count, depth), self._levels[address].start - 1) + 1
        for deeper in [key for key in counts if key[0] == count and key[1] > depth]:
            del counts[deeper]

        def written(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            level = self._levels.get((name, at))
            number = counts.get((count, at), level.start if level else 1)
            return _FORMATS.get(level.format, str)(number) if level else ""

        label = re.sub(r"%([1-9])", written, self._levels[address].text)
        return f"{label} " if label[-1:].isalnum() else label


def _own_address(properties: etree._Element) -> Address | None:
    number = properties.find(W + "numPr")
    name = "" if number is None else _value(number.find(W + "numId"))
    return (name, _whole(_value(number.find(W + "ilvl")), 0)) if number is not None and name else None


def _level(level: etree._Element) -> Level:
    form = _value(level.find(W + "numFmt")) or "decimal"
    text = "" if form == "bullet" else _value(level.find(W + "lvlText"))
    return Level(form, text, _whole(_value(level.find(W + "start")), 1))


def _value(element: etree._Element | None) -> str:
    return "" if element is None else str(element.get(_VAL, ""))


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise
