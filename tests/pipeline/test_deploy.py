"""What deploy/ says of nianbao is true of it."""

import re
import tomllib
from pathlib import Path

import pytest

from pipeline.cli import cli

ROOT = Path(__file__).parents[2]
STARTS = re.compile(r"(?:\bnianbao|command:) (crawl|browse|extract|status|replicate|verify)\b")


def test_the_image_has_every_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    copied = re.findall(
        r"^COPY (\w+) \1$", (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert set(copied) == packages


@pytest.mark.parametrize("name", ["compose.yml", "nianbao.service", "nianbao@.service", "nianbao.cron"])
def test_what_is_started_is_a_command(name):
    started = STARTS.findall((ROOT / "deploy" / name).read_text(encoding="utf-8"))
    assert started
    assert set(started) <= cli.commands.keys()
