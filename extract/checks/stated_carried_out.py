"""结转下年度 N 件 in the prose is what the table of requests carries over."""

import re
from collections.abc import Iterator

from extract.checks.stated import NUMBER, Wording, stated
from extract.checks.sums import Cells
from extract.forms.model import Form
from extract.result import Check

WORDING = Wording(
    some=re.compile(
        r"结转(?:至|到)?(?:下一?年度?|次年|20\d\d年度?)(?:继续)?(?:办理|答复)?[^,。;:\d]{0,8}" + NUMBER
    ),
    none=re.compile(r"(?:未有|没有|无)结转(?:至|到)?(?:下一?年|次年)"),
    unless=re.compile("上年|上一年"),
)


def stated_carried_out(form: Form, cells: Cells, prose: str) -> Iterator[Check]:
    return stated("stated_carried_out", "requests.carried_out.total", WORDING, form, cells, prose)
