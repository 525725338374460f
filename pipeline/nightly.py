"""The report of a run, for programs (JSON) and for the morning's coffee (one HTML page, nothing to load)."""

import json
from dataclasses import asdict
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy.engine import make_url

from browse.words import night_speaker
from settings.tables import load_toml
from storage.nights import Night

PROBLEMS = 3  # the exit status of a run that ended well and found what a person should look at
STOPPED = 4  # and of one that was asked to stop


@cache
def worth_a_look() -> dict[str, Any]:
    return load_toml("pipeline", "nightly.toml")


def problems_of(night: Night) -> list[str]:
    """What a person should look at, a line each; none on a good night."""
    alarms, limits = worth_a_look()["alarms"], worth_a_look()["limits"]
    words = night_speaker("en")
    lines = [
        f"{finding.host}: {words(finding.code)}: {finding.text}"
        for finding, _ in night.findings
        if finding.code in alarms
    ]
    if night.hosts >= limits["hosts"] and night.silent > limits["silent_hosts"] * night.hosts:
        lines.insert(0, f"{night.silent} of {night.hosts} hosts gave nothing; is it our own network?")
    return lines


def exit_status(night: Night) -> int:
    if night.state != "done":
        return STOPPED
    return PROBLEMS if problems_of(night) else 0


def report_folder(database_url: str) -> Path:
    """Beside the database where that is a file."""
    url = make_url(database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database
    return Path(url.database or "").parent / "runs" if is_file else Path("data/runs")


def write_report(night: Night, folder: Path) -> Path:
    """Both forms of the report; the address of the page. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / f"run-{night.run_id:06}.html"
    page.with_suffix(".json").write_text(as_json(night), encoding="utf-8")
    page.write_text(as_page(night), encoding="utf-8")
    return page


def as_json(night: Night) -> str:
    data = asdict(night) | {
        "findings": [finding._asdict() | {"times": times} for finding, times in night.findings],
        "problems": problems_of(night),
        "exit_status": exit_status(night),
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def as_page(night: Night) -> str:
    environment = Environment(
        loader=PackageLoader("pipeline"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    grouped = {code: list(each) for code, each in groupby(night.findings, key=lambda pair: pair[0].code)}
    english, chinese = map(night_speaker, ("en", "zh"))
    words = {code: f"{english(code)} {chinese(code)}" for code in grouped}
    template = environment.get_template("night.html")
    return template.render(night=night, findings=grouped, words=words, problems=problems_of(night))
