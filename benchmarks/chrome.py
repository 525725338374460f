"""How exactly the sections hold a report's words and nothing else: characters lost, and let through.

    .venv/bin/python -m benchmarks.chrome [--real ../shared/real] [--show]

The invented pages know their own words; of the real ones official.toml says them, told by hand. A paragraph
of a section counts as let through where those words do not have it whole, and characters as lost where no
paragraph has them. The report's title is neither: pages print it in the text or over it.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from lxml import html
from rich.console import Console
from rich.table import Table

from extract.decode import decode
from extract.extraction import extract
from extract.readers.lines import split
from extract.restore import wording_of
from extract.words import squeeze
from samples.pages import build_pages
from samples.plan import Plan
from samples.reports import report_context
from samples.site import Entry, Report, Site, build_sites

REAL = Path(__file__).parents[2] / "shared" / "real"
OFFICIAL = Path(__file__).with_name("official.toml")
URL = "http://www.example.gov.cn/xxgk/nb/1.html"
UNSEEN = ("script", "style", "table")


@dataclass(frozen=True, slots=True)
class Page:
    """`words` are the official ones, squeezed."""

    name: str
    body: bytes
    words: str


@dataclass(frozen=True, slots=True)
class Score:
    """In characters: `official` ones on the pages, `kept` of them in sections, others `let_through`."""

    pages: int = 0
    official: int = 0
    kept: int = 0
    let_through: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.pages + other.pages,
            self.official + other.official,
            self.kept + other.kept,
            self.let_through + other.let_through,
        )

    @property
    def recall(self) -> float:
        return self.kept / self.official

    @property
    def precision(self) -> float:
        return self.kept / (self.kept + self.let_through)


def score(page: Page) -> tuple[Score, list[str]]:
    """Also what was let through, and what was lost."""
    read = extract(page.body, url=URL)
    title = squeeze(read.identity.title)
    said = [squeeze(line) for part in read.sections for line in (part.heading, *part.text.split("\n"))]
    words, kept = page.words, 0
    let_through = []
    for line in filter(None, said):
        if line in words:
            words, kept = words.replace(line, "\n", 1), kept + len(line)
        elif line != title:
            let_through.append(line)
    lost = [left for piece in words.split("\n") if (left := piece.replace(title, "", 1))]
    result = Score(1, kept + sum(map(len, lost)), kept, sum(map(len, let_through)))
    return result, [f"let through: {line}" for line in let_through] + [f"lost: {left}" for left in lost]


def invented_pages() -> Iterator[Page]:
    for site in build_sites():
        pages = build_pages(site)
        linked = {address: entry for items in Plan(site).linked.values() for entry, address in items}
        for address, entry in linked.items():
            if entry.report and not entry.is_gone and address in pages:
                words = "".join(paragraphs(site, entry, entry.report))
                yield Page(f"{site.host}{address}", pages[address].draw(), squeeze(words))


def paragraphs(site: Site, entry: Entry, report: Report) -> Iterator[str]:
    context = report_context(site, report)
    yield from context["opening"]
    for heading, texts, _ in context["sections"]:
        yield from (heading, *texts)
    day = entry.published
    yield from (report.publisher, f"{day.year}年{day.month}月{day.day}日")


def real_pages(folder: Path) -> Iterator[Page]:
    for page in tomllib.loads(OFFICIAL.read_text(encoding="utf-8"))["page"]:
        for file in sorted(folder.glob(page["files"])):
            body = file.read_bytes()
            yield Page(file.name, body, squeeze(official(decode(body).text, page)))


def official(text: str, page: Mapping[str, Any]) -> str:
    if "within" in page:
        (container,) = html.document_fromstring(
            text.encode(), parser=html.HTMLParser(encoding="utf-8")
        ).xpath(page["within"])
        html.etree.strip_elements(container, html.etree.Comment, *UNSEEN, with_tail=False)
        return "".join(container.itertext())
    lines = split(text)
    return wording_of(text)(
        "\n".join(line for first, last in page["lines"] for line in lines[first - 1 : last])
    )


def sets(real: Path) -> dict[str, list[Page]]:
    return {"invented": list(invented_pages()), "real": list(real_pages(real))}


def measured(pages: list[Page]) -> tuple[Score, Mapping[str, list[str]]]:
    """Of all pages together, with what went wrong by page."""
    total = Score()
    faults: dict[str, list[str]] = defaultdict(list)
    for page in pages:
        result, said = score(page)
        total += result
        faults[page.name] += said
    return total, faults


@click.command()
@click.option("--real", default=REAL, type=click.Path(path_type=Path), help="Folder of real pages.")
@click.option("--show", is_flag=True, help="Also what was lost or let through, page by page.")
def main(real: Path, *, show: bool) -> None:
    """Print recall and precision of the sections by characters."""
    console = Console()
    table = Table("pages", "number", "official characters", "lost", "let through", "recall", "precision")
    for name, pages in sets(real).items():
        if not pages:
            console.print(f"skipped: {name} pages are not at {real}")
            continue
        total, faults = measured(pages)
        counts = (total.pages, total.official, total.official - total.kept, total.let_through)
        table.add_row(name, *map(str, counts), f"{total.recall:.4f}", f"{total.precision:.4f}")
        for page, said in faults.items() if show else ():
            for line in said:
                console.print(f"{page}: {line}", markup=False, soft_wrap=True)
    console.print(table)


if __name__ == "__main__":
    main()
