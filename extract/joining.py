"""A page and the files it offers as one report: on many sites the page is one sentence and the report a file.

The numbers come from whichever has more of them, and are compared with those of the others. Who, when and
under which title is said by the page first, and by the file where the page is silent or only its site speaks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from msgspec import structs

from extract import titles
from extract.bodies import is_fuller
from extract.document import Finding
from extract.result import Extraction, Identity, ReadCell

_OF_THE_SITE = frozenset({"meta ContentSource", "meta SiteName", "breadcrumb"})
"""What says whose page it is, and of the report only that it stands there."""
_OF_AN_ARTICLE = frozenset({"meta ArticleTitle", "名称", "信息名称"})
"""Where the title stands on the page of an article, and never on that of a column."""


@dataclass(frozen=True, slots=True)
class Joined:
    """`source` is the attachment (by its index) in which the places of `extraction` are to be looked up, None
    for the page; `taken` are all attachments that are this report.
    """

    extraction: Extraction
    source: int | None
    taken: tuple[int, ...]


def join(page: Extraction, attachments: Sequence[Extraction]) -> Joined | None:
    """None where no attachment is the page's report: it is a list of reports, or offers something else."""
    fitting = {at: each for at, each in enumerate(attachments) if each.is_report and is_of(page, each)}
    if not fitting or is_list(page) or not are_one(list(fitting.values())):
        return None
    best = max(fitting, key=lambda at: (len(fitting[at].cells), length(fitting[at])))
    source = None if page.is_report and len(page.cells) >= len(fitting[best].cells) else best
    others = [each for at, each in fitting.items() if at != source]
    if source is None:
        return Joined(compared(page, others), None, tuple(fitting))
    joined = in_page(fitting[source], page)
    return Joined(compared(joined, [page, *others]), source, tuple(fitting))


def is_of(page: Extraction, attachment: Extraction) -> bool:
    return agree(page.identity.year, attachment.identity.year)


def is_list(page: Extraction) -> bool:
    """An article of which little else stands there than the link to its file is none."""
    links = any(finding.code == "mostly_links" for finding in page.findings)
    is_article = page.identity.year is not None and page.identity.evidence.get("title") in _OF_AN_ARTICLE
    return links and not page.is_report and not is_article


def are_one(attachments: Sequence[Extraction]) -> bool:
    """Whether they are versions or parts of one report: a PDF and its DOC, a text and its tables."""
    return all(
        agree(one.identity.year, other.identity.year)
        and are_one_body(one.identity.publisher, other.identity.publisher)
        for one, other in combinations(attachments, 2)
    )


def agree(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other


def are_one_body(one: str, other: str) -> bool:
    return not one or not other or one == other or is_fuller(one, other) or is_fuller(other, one)


def length(read: Extraction) -> int:
    return sum(len(section.text) for section in read.sections)


def in_page(attachment: Extraction, page: Extraction) -> Extraction:
    """The attachment as the report of its page. Places of the page's own findings lead nowhere in it."""
    findings = (finding._replace(place="") for finding in page.findings)
    return structs.replace(
        attachment,
        reasons=(*attachment.reasons, *page.reasons),
        identity=identity_of(page, attachment),
        site=page.site,
        sections=max(attachment, page, key=length).sections,
        findings=(*findings, *attachment.findings),
    )


def identity_of(page: Extraction, attachment: Extraction) -> Identity:
    """Field by field, each with its evidence."""
    said, inside = page.identity, attachment.identity
    other = publisher_of(attachment, page)
    taken: dict[str, Extraction] = {
        "publisher": other,
        "level": other,
        "year": page if said.year else attachment,
        "title": page if titles.is_report_title(said.title) and not is_other(page) else attachment,
        "published_on": page if said.published_on else attachment,
        "index_number": page if said.index_number else attachment,
    }
    if not inside.title:
        taken["title"] = page
    values = {field: getattr(read.identity, field) for field, read in taken.items()}
    return Identity(**values, evidence=dict(evidence_of(taken, attachment)))


def publisher_of(attachment: Extraction, page: Extraction) -> Extraction:
    """Which of the two names the body: the page, unless only its site does or the file does it more fully."""
    said, inside = page.identity, attachment.identity
    by_site = said.evidence.get("publisher") in _OF_THE_SITE
    if inside.publisher and (not said.publisher or by_site or is_fuller(inside.publisher, said.publisher)):
        return attachment
    return page


def is_other(page: Extraction) -> bool:
    """Judged by its title to be something else, such as a notice that comes with the report."""
    return any(reason.startswith("-") for reason in page.reasons)


def evidence_of(taken: dict[str, Extraction], attachment: Extraction) -> Iterator[tuple[str, str]]:
    for field, read in taken.items():
        if source := read.identity.evidence.get(field):
            yield field, f"attachment: {source}" if read is attachment else source


def compared(report: Extraction, others: Sequence[Extraction]) -> Extraction:
    """The report with a finding for each cell that another version prints otherwise."""
    findings = [finding for other in others for finding in differences(report, other)]
    return structs.replace(report, findings=(*report.findings, *findings))


def differences(report: Extraction, other: Extraction) -> Iterator[Finding]:
    if report.cells and other.cells and report.form != other.form:
        yield Finding("attachment_differs", f"form {report.form} here, {other.form} in the other version")
        return
    theirs = {address(cell): cell for cell in other.cells}
    for cell in report.cells:
        twin = theirs.get(address(cell))
        if twin is not None and (cell.value, cell.state) != (twin.value, twin.state):
            where = "/".join(address(cell))
            text = f"{where}: {cell.raw_text!r} here, {twin.raw_text!r} in the other version"
            yield Finding("attachment_differs", text, cell.place)


def address(cell: ReadCell) -> tuple[str, str, str]:
    return cell.table, cell.row, cell.column
