"""The sample data, made once as `make demo` makes it, and a folder to play a page in."""

import shutil
import sys
from pathlib import Path

import pytest

from samples import demo

ROOT = Path(__file__).parents[2]
# `make demo` of the tutorial: the fixture has run what it runs.
MAKEFILE = "demo:\n\t@test -s data/demo.db\n"


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        (folder / "samples").symlink_to(ROOT / "samples")
        patch.setattr(demo, "ROOT", folder)
        assert demo.main() == 0
    return folder / "data" / "demo.db"


@pytest.fixture
def desk(made, tmp_path):
    """Looks like a folder in which nianbao was set up and the demo made."""
    (tmp_path / "data").mkdir()
    for name in ("demo.db", "nianbao.db"):
        shutil.copy(made, tmp_path / "data" / name)
    (tmp_path / "Makefile").write_text(MAKEFILE)
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    return tmp_path
