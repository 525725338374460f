"""What deploy/ says of nianbao is true of it."""

import re
import subprocess
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


@pytest.mark.parametrize("name", ["compose.yml", "nianbao@.service"])
def test_a_worker_has_a_place_for_its_reports(name):
    """Where the database is no file they would lie in the working folder, which is not the worker's."""
    started = re.findall(r"\bnianbao crawl\b.*", (ROOT / "deploy" / name).read_text(encoding="utf-8"))
    assert started
    assert all("--report /var/lib/nianbao/" in each for each in started)


@pytest.mark.parametrize(("hour", "starts"), [(21, False), (22, True), (23, False)])
def test_cron_starts_a_night_at_22_in_beijing_whatever_its_zone(tmp_path, hour, starts):
    line = (ROOT / "deploy/nianbao.cron").read_text(encoding="utf-8").splitlines()[-1]
    command = line.split(maxsplit=6)[6].replace("\\%", "%").replace("/opt/nianbao", str(tmp_path / "nowhere"))
    clock = tmp_path / "date"
    clock.write_text(f'#!/bin/sh\n[ "$TZ $1" = "Asia/Shanghai +%H" ] && echo {hour}\n', encoding="utf-8")
    clock.chmod(0o755)
    shell = subprocess.run(
        ["/bin/sh", "-c", command],
        env={"PATH": f"{tmp_path}:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shell.stdout.startswith("nianbao crawl: exit status 2") == starts
    assert bool(shell.stdout) == starts
