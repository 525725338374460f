"""Bytes in, frozen values out: the table of contents of reading a report.

read → restore → align → identify → judge → check → sections. Nothing here knows of a database, a
network or a clock; the same bytes give the same `Extraction`, always.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from extract.document import Finding

CellState = Literal["number", "blank", "dash", "not_applicable", "text"]
Severity = Literal["error", "warning"]
EXTRACTOR = "2026.11.1"  # stored with every reading; raise it when the same bytes may read otherwise

Status = Literal["complete", "partial", "text_only", "unreadable"]


@dataclass(frozen=True, slots=True)
class ReadCell:
    """One official cell as printed. `value` is exact: counts are whole numbers, money a decimal in `unit`."""

    table: str
    row: str
    column: str
    value: Decimal | None
    state: CellState
    raw_text: str
    unit: str
    place: str


@dataclass(frozen=True, slots=True)
class Check:
    """One equation of a form held against the printed numbers. `scope` is the row or column it is about."""

    rule: str
    scope: str
    expected: Decimal | None
    actual: Decimal | None
    passed: bool
    severity: Severity


@dataclass(frozen=True, slots=True)
class Section:
    ordinal: int
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something seen in a report's tables and not placed in an official cell. Never dropped."""

    kind: str
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose report, of which year. `published_on` is an ISO date or empty; `evidence` is by field."""

    publisher: str = ""
    year: int | None = None
    title: str = ""
    published_on: str = ""
    index_number: str = ""
    level: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What the furniture says about the site: 网站标识码, ICP and police filing numbers, its name."""

    name: str = ""
    site_id_code: str = ""
    icp_number: str = ""
    police_number: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything read from one document.

    `is_report` with its `reasons` says whether this is an annual report at all (a look-alike has
    `form == "none"` and no cells). `form` is "2021", "2019", "2014", "local" or "none".
    """

    is_report: bool
    reasons: tuple[str, ...]
    form: str
    status: Status
    identity: Identity
    site: SiteFacts
    is_mirror: bool = False
    cells_expected: int = 0
    cells: tuple[ReadCell, ...] = ()
    checks: tuple[Check, ...] = ()
    sections: tuple[Section, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    findings: tuple[Finding, ...] = ()


class Unreadable(ValueError):  # noqa: N818 - an outcome with a name of its own, as in `Status`
    """A payload that no reader can make a document of. The message says in one line why."""


def extract(payload: bytes, *, url: str, content_type: str = "") -> Extraction:
    """Everything that the payload says. Raises Unreadable, and nothing else."""
    # The stages speak in the words defined above, so they can be imported only from here on.
    from extract.align import align
    from extract.checks import check
    from extract.forms.model import official_forms
    from extract.identity import identify
    from extract.judge import judge
    from extract.readers import NotReadable, read
    from extract.restore import restore
    from extract.sections import sections
    from extract.standing import form_and_status

    try:
        document = restore(read(payload, content_type, url))
    except NotReadable as error:
        raise Unreadable(str(error)) from error
    alignment = align(document, official_forms())
    identity, site = identify(document, url)
    judgement = judge(document, identity, len(alignment.cells), url)
    facts = Extraction(
        is_report=judgement.is_report,
        reasons=judgement.reasons,
        form="none",
        status="text_only",
        identity=identity,
        site=site,
        is_mirror=document.is_mirror,
        sections=sections(document),
        findings=document.findings,
    )
    if not judgement.is_report:
        return facts
    form, status = form_and_status(document, alignment)
    return replace(
        facts,
        form=form,
        status=status,
        cells_expected=alignment.expected,
        cells=alignment.cells,
        checks=check(alignment.form, alignment.cells) if alignment.form else (),
        leftovers=alignment.leftovers,
        findings=document.findings + alignment.findings,
    )
