"""The words and tables of a report page, in the order of the official outline."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from samples.figures import Figures
from samples.files import OFFERS, Block, Cells, markup_of, written
from samples.forms import (
    Form,
    Layout,
    disclosure,
    load_form,
    proceedings,
    requests,
    retyped_requests,
    torn_requests,
)
from samples.site import Entry, Report, Site

NOTICES = {
    "2019": "《关于政府信息公开工作年度报告有关事项的通知》（国办公开办函〔2019〕60号）",
    "2021": "《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）",
}
PROBLEMS = {"2019": "五、政府信息公开工作存在的主要问题及改进情况", "2021": "五、存在的主要问题及改进情况"}
SELVES = {
    "县人民政府": "我县",
    "市人民政府": "我市",
    "镇人民政府": "我镇",
    "乡人民政府": "我乡",
    "街道办事处": "我街道",
    "局": "我局",
}

Section = tuple[str, list[str], tuple[Layout, ...]]  # heading, paragraphs, tables


@cache
def load_prose() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "prose.toml").read_text(encoding="utf-8"))


def article_context(site: Site, entry: Entry) -> dict[str, Any]:
    facts = site_facts(site) | {
        "body": entry.source,
        "date_words": f"{entry.published.month}月{entry.published.day}日",
    }
    return {"paragraphs": filled(load_prose()["articles"][entry.prose], facts), "content": "article.html"}


def report_context(site: Site, report: Report) -> dict[str, Any]:
    facts = site_facts(site) | report_facts(report)
    sections = form_sections(report, report.figures, facts) if report.figures else prose_sections(facts)
    opening = filled(load_prose()["report"]["opening"], facts) if report.figures else []
    return {"report": report, "opening": opening, "sections": sections, "content": "report.html"}


def file_context(report: Report, stem: str, title: str) -> dict[str, Any]:
    """A page that says nothing but where the file is."""
    return {"content": "file.html", "markup": markup_of(OFFERS[report.offer], stem, title)}


def file_of(site: Site, entry: Entry, report: Report) -> bytes:
    """The whole report, from its title to its date, as the file that its page offers."""
    context = report_context(site, report)
    blocks: list[Block] = [entry.title, *context["opening"]]
    for heading, texts, layouts in context["sections"]:
        blocks += [heading, *texts, *layouts]
    day = f"{entry.published.year}年{entry.published.month}月{entry.published.day}日"
    return written(OFFERS[report.offer], [*blocks, report.publisher, day], cells_of(report))


def cells_of(report: Report) -> Cells:
    return report.figures.cells if report.figures else {}


def site_facts(site: Site) -> dict[str, str]:
    return {"site": site.name, "host": site.host, "address": site.address, "site_id_code": site.site_id_code}


def report_facts(report: Report) -> dict[str, str]:
    """Gather what the prose says of the year; the numbers of requests are those of the table."""
    random = Random(f"{report.publisher} {report.year} prose")
    facts = {
        "body": report.publisher,
        "we": next(word for ending, word in SELVES.items() if report.publisher.endswith(ending)),
        "year": str(report.year),
        "published": str(random.randint(60, 3000)),
        "explained": str(random.randint(1, 40)),
        "trained": str(random.randint(1, 6)),
        "phone": str(random.randint(2000000, 8999999)),
    }
    return facts | (request_facts(report.figures) if report.figures else {})


def request_facts(figures: Figures) -> dict[str, str]:
    said = {
        "received": "received",
        "carried_in": "carried_in",
        "handled": "handled_total",
        "carried_out": "carried_out",
    }
    return {word: str(figures.cells["requests", row, "total"].value) for word, row in said.items()} | {
        "notice": NOTICES[figures.form]
    }


def form_sections(report: Report, figures: Figures, facts: Mapping[str, str]) -> list[Section]:
    form, prose = load_form(figures.form), load_prose()["report"]
    return [
        ("一、总体情况", filled(prose["overview"], facts), ()),
        ("二、主动公开政府信息情况", [], (disclosure(form),)),
        ("三、收到和处理政府信息公开申请情况", [], request_layouts(form, report.look)),
        ("四、政府信息公开行政复议、行政诉讼情况", [], (proceedings(),)),
        (PROBLEMS[figures.form], filled(prose["problems"], facts), ()),
        ("六、其他需要报告的事项", filled(prose[f"others_{form.name}"], facts), ()),
    ]


def request_layouts(form: Form, look: str) -> tuple[Layout, ...]:
    if look == "split":
        return torn_requests(form)
    return (retyped_requests(form) if look == "retyped" else requests(form),)


def prose_sections(facts: Mapping[str, str]) -> list[Section]:
    return [(part["heading"], filled(part["text"], facts), ()) for part in load_prose()["old_report"]]


def filled(texts: list[str], facts: Mapping[str, str]) -> list[str]:
    return [text.format_map(facts) for text in texts]
