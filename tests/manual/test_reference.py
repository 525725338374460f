"""The pages made of the code: nothing without words, nothing of the other language."""

import re

import click
import pytest

from manual.reference import PAGES
from manual.reference.commands import leaves
from manual.reference.findings import of_reports_in_code, of_runs_in_code
from manual.speech import LANGUAGES, Undocumented, agree
from pipeline.cli import cli

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_made_in_both_languages(name, language):
    page = PAGES[name](language)
    assert page.startswith("# ")
    assert page.count("\n| ") > 5
    if language == "zh":
        tables = [line for line in page.splitlines() if line.startswith("| `")]
        assert sum(bool(HAN.search(line)) for line in tables) > 0.9 * len(tables)


def test_every_command_and_table_has_its_heading():
    page = PAGES["commands"]("zh")
    assert all(f"## nianbao {name}\n" in page for name, _ in leaves(cli, ()))
    assert "## captures\n" in PAGES["tables"]("en")


def test_a_new_option_without_words_stops_the_build(monkeypatch):
    new = click.Option(["--new"], help="new")
    monkeypatch.setattr(cli.commands["status"], "params", [*cli.commands["status"].params, new])
    with pytest.raises(Undocumented, match=r"manual/words/commands\.toml, status: no words for --new"):
        PAGES["commands"]("zh")


def test_words_of_what_is_gone_stop_it_too():
    with pytest.raises(Undocumented, match="not in the code: b"):
        agree("words", ["a", "b"], ["a"])


def test_codes_of_findings_are_found_in_the_source():
    assert {"cut_short", "unplaced_value", "several_reports"} <= of_reports_in_code()
    assert {"budget_hit", "host_found", "robots", "tls_exception"} <= of_runs_in_code()
