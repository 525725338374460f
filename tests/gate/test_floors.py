"""The gate: documents made from known figures are read at least as exactly as ever before."""

from dataclasses import replace

import pytest

from benchmarks.corpus import floors
from benchmarks.corpus.floors import Floor, Gate


def test_no_score_is_below_its_floor():
    failures = floors.measured().failures(floors.load_floors())
    assert not failures, "\n".join(failures)


def test_a_worse_score_and_another_corpus_are_failures():
    floor = Gate("one", {"zeros": Floor(100, 2, 0, 0)})
    assert floor.failures(floor) == []
    assert replace(floor, floors={"zeros": Floor(100, 3, 0, 0)}).failures(floor)
    assert replace(floor, floors={"zeros": Floor(100, 2, 1, 0)}).failures(floor)
    assert replace(floor, floors={"zeros": Floor(100, 2, 0, 9)}).failures(floor)
    assert replace(floor, fingerprint="another").failures(floor)


def test_floors_are_lowered_only_with_a_reason(monkeypatch, tmp_path):
    monkeypatch.setattr(floors, "FLOORS", tmp_path / "floors.json")
    monkeypatch.setattr(floors, "CHANGELOG", tmp_path / "CHANGELOG.md")
    floors.save_floors(Gate("one", {"zeros": Floor(100, 2, 0, 0)}))
    monkeypatch.setattr(floors, "measured", lambda: Gate("one", {"zeros": Floor(100, 5, 0, 0)}))
    run = floors.main.main
    with pytest.raises(SystemExit, match="nothing was pinned"):
        run([], standalone_mode=False)
    assert floors.load_floors().floors["zeros"].wrong == 2
    run(["--lower", "a new defect"], standalone_mode=False)
    assert floors.load_floors().floors["zeros"].wrong == 5
    assert "a new defect" in (tmp_path / "CHANGELOG.md").read_text()
