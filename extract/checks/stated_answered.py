"""答复政府信息公开申请 N 件 in the prose is what the table of requests counts as handled."""

import re
from collections.abc import Iterator

from extract.checks.stated import NUMBER, Wording, stated
from extract.checks.sums import Cells
from extract.forms.model import Form
from extract.result import Check

WORDING = Wording(
    some=re.compile(
        r"(?:答复|办结|办理)(?:(?!答复|办结|办理|收到)[^,。;:\d]){0,24}申请[^,。;:\d]{0,6}" + NUMBER
    ),
    unless=re.compile(
        "自然人|法人|企业|组织|当面|网络|网上|信函|复议|诉讼|投诉|公开答复|按期|按时|延期|上年|不予|部分"
    ),
)


def stated_answered(form: Form, cells: Cells, prose: str) -> Iterator[Check]:
    return stated("stated_answered", "requests.handled_total.total", WORDING, form, cells, prose)
