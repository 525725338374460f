"""行政复议 N 件 in the prose is the total of the table of proceedings."""

import re
from collections.abc import Iterator

from extract.checks.stated import NUMBER, Wording, stated
from extract.checks.sums import Cells
from extract.forms.model import Form
from extract.result import Check

WORDING = Wording(
    some=re.compile(r"行政复议(?:(?!诉讼)[^,。;:\d]){0,10}" + NUMBER),
    none=re.compile(
        r"(?:未|没有|无)(?:发生|收到|出现)?过?(?:因|针对|涉及)?(?:政府)?信息公开(?:工作)?(?:而|被|引起|引发)?的?(?:申请|提起)?行政复议"
    ),
    unless=re.compile("维持|纠正|纠错|审结|撤回|驳回|结转|变更|撤销"),
)


def stated_reconsiderations(form: Form, cells: Cells, prose: str) -> Iterator[Check]:
    return stated("stated_reconsiderations", "proceedings.reconsideration.total", WORDING, form, cells, prose)
