"""行政诉讼 N 件 in the prose is both totals of the table of proceedings together."""

import re
from collections.abc import Iterator

from extract.checks.stated import NUMBER, Wording, stated
from extract.checks.sums import Cells
from extract.forms.model import Form
from extract.result import Check

WORDING = Wording(
    some=re.compile(r"诉讼(?:(?!复议)[^,。;:\d]){0,8}" + NUMBER),
    none=re.compile(
        r"(?:未|没有|无)(?:发生|收到|出现)?过?(?:因|针对|涉及)?(?:政府)?信息公开(?:工作)?(?:而|被|引起|引发)?的?(?:行政复议[、,和及或])?(?:申请|提起)?(?:行政)?诉讼"
    ),
    unless=re.compile("维持|纠正|纠错|审结|撤诉|驳回|结转|败诉|胜诉"),
)


def stated_lawsuits(form: Form, cells: Cells, prose: str) -> Iterator[Check]:
    return stated("stated_lawsuits", "proceedings.litigation.total", WORDING, form, cells, prose)
