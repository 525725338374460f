"""How text is compared: white space and invisible characters mean nothing on these pages."""

import re
from functools import lru_cache

from extract.decode import Decoded

_INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\xad")
_PARAGRAPH, _LINE, _SHORT = 5_000, 200, 20
"""Characters of the texts that are worth remembering: squeezed, as a paragraph of one page or a line of any,
and folded.
"""
_QUICKLY_LOOKED_THROUGH = 80
"""Characters of the texts in which looking at each is faster than looking for some."""
_ASCII_TWINS = (("（", "("), ("）", ")"), ("：", ":"), ("，", ","), ("；", ";"), ("［", "["), ("］", "]"))


def fold(text: str) -> str:
    """White space of any kind and length (also U+3000, U+00A0) to one space, none at the ends."""
    return _folded_before(text) if len(text) <= _SHORT else _folded(text)


def _folded(text: str) -> str:
    return " ".join(_visible(text).split())


_folded_before = lru_cache(maxsize=4096)(_folded)
"""Most cells say what other cells say."""


def squeeze(text: str) -> str:
    """For comparing only: no white space at all, full-width brackets and punctuation as their ASCII twins."""
    if len(text) <= _LINE:
        return _squeezed_before(text)
    return _squeezed_just_now(text) if len(text) <= _PARAGRAPH else _squeezed(text)


def _squeezed(text: str) -> str:
    squeezed = "".join(_visible(text).split())
    if not squeezed.isascii():
        for wide, twin in _ASCII_TWINS:
            squeezed = squeezed.replace(wide, twin)
    return squeezed


_squeezed_before = lru_cache(maxsize=4096)(_squeezed)
"""Each line of a page is compared about five times over."""
_squeezed_just_now = lru_cache(maxsize=64)(_squeezed)
"""So is each paragraph, but no other page has it."""


def _visible(text: str) -> str:
    """Printable text has none of them; and replacing is far faster than `str.translate`."""
    is_short = len(text) <= _QUICKLY_LOOKED_THROUGH
    if not (text.isascii() or (is_short and text.isprintable())):
        for sign in _INVISIBLE:
            text = text.replace(sign, "")
    return text


_ILLEGAL_BYTES = bytes({*range(0x20)} - {*b"\t\n\r"})
_NO_SIGNS = ("\ufffe", "\uffff")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def legal(text: str) -> str:
    """Without the characters that XML does not know and lxml therefore refuses."""
    return _ILLEGAL.sub("", text)


def legal_utf8(page: Decoded) -> bytes:
    """The same for a whole page as UTF-8: ten times faster."""
    illegal = bytes(byte for byte in _ILLEGAL_BYTES if byte in page.utf8)
    encoded = page.utf8.translate(None, illegal) if illegal else page.utf8
    for sign in _NO_SIGNS:
        if sign in page.text:  # of what is hardly ever there, a text says so thirty times faster than bytes
            encoded = encoded.replace(sign.encode(), b"")
    return encoded


LONG, SENTENCE = 60, 16
"""Characters. Neither a cell of a form nor a title is longer than LONG."""

NUMERALS = frozenset("一二三四五六七八九十")
_HEADING = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．:]"
    r"[^。;；|]{0,36}(?:情况|事项|事宜|说明|措施|概述|概况|打算|安排|问题|计划|建议|不足|附表|附件)[^。;；|]{0,4}"
)
_OFFICIAL = re.compile(
    r"[一二三四五六七八九十][、.．](?:总体情况|概述|概况"
    r"|(?:政府信息)?主动公开(?:政府)?(?:信息)?(?:的)?情况"
    r"|收到和处理政府信息公开申请(?:的)?情况"
    r"|(?:政府信息)?依申请公开(?:政府信息)?(?:和不予公开(?:政府信息)?)?(?:的)?情况"
    r"|(?:因)?政府信息公开(?:工作)?(?:被)?(?:申请)?行政复议(?:和|、|,)?(?:提起)?行政诉讼(?:的)?情况"
    r"|(?:行政)?复议(?:和|、|,)?(?:提起)?(?:行政)?诉讼(?:的)?情况"
    r"|回应解读(?:工作)?情况"
    r"|(?:政府信息公开(?:工作)?)?(?:存在的?)?(?:主要)?(?:问题|不足)(?:及|和|与)改进(?:情况|措施|意见)"
    r"|(?:其他|其它)?(?:需要)?(?:报告|说明)?的?(?:其他|其它)?(?:需要(?:报告|说明)的)?事项)"
)

NOTE = re.compile(
    r"[注备说].{0,3}[:：]|(?:单位负责人|负责人|审核人|填报人|填表人|联系电话|填报日期|填表日期)\s*[:：]"
)
"""Begins what stands under the figures of a table and is no label: a remark, and who filled it in."""


def is_section_heading(text: str) -> bool:
    """`一、…情况`, `五、…说明`: a heading by its form. The row labels of the tables (`三、本年度办理结果`,
    `一、本年新收政府信息公开申请数量`) are not headings: they end otherwise.
    """
    return text.lstrip()[:1] in NUMERALS and _HEADING.fullmatch(squeeze(text)) is not None


def is_body(text: str) -> bool:
    """A section heading, a sentence or a long paragraph: what reports are made of, not their pages."""
    return len(text) > LONG or (len(text) > SENTENCE and "。" in text) or is_section_heading(text)


def starts_official_section(squeezed: str) -> bool:
    """One of the sections that the yearly notices of the State Council's office prescribe, in any of its
    wordings since 2008 (the paragraph may go on after the heading).
    """
    return _OFFICIAL.match(squeezed) is not None


def is_official_section(text: str) -> bool:
    """The heading of one of these sections, and nothing behind it."""
    return text.lstrip()[:1] in NUMERALS and _OFFICIAL.fullmatch(squeeze(text)) is not None
