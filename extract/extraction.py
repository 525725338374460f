"""Bytes in, frozen values out: the table of contents of reading a report.

read → restore → align → identify → judge → check → sections. Nothing here knows of a database, a
network or a clock; the same bytes give the same `Extraction`, always.
"""

from msgspec import structs

from extract.align import align
from extract.checks import check
from extract.forms.model import official_forms
from extract.identity import identify
from extract.judge import judge
from extract.local import local_cells
from extract.readers import NotReadable, read
from extract.restore import restore
from extract.result import Extraction
from extract.sections import sections
from extract.standing import form_and_status

EXTRACTOR = "2026.11.23"  # stored with every reading; raise it when the same bytes may read otherwise


A_PERSON = "a person has confirmed that it is, or that it is not"


class Unreadable(ValueError):  # noqa: N818 - an outcome with a name of its own, as in `Status`
    """A payload that no reader can make a document of. The message says in one line why."""


def extract(payload: bytes, *, url: str, content_type: str = "", said: bool | None = None) -> Extraction:
    """Everything that the payload says. `said` is a person's word on whether it is an annual report, which
    counts more than any evidence. Raises Unreadable, and nothing else.
    """
    try:
        document = restore(read(payload, content_type, url))
    except NotReadable as error:
        raise Unreadable(str(error)) from error
    alignment = align(document, official_forms())
    identity, site = identify(document, url)
    judgement = judge(document, identity, len(alignment.cells), url)
    if said is not None:
        judgement = structs.replace(judgement, is_report=said, reasons=(A_PERSON, *judgement.reasons))
    facts = Extraction(
        is_report=judgement.is_report,
        reasons=judgement.reasons,
        margin=judgement.margin,
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
    return structs.replace(
        facts,
        form=form,
        status=status,
        cells_expected=alignment.expected,
        cells=alignment.cells,
        checks=check(alignment.form, alignment.cells, facts.sections) if alignment.form else (),
        leftovers=alignment.leftovers,
        local_cells=local_cells(alignment.unexplained),
        findings=document.findings + alignment.findings,
    )
