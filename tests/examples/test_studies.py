"""The worked studies, executed on a release of invented reports; those in two languages agree."""

import re
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image
from rich.console import Console

from benchmarks.national import load
from examples import growth, publishers, refusals
from pipeline.codebook import dictionary
from storage.database import open_database
from storage.export.datapackage import export_datapackage
from storage.export.selection import Selection

SCRIPT = Path(growth.__file__).with_suffix(".R")
REPORTS = 200
SIZE = (1350, 780)  # of each figure, in pixels


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studies")
    with closing(open_database(f"sqlite:///{folder}/invented.db")) as database:
        load(Console(quiet=True), database, REPORTS)
        export_datapackage(database, folder / "out", Selection(), dictionary(), lambda *_: None)
    return folder / "out"


def answer(study, release, out):
    done = CliRunner().invoke(study.main, [str(release), str(out)])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("study", [growth, refusals, publishers])
def test_a_study_answers_and_draws_the_same_twice(study, release, tmp_path):
    first, second = (answer(study, release, tmp_path / f"{number}.png") for number in (1, 2))
    assert first.replace("1.png", "") == second.replace("2.png", "")
    assert (tmp_path / "1.png").read_bytes() == (tmp_path / "2.png").read_bytes()
    with Image.open(tmp_path / "1.png") as drawn:
        assert drawn.size == SIZE
        assert len(drawn.convert("RGB").getcolors(maxcolors=1 << 20)) > 50


def test_r_says_what_python_says(rscript, release, tmp_path):
    words = [rscript, "--vanilla", str(SCRIPT), str(release), str(tmp_path / "r.png")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    ours = numbers(answer(growth, release, tmp_path / "python.png"))
    assert numbers(done.stdout) == ours
    assert len(ours) > 3
    with Image.open(tmp_path / "r.png") as drawn:
        assert drawn.size == SIZE


def numbers(said):
    """The rows that begin with a year, as numbers: year, bodies, before, received, growth."""
    rows = (re.findall(r"-?[\d.]+", line) for line in said.splitlines())
    return [[float(each) for each in row] for row in rows if row and re.fullmatch(r"20\d\d", row[0])]
