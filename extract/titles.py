"""What a report's title says: of whom, of which year, and that it is one."""

import re

from extract.words import squeeze

_SUBJECT = re.compile(r"政府信息(?!化|系统|中心)|政务信息|信息公开|政务公开")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_CHINESE_YEAR = re.compile(r"二[〇○零O0][〇○零一二三O0][〇○零一二三四五六七八九O0]")
_CHINESE_DIGITS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_YEAR_WORDS = re.compile(
    rf"(?:{_YEAR.pattern}|{_CHINESE_YEAR.pattern})(?:年度|年|度)?|年度$|^关于|关于$|的$|工作$"
    r"|^附件(?:下载)?\d*[:：.、]|【[^】]*】|\[[^\]]*\]|^\(|\($"
)
_REPORT = re.compile(r"(?:政府信息|政务信息|信息公开|政务公开).*?(?:年度报告|年报|工作报告|报告|总结)")
_PARTS = re.compile(r"[-_–—|｜]+")
EARLIEST, LATEST = 2003, 2060
LONGEST = 200
"""Characters of a title that are looked at; a page may put its whole text there."""


def is_report_title(title: str) -> bool:
    """Worded like the title of a report on disclosure; look-alikes (解读, 通知, 总结) may be."""
    return _REPORT.search(squeeze(title[:LONGEST])) is not None


def year(text: str) -> int | None:
    """The first year named, in ASCII or Chinese digits."""
    plain = squeeze(text[:LONGEST])
    years = [int(found) for found in _YEAR.findall(plain)]
    years += [int(found.translate(_CHINESE_DIGITS)) for found in _CHINESE_YEAR.findall(plain)]
    return next((year for year in years if EARLIEST <= year <= LATEST), None)


def publisher(title: str) -> str:
    """The body in a report's title: what stands before 政府信息公开 without the year.

    某市人民政府信息公开年报 is that of 某市人民政府.
    """
    plain = "".join(title[:LONGEST].split())
    subject = _SUBJECT.search(plain)
    if subject is None:
        return ""
    name = plain[: subject.start()]
    if name.endswith("人民") and subject[0].startswith("政府"):
        name += "政府"
    before = ""
    while before != name:
        before, name = name, _YEAR_WORDS.sub("", name)
    return max(_PARTS.split(name), key=len)


def without_site(title: str) -> str:
    """`某局2023年度报告_某市人民政府门户网站` without the site's name."""
    for part in _PARTS.split(title):
        if is_report_title(part):
            return part.strip()
    return title[:LONGEST]
