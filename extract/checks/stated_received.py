"""收到政府信息公开申请 N 件 in the prose is what the table of requests counts as received."""

import re
from collections.abc import Iterator

from extract.checks.stated import NUMBER, Wording, stated
from extract.checks.sums import Cells
from extract.forms.model import Form
from extract.result import Check

WORDING = Wording(
    some=re.compile(
        r"(?:收到|受理|新收|接收)(?:(?!收到|受理|新收)[^,。;:\d]){0,24}申请[^,。;:\d]{0,6}" + NUMBER
    ),
    none=re.compile(
        r"(?:未|没有)(?:收到|接到|受理)过?(?:任何)?(?:政府)?(?:信息公开|依申请公开|政府信息)(?:政府信息)?的?申请"
    ),
    unless=re.compile(
        "自然人|法人|企业|组织|当面|网络|网上|网站|信函|邮寄|邮件|传真|复议|诉讼|投诉|上年|平台"
    ),
)


def stated_received(form: Form, cells: Cells, prose: str) -> Iterator[Check]:
    return stated("stated_received", "requests.received.total", WORDING, form, cells, prose)
