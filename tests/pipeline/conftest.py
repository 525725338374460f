"""What tests of commands share: the command line as a person would run it."""

import pytest

from pipeline.cli import main


@pytest.fixture
def nianbao(capsys, monkeypatch, tmp_path):
    """Run a command in an empty folder, on a database there; gives (status, output, errors)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NIANBAO_DB", f"sqlite:///{tmp_path}/a.db")
    monkeypatch.setenv("COLUMNS", "160")

    def run(*words):
        monkeypatch.setattr("sys.argv", ["nianbao", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        return end.value.code, printed.out, printed.err

    return run
