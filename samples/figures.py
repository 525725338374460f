"""Invented figures with true arithmetic, and how a page prints them.

A body's years hang together as real ones do: what one year carries over the next carries in, and what
is in force grows by what was issued and shrinks by what was repealed. The same body always gives the
same figures.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from random import Random
from types import MappingProxyType

from samples.forms import APPLICANTS, OUTCOMES, PROCEEDINGS, Code, Form, load_form

FIRST_YEAR = 2019
LAST_YEAR = 2025
HANDLING_WEIGHT = {"granted": 40, "partial": 6, "unavailable.not_held": 20, "not_processed.petition": 6}
APPLICANT_SHARE = dict(zip(APPLICANTS, (1.0, 0.15, 0.01, 0.02, 0.05, 0.03), strict=True))
ZERO = Decimal(0)
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as the page shows it; `value` and `state` are what the database should hold."""

    text: str
    value: Decimal | None
    state: str = "number"


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure of one report, in printed order. `wrong` are the totals misprinted on purpose."""

    form: str
    cells: Mapping[Code, Printed]
    wrong: tuple[Code, ...] = ()


@dataclass(slots=True)
class Stock:
    """What one year leaves to the next: requests by applicant, documents and items by row."""

    requests: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)


Counts = dict[Code, Decimal]


def form_of(year: int) -> str:
    """Name the form that binds a year; reports about years before 2019 have none here."""
    return "2021" if year >= 2021 else "2019"


def figures(publisher: str, year: int, volume: int, zeros: str = "0") -> Figures:
    """Make one year's figures. `volume` is the usual number of requests, `zeros` how a zero is printed."""
    form = load_form(form_of(year))
    counts = chronicle(publisher, volume)[year]
    cells = {code: printed(code, counts[code], zeros) for code in form.codes()}
    return Figures(form.name, MappingProxyType(cells))


def misprint(true: Figures, code: Code) -> Figures:
    """Print one total one too high."""
    value = (true.cells[code].value or ZERO) + 1
    cells = {**true.cells, code: Printed(str(value), value)}
    return replace(true, cells=MappingProxyType(cells), wrong=(code,))


@cache
def chronicle(publisher: str, volume: int) -> Mapping[int, Counts]:
    """Live through a body's years, from the first to the last."""
    stock = Stock()
    years: dict[int, Counts] = {}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        random = Random(f"{publisher} {year}")
        form = load_form(form_of(year))
        years[year] = count_disclosure(form, random, volume, stock)
        years[year] |= count_requests(form, random, volume, stock)
        years[year] |= count_proceedings(random, volume)
    return years


def count_disclosure(form: Form, random: Random, volume: int, stock: Stock) -> Counts:
    counts: Counts = {}
    for block in form.disclosure:
        for row, _ in block.rows:
            measured = measure(row, {column for column, _ in block.columns}, random, volume, stock)
            counts |= {("disclosure", row, column): Decimal(value) for column, value in measured.items()}
    return counts


def measure(
    row: str, columns: set[str], random: Random, volume: int, stock: Stock
) -> dict[str, int | Decimal]:
    """One row of table two; which quantities it has follows from its columns."""
    if "in_force" in columns or "new_made" in columns:
        return measure_documents(row, random, volume, stock, is_2021="in_force" in columns)
    if "projects" in columns:
        projects = random.randint(0, 12)
        return {"projects": projects, "amount": money(random, projects * 3000)}
    if "amount" in columns:
        return {"amount": money(random, volume * 900)}
    decided = {"decisions": random.randint(0, volume * 30)} if "decisions" in columns else {}
    return decided | (measure_items(row, random, stock) if "items_change" in columns else {})


def measure_documents(
    row: str, random: Random, volume: int, stock: Stock, *, is_2021: bool
) -> dict[str, int | Decimal]:
    """Only large bodies make regulations. The form of 2019 counts what is published, 2021 what is valid."""
    makes = volume >= 100 or row != "regulation"
    before = stock.documents.get(row, random.randint(4, 60) if makes else 0)
    issued = random.randint(0, 9) if makes else 0
    repealed = random.randint(0, min(before, 4)) if is_2021 else 0
    stock.documents[row] = before + issued - repealed
    if is_2021:
        return {"issued": issued, "repealed": repealed, "in_force": stock.documents[row]}
    return {"new_made": issued, "new_published": issued, "published_total": stock.documents[row]}


def measure_items(row: str, random: Random, stock: Stock) -> dict[str, int | Decimal]:
    before = stock.items.get(row, random.randint(0, 90))
    change = random.randint(-min(before, 6), 8)
    stock.items[row] = before + change
    return {"items_last_year": before, "items_change": change}


def money(random: Random, cents: int) -> Decimal:
    """Invent an amount in 万元, to the hundredth."""
    return (Decimal(random.randint(0, cents)) / 100).quantize(CENT)


def count_requests(form: Form, random: Random, volume: int, stock: Stock) -> Counts:
    """Applicant by applicant, so that received and carried in is always handled and carried out."""
    table: dict[str, dict[str, int]] = {}
    for applicant in APPLICANTS:
        table[applicant] = count_applicant(
            form, random, round(volume * APPLICANT_SHARE[applicant]), stock, applicant
        )
    rows = ("received", "carried_in", *form.result_rows(), "handled_total", "carried_out")
    table["total"] = {row: sum(table[applicant][row] for applicant in APPLICANTS) for row in rows}
    return {("requests", row, column): Decimal(table[column][row]) for column in table for row in rows}


def count_applicant(form: Form, random: Random, usual: int, stock: Stock, applicant: str) -> dict[str, int]:
    received = random.randint(usual // 2, usual * 3 // 2 + (random.random() < 0.2))
    carried_in = stock.requests.get(applicant, random.randint(0, usual // 10))
    carried_out = random.randint(0, (received + carried_in) // 10)
    stock.requests[applicant] = carried_out
    handled = received + carried_in - carried_out
    weights = [HANDLING_WEIGHT.get(row, 1) for row in form.result_rows()]
    outcomes = Counter(random.choices(form.result_rows(), weights, k=handled))
    table = {row: outcomes[row] for row in form.result_rows()}
    table |= {"received": received, "carried_in": carried_in}
    return table | {"handled_total": handled, "carried_out": carried_out}


def count_proceedings(random: Random, volume: int) -> Counts:
    counts: Counts = {}
    for row, _ in PROCEEDINGS:
        cases = {column: Decimal(random.randint(0, volume // 40)) for column, _ in OUTCOMES}
        cases["total"] = sum(cases.values(), ZERO)
        counts |= {("proceedings", row, column): number for column, number in cases.items()}
    return counts


def printed(code: Code, value: Decimal, zeros: str) -> Printed:
    """How a clerk types it: signs on changes, units on procurement, and a zero as the office is used to."""
    table, row, column = code
    if column == "items_change":
        return Printed(f"{value:+}" if value else "0", value)
    if column == "amount":
        return Printed(amount_text(row, value), value)
    if value or zeros == "0" or table == "disclosure" or "total" in {column, row.removeprefix("handled_")}:
        return Printed(str(value), value)
    return Printed(zeros, None, "dash" if zeros else "blank")


def amount_text(row: str, value: Decimal) -> str:
    """Fees have their unit in the heading; procurement is printed in 万元, in 元, or with commas."""
    if row == "fees":
        return f"{value.normalize():f}"
    styles = (f"{value.normalize():f}万元", f"{value * 10000:.0f}元", f"{value:,}万元")
    return styles[int(value * 100) % len(styles)]
