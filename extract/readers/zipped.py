"""ZIP files: the member that reads most like a report. Places are its own behind `member:N/`, N from 1."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from zipfile import ZipInfo

from msgspec import structs

from extract.document import Block, Cell, Document, Finding, Prose
from extract.readers.formats import NotReadable, sniff
from extract.readers.packages import Package
from extract.words import squeeze, starts_official_section

MOST_READ = 40
"""Members; an archive of more is no attachment of one report."""
_UTF8 = 0x800
"""The bit of a member's flags that says how its name is written (APPNOTE.TXT 4.4.4)."""
_CLUTTER = ("__MACOSX/", "~$", ".", "Thumbs.db")
SECTIONS_OF_A_REPORT = 3


@dataclass(frozen=True, slots=True)
class Member:
    number: int
    name: str
    document: Document

    @property
    def sections(self) -> int:
        headings = (squeeze(block.text) for block in self.document.prose())
        return len({heading[:2] for heading in headings if starts_official_section(heading)})

    @property
    def weight(self) -> tuple[int, int]:
        """By the official sections, then by what stands in tables."""
        return self.sections, sum(len(grid.rows) for grid in self.document.grids())


def read_zip(payload: bytes) -> Document:
    found = list(read_members(payload))
    members = [each for each in found if isinstance(each, Member)]
    findings = [each for each in found if isinstance(each, Finding)]
    if not members:
        why = findings[0].text if findings else "it is empty"
        raise NotReadable(f"a ZIP container in which nothing can be read: {why}")
    best = max(members, key=lambda member: member.weight)
    rivals = [member for member in members if member.sections >= SECTIONS_OF_A_REPORT]
    if len(rivals) > 1:
        findings.append(Finding("several_reports", "; ".join(member.name for member in rivals)))
    findings.append(Finding("member_read", best.name, f"member:{best.number}"))
    return within(best, findings)


def read_members(payload: bytes) -> Iterator[Member | Finding]:
    package = Package(payload)
    for number, member in enumerate(package.members, 1):
        name = name_of(member)
        if name.rpartition("/")[2].startswith(_CLUTTER) or name.startswith(_CLUTTER):
            continue
        if number > MOST_READ:
            yield Finding("member_not_read", f"{name}: behind the first {MOST_READ}", f"member:{number}")
            continue
        try:
            yield Member(number, name, read_one(package.unpack(member)))
        except NotReadable as error:
            yield Finding("member_not_read", f"{name}: {error}", f"member:{number}")


def read_one(inside: bytes) -> Document:
    from extract.readers import read

    if sniff(inside) == "zip":
        raise NotReadable("a ZIP container inside another")
    return read(inside)


def unpacked(payload: bytes, number: int) -> bytes:
    """The bytes of the member of that number; LookupError where there is none."""
    package = Package(payload)
    if not 1 <= number <= len(package.members):
        raise LookupError(f"no such member: {number}")
    return package.unpack(package.members[number - 1])


def name_of(member: ZipInfo) -> str:
    """Windows writes names in GBK and does not say so; zipfile then takes them for code page 437."""
    if member.flag_bits & _UTF8:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def within(member: Member, findings: list[Finding]) -> Document:
    document, where = member.document, f"member:{member.number}/"
    own = (
        finding._replace(place=where + finding.place if finding.place else "")
        for finding in document.findings
    )
    blocks = tuple(moved(block, where) for block in document.blocks)
    return replace(document, blocks=blocks, findings=(*own, *findings))


def moved(block: Block, where: str) -> Block:
    """The same block with its places inside the member."""
    if isinstance(block, Prose):
        return structs.replace(block, place=where + block.place)
    cells = {id(cell): structs.replace(cell, place=where + cell.place) for cell in block.cells()}

    def there(cell: Cell | None) -> Cell | None:
        return None if cell is None else cells[id(cell)]

    rows = tuple(tuple(map(there, row)) for row in block.rows)
    return replace(block, rows=rows, place=where + block.place)
