"""Whose report it is, from everything on the page that names a body, in order of trust.

The page's own words (titles, opening, signature) come first. What the site says around them (发布机构, 来源,
breadcrumb) only counts where those are silent or shorter: a portal often names itself there for a
department's report.
"""

import re
from collections.abc import Iterator, Sequence

from extract import titles
from extract.bodies import is_body, is_fuller
from extract.document import Document, Furniture
from extract.words import is_section_heading, squeeze

Said = tuple[str, str]
"""Some words, and where they were found."""

_NAME = r"([\u4e00-\u9fff“”\"'+·()-]{3,40}?)"
_IN_OPENING = (
    re.compile(
        rf"(?:由|现将|现公布|现发布|现就|公布|发布){_NAME}(?:(?:20\d\d|本)年|编制|负责|汇总|政府信息公开|组织)"
    ),
    re.compile(rf"(?:请与|与|向|联系:?|致电|咨询){_NAME}(?:联系|咨询|反映|[,(（。;]|地址|电话)"),
    re.compile(
        rf"(?:^|[,。;])(?:20\d\d年(?:度)?,?)?(?:本(?:年度)?报告由)?{_NAME}(?:严格|认真|按照|根据|坚持|深入|紧紧|紧密|结合|全面|积极|以习近平|在市|在县|在省|在区|高度)"
    ),
)
_FOLLOWED_BY_SITE = re.compile(r"(?:门户)?(?:网站|网)$")
_SIGNATURE_DATE = re.compile(r"(?:20\d\d|二[〇○零O0].{2})年.{1,3}月.{1,3}日$")
_STAMPED = re.compile(r"(?:填报|编制|报送)?(?:单位|机关)(?:名称)?(?:\(盖章\))?:?([^:()]{3,40})(?:\(盖章\))?")
LAST_LINES = 6
_GENERIC = "省市县区州旗"
_REGION_IN_NAME = re.compile(r"[省市县区州盟旗镇乡]|街道|国家|中国|全国|国务院|总署|总局")
_GOVERNMENT = re.compile(r"([\u4e00-\u9fff]{1,11}[省市县区州盟旗])(?:人民)?政府")
_RUN_BY = re.compile(r"主办(?:单位)?\s*[:：]\s*([\u4e00-\u9fff]+)")


def publisher(document: Document) -> Said:
    """The first body named, in the fullest form in which any later witness names the same one."""
    name, source = "", ""
    for words, witness in _witnesses(document):
        if (not name and is_body(words)) or is_fuller(words, name):
            name, source = words, witness
    return _with_region(name, source, document.furniture)


def _with_region(name: str, source: str, furniture: Furniture) -> Said:
    """财政局, 县财政局 on the site of 某县人民政府 is 某县财政局."""
    if not is_body(name) or (name[0] not in _GENERIC and _REGION_IN_NAME.search(name)):
        return name, source
    said_by = {"meta SiteName": furniture.metas.get("sitename", ""), "主办": _run_by(furniture.text)}
    for witness, words in said_by.items():
        if match := _GOVERNMENT.match(words):
            rest = name[1:] if name[0] == match[1][-1] else name
            return match[1] + rest, f"{source}, {witness}"
    return name, source


def _run_by(footer: str) -> str:
    match = _RUN_BY.search(footer)
    return match[1] if match else ""


def _witnesses(document: Document) -> Iterator[Said]:
    furniture = document.furniture
    lines = [block.text for block in document.prose()]
    opening = before_sections(document)
    yield from ((titles.publisher(line), "first lines") for line in opening[:6] if len(squeeze(line)) <= 60)
    yield from ((titles.publisher(words), "title") for words in _page_titles(furniture))
    yield from ((name, "signature") for name in _signatures(lines))
    yield from ((name, "opening") for line in opening for name in _named_in(line))
    box = furniture.index_box
    for label in ("发布机构", "发文机关", "发文机构", "公开主体", "发布单位", "责任部门", "公开责任部门"):
        yield "".join(box.get(label, "").split()), label
    yield _longest_part(furniture.metas.get("contentsource", "")), "meta ContentSource"
    yield from (("".join(box.get(label, "").split()), label) for label in ("来源", "信息来源", "稿件来源"))
    yield from ((step, "breadcrumb") for step in reversed(furniture.breadcrumb))
    yield _longest_part(furniture.metas.get("sitename", "")), "meta SiteName"


def _page_titles(furniture: Furniture) -> Iterator[str]:
    yield furniture.metas.get("articletitle", "")
    yield furniture.index_box.get("名称", "")
    yield from furniture.headings
    yield furniture.title


def _longest_part(name: str) -> str:
    return max(re.split(r"[-_|]", "".join(name.split())), key=len)


def before_sections(document: Document) -> list[str]:
    """The paragraphs before the first section heading, at most ten."""
    opening: list[str] = []
    for block in document.prose()[:10]:
        if is_section_heading(block.text):
            break
        opening.append(block.text)
    return opening


def _signatures(lines: Sequence[str]) -> Iterator[str]:
    """The last short lines that are only a name (and a date), and `单位：…（盖章）` wherever it stands."""
    for line in reversed(lines):
        if stamped := _STAMPED.fullmatch(squeeze(line)):
            yield stamped[1]
    for line in reversed(lines[-LAST_LINES:]):
        name = _SIGNATURE_DATE.sub("", "".join(line.split()))
        if is_body(name) and not is_section_heading(line):
            yield name


def _named_in(line: str) -> Iterator[str]:
    plain = squeeze(line)
    for pattern in _IN_OPENING:
        for match in pattern.finditer(plain):
            name = _without_office(match[1])
            if is_body(name) and not _FOLLOWED_BY_SITE.search(match[1]):
                yield name


def _without_office(name: str) -> str:
    """The office of a body answers its telephone; the report is the body's."""
    body = name.removesuffix("办公室")
    return body if is_body(body) else name
