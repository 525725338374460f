"""Readings as persons have confirmed or corrected them."""

from collections.abc import Iterable

from msgspec import structs

from browse.layout import as_printed
from extract.checks import check
from extract.document import Finding
from extract.forms.model import Column, Form, Row, Table, official_forms
from extract.result import Extraction, ReadCell
from extract.values import read_value
from storage.reviews import CELL, REPORT, Review

CODE = "reviewed"  # of the finding that a corrected cell carries


def standing(reviews: Iterable[Review]) -> bool | None:
    """Whether the page is an annual report, if a person has said so."""
    said = [review.verdict == REPORT for review in reviews if review.verdict != CELL]
    return said[-1] if said else None


def corrected(read: Extraction, sha256: str, reviews: Iterable[Review]) -> Extraction:
    """With the cells that persons have read on these very bytes, and its checks held anew."""
    found = [each for each in reviews if each.sha256 == sha256]
    form = next((form for form in official_forms() if form.code == read.form), None)
    if not found or form is None:
        return read
    units = {(table.code, row.code, column.code): column.unit for table, row, column in cells_of(form)}
    known = {(cell.table, cell.row, cell.column): cell for cell in read.cells}
    for review in found:
        at = (review.table_code, review.row_code, review.col_code)
        if at in units:
            known[at] = as_seen(review, units[at], known.get(at))
    cells = tuple(known[at] for at in units if at in known)
    checks = check(as_printed(form, {cell.row for cell in cells}), cells, read.sections)
    told = tuple(Finding(CODE, words(review)) for review in found)
    return structs.replace(read, cells=cells, checks=checks, findings=read.findings + told)


def cells_of(form: Form) -> list[tuple[Table, Row, Column]]:
    sheets = [form, *map(form.with_alternate, form.alternates)]
    return [each for sheet in sheets for each in sheet.cells()]


def as_seen(review: Review, unit: str, before: ReadCell | None) -> ReadCell:
    value = read_value(review.raw_text, unit)
    place = before.place if before else ""
    at = (review.table_code, review.row_code, review.col_code)
    return ReadCell(*at, value.number, value.state, review.raw_text, before.unit if before else unit, place)


def words(review: Review) -> str:
    cell = f"{review.table_code}/{review.row_code}/{review.col_code}"
    return f"{cell}: {review.raw_text!r}, {review.reviewer}: {review.reason}"
