"""Whose report it is, of which year, under which title, when published, and who on the page says so."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import structs

from extract import titles
from extract.bodies import is_body, level
from extract.codes import credit_code, region_of_credit_code
from extract.document import Document, Furniture
from extract.publishers import Said, before_sections, publisher
from extract.result import Identity, SiteFacts
from extract.words import squeeze


def identify(document: Document, url: str) -> tuple[Identity, SiteFacts]:
    site = _site(document.furniture)
    title, title_from = next(_titles(document), ("", ""))
    body, body_from = publisher(document)
    year, year_from = _year(document, title)
    published_on, published_from = _published_on(document.furniture, url, year)
    index_number, index_from = _index_number(document.furniture)
    credited = credit_code(index_number)
    region = region_of_credit_code(credited)
    evidence = {
        "publisher": body_from,
        "year": year_from,
        "title": title_from,
        "published_on": published_from,
        "index_number": index_from,
        "region_code": "index number" if region else "",
        "level": "publisher" if body else "",
    }
    identity = Identity(
        publisher=body,
        year=year,
        title=title,
        published_on=published_on,
        index_number=index_number,
        credit_code=credited,
        region_code=region,
        level=level(body, region or site.site_id_code),
        evidence={field: source for field, source in evidence.items() if source},
    )
    return identity, site


def _titles(document: Document) -> Iterator[Said]:
    """The report's own title; where nothing is worded like one, whatever the page calls itself."""
    candidates = [*_page_titles(document.furniture), *_body_titles(document)]
    yield from ((words, source) for words, source in candidates if titles.is_report_title(words))
    yield from candidates


def _page_titles(furniture: Furniture) -> Iterator[Said]:
    box = furniture.index_box
    found = [(furniture.metas.get("articletitle", ""), "meta ArticleTitle")]
    found += [(box.get(label, ""), label) for label in ("名称", "信息名称", "标题", "文件名称")]
    found += [(heading, "heading") for heading in furniture.headings]
    found += [(titles.without_site(furniture.title), "title")]
    return ((words, source) for words, source in found if words)


def _body_titles(document: Document) -> Iterator[Said]:
    """The title printed over the text, in one line or in two."""
    above = ""
    for text in before_sections(document)[:6]:
        if len(squeeze(text)) <= 60 and not re.search("[。;；]", text):
            if titles.is_report_title(text):
                broken = not titles.publisher(text) and is_body(squeeze(above))
                yield (above + text if broken else text), "first lines"
            above = text


_PERIOD = re.compile(
    r"(?:期限|时间|时限|日期|数据|自|从|为|是|:)*(20\d\d)年(?:度)?0?1月0?1日(?:起)?(?:至|到|-|—|~)"
)
_STATED = re.compile(
    r"(20\d\d)年(?:度)?(?:.{0,30}?)(?:政府信息公开|政务公开|信息公开)(?:工作)?(?:年度)?(?:报告|年报|情况)"
)


def _year(document: Document, title: str) -> tuple[int | None, str]:
    """The title's year, else that of the stated period; never the year of publication."""
    if (named := titles.year(title)) and titles.is_report_title(title):
        return named, "title"
    texts = [squeeze(block.text) for block in document.prose()]
    for pattern, source in ((_PERIOD, "stated period"), (_STATED, "opening")):
        for text in texts:
            if match := pattern.search(text):
                return int(match[1]), source
    return _year_of_the_sections(texts)


def _year_of_the_sections(texts: Iterable[str]) -> tuple[int | None, str]:
    """`一、总体情况 2023年,…`: the year with which the first paragraph begins that begins with one."""
    for text in texts:
        if match := re.match(r"(20\d\d)年(?:度)?(?!\d{1,2}月)", text):
            return int(match[1]), "first paragraph"
    return None, ""


_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})(?!\d)")
_URL_DATES = (
    re.compile(r"/t((?:19|20)\d\d)(\d\d)(\d\d)_\d+\."),
    re.compile(r"/((?:19|20)\d\d)-(\d\d)-(\d\d)/"),
    re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/"),
    re.compile(r"/((?:19|20)\d\d)(\d\d)(\d\d)/"),
)
_PUBLISHED = ("发布日期", "发布时间", "公开日期", "公开时间")
_DATED = ("生成日期", "发文日期", "时间", "日期", "成文日期")
_FIRST_YEAR_OF_THE_WEB = 1995
_SEASON_BEGINS = "12-01"  # of the year reported on; some offices are early


def _published_on(furniture: Furniture, url: str, year: int | None) -> Said:
    """The first date that the page says in the season of its report, the year after the one reported on.

    Where it says none, a later one that it prints as its publication, for a revised report keeps its address;
    then the address. A late meta that stands alone comes after them: of a site that moved, it has the day of
    the move. A date before the season is none.
    """
    begins, ends = _season(year) if year else ("", "9999")
    meta, published, dated, address = (
        [said for said in dates if said[0] and said[0] >= begins] for dates in _dates(furniture, url)
    )
    on_page = [*meta, *published, *dated]
    in_season = [said for said in on_page if said[0] < ends]
    filed_in_season = [said for said in address if said[0] < ends]
    return next(iter((*in_season, *published, *filed_in_season, *on_page, *address)), ("", ""))


def dated_by_list(identity: Identity, days: Iterable[Said]) -> Identity:
    """With the first of these `days` (each with the list that prints it beside the link) in the season of the
    report, where nothing better says when it was published. Another is of a site that was moved.
    """
    if identity.published_on or not identity.year:
        return identity
    begins, ends = _season(identity.year)
    day, page = min((said for said in days if begins <= said[0] < ends), default=("", ""))
    if not day:
        return identity
    return structs.replace(
        identity, published_on=day, evidence={**identity.evidence, "published_on": f"list {page}"}
    )


def _season(year: int) -> tuple[str, str]:
    return f"{year}-{_SEASON_BEGINS}", f"{year + 2}-01-01"


def _dates(furniture: Furniture, url: str) -> Iterator[list[Said]]:
    """What the head says, what the page prints as its publication and as some other date, and the address."""
    box = furniture.index_box
    yield [(_day(_DATE.search(furniture.metas.get("pubdate", ""))), "meta PubDate")]
    for labels in (_PUBLISHED, _DATED):
        yield [(_day(_DATE.search(box.get(label, ""))), label) for label in labels]
    yield [(_day(pattern.search(url)), "url") for pattern in _URL_DATES]


def _day(match: re.Match[str] | None) -> str:
    """ISO; empty for what is no day, and for t19700101, which only says that there was no date."""
    if match is None or int(match[1]) < _FIRST_YEAR_OF_THE_WEB:
        return ""
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return ""


def _index_number(furniture: Furniture) -> Said:
    for label in ("索引号", "信息索引号", "信息索引"):
        if value := furniture.index_box.get(label):
            return value.split()[0], label
    return "", ""


_SITE_CODE = re.compile(r"标识码\s*[:：]?\s*([A-Za-z0-9]{10})(?![A-Za-z0-9])")
_ICP = re.compile(
    r"[\u4e00-\u9fff]\s*ICP\s*[备證证]\s*(?:案)?\s*\d{5,12}\s*号(?:\s*-\s*\d{1,3})?", re.IGNORECASE
)
_POLICE = re.compile(r"[\u4e00-\u9fff]\s*公网安备\s*\d{10,14}\s*号?")


def _site(furniture: Furniture) -> SiteFacts:
    metas = furniture.metas
    return SiteFacts(
        name=metas.get("sitename", ""),
        site_id_code=metas.get("siteidcode") or _first(_SITE_CODE, furniture.text, 1),
        icp_number=_first(_ICP, furniture.text),
        police_number=_first(_POLICE, furniture.text),
    )


def _first(pattern: re.Pattern[str], text: str, group: int = 0) -> str:
    match = pattern.search(text)
    return "" if match is None else "".join(match[group].split())
