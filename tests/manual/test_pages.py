"""Every command and query of the manual: played over the sample data, or its options held to the program."""

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from manual.fences import Misprint, fences, hold

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "examples/README.md"])
CHINESE = [page for page in PAGES if page.name.endswith(".zh.md")]
ASKED = {"report_id": "cda7cc0f0120acbb"}
PLAYED = [page for page in PAGES if any(fence.is_played for fence in fences(page))]
ASKING = [page for page in PAGES if any(fence.language == "sql" for fence in fences(page))]
NOT_PLAYED = {"options checked only", "只核对选项"}


def named(page):
    return str(page.relative_to(ROOT))


def played(page):
    return [fence.text for fence in fences(page) if fence.is_played]


@pytest.mark.parametrize("page", [page for page in PLAYED if page not in CHINESE], ids=named)
def test_commands_work_in_the_order_of_their_page(page, desk):
    for fence in fences(page):
        if fence.is_file:
            (desk / fence.title).write_text(fence.text)
    if any("sqlite3 " in text for text in played(page)) and not shutil.which("sqlite3"):
        pytest.skip("no sqlite3 here: install the package sqlite3")
    here = {"PATH": f"{Path(sys.prefix) / 'bin'}:/usr/bin:/bin", "HOME": str(desk), "LANG": "C.UTF-8"}
    script = "set -euxo pipefail\n" + "\n".join(played(page))
    done = subprocess.run(
        ["bash", "-c", script], cwd=desk, env=here, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("page", CHINESE, ids=named)
def test_both_languages_have_the_same_commands_and_queries(page):
    def typed(path):
        found = (fence.text for fence in fences(path) if fence.language in {"sh", "sql"})
        return [re.sub(r" +# .*", "", text) for text in found]

    twin = page.with_name(page.name.replace(".zh.md", ".md"))
    assert typed(page) == typed(twin)


@pytest.mark.parametrize("page", ASKING, ids=named)
def test_queries_are_answered(page, made):
    with closing(sqlite3.connect(f"file:{made}?mode=ro", uri=True)) as database:
        for fence in fences(page):
            if fence.language == "sql":
                assert database.execute(fence.text, ASKED).fetchall(), fence.text


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_what_is_typed_exists(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    typed = [fence for fence in fences(page) if fence.language in {"sh", ""}]
    assert [told for fence in typed if (told := misprint(fence))] == []


def misprint(fence):
    try:
        hold(fence.text)
    except Misprint as error:
        return f"line {fence.line}: {error}"
    return ""


def test_what_is_not_played_says_so():
    titles = {
        fence.title for page in PAGES for fence in fences(page) if fence.language == "sh" and fence.title
    }
    assert titles <= NOT_PLAYED


def test_every_page_has_its_twin():
    decisions = ROOT / "docs/decisions"  # in English alone, and the Chinese site says so
    for page in [page for page in ROOT.glob("docs/**/*.md") if page.parent != decisions]:
        other = re.sub(r"\.md$", ".zh.md", named(page))
        assert page in CHINESE or (ROOT / other).exists(), other


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nianbao crawls", "no command 'crawls'"),
        ("FOO=1 nianbao crawl --nightlyy", "--nightlyy"),
        ("true && .venv/bin/nianbao export warcs OUT", "no command 'warcs'"),
        ("cp deploy/nothing /etc", "deploy/nothing is not there"),
        ("python -m benchmarks.nothing --x", "benchmarks/nothing.py is not there"),
    ],
)
def test_a_misprint_is_found(text, says, monkeypatch):
    monkeypatch.chdir(ROOT)
    with pytest.raises(Misprint, match=re.escape(says)):
        hold(text)


def test_no_block_is_merely_indented_for_then_nobody_plays_it():
    hidden = [f"{named(page)}:{fence.line}" for page in PAGES for fence in fences(page) if not fence.language]
    assert hidden == []
