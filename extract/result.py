"""What reading a document gives, down to the single cell: the words of every stage after the readers."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

from msgspec import Struct, field

from extract.document import Finding

CellState = Literal["number", "blank", "dash", "not_applicable", "text"]
Severity = Literal["error", "warning"]
Status = Literal["complete", "partial", "text_only", "unreadable"]


class ReadCell(Struct, frozen=True, gc=False):
    """One official cell as printed. `value` is exact: counts are whole numbers, money a decimal in `unit`."""

    table: str
    row: str
    column: str
    value: Decimal | None
    state: CellState
    raw_text: str
    unit: str
    place: str


class Check(Struct, frozen=True, gc=False):
    """One equation of a form held against the printed numbers. `scope` is the row or column it is about."""

    rule: str
    scope: str
    expected: Decimal | None
    actual: Decimal | None
    passed: bool
    severity: Severity


class Section(NamedTuple):
    ordinal: int
    heading: str
    text: str


class Leftover(Struct, frozen=True, gc=False):
    """Something seen in a report's tables and not placed in an official cell. Never dropped."""

    kind: str
    text: str
    place: str


class LocalCell(Struct, frozen=True, gc=False):
    """A cell of a table that no official form explains, or not wholly. `grid`, `row`, `column` count from 1;
    `label` is the path of words that a reader finds beside and above it: `申请情况 / 20.申请数 / 累计数`.
    `value` is None unless the cell is a plain number.
    """

    grid: int
    row: int
    column: int
    label: str
    text: str
    value: Decimal | None
    place: str


class Identity(Struct, frozen=True, gc=False):
    """Whose report, of which year. `published_on` is an ISO date or empty; `credit_code` and `region_code`
    are what the index number says of the body; `evidence` is by field.
    """

    publisher: str = ""
    year: int | None = None
    title: str = ""
    published_on: str = ""
    index_number: str = ""
    credit_code: str = ""
    region_code: str = ""
    level: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)


class SiteFacts(Struct, frozen=True, gc=False):
    """What the furniture says about the site: 网站标识码, ICP and police filing numbers, its name."""

    name: str = ""
    site_id_code: str = ""
    icp_number: str = ""
    police_number: str = ""


class Extraction(Struct, frozen=True, gc=False):
    """Everything read from one document.

    `is_report` with its `reasons` says whether this is an annual report at all (a look-alike has
    `form == "none"` and no cells), `margin` by how much. `form` is "2021", "2019", "2014", "local" or "none".
    """

    is_report: bool
    reasons: tuple[str, ...]
    margin: int
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
    local_cells: tuple[LocalCell, ...] = ()
    findings: tuple[Finding, ...] = ()
