"""How exactly the gate's slice of the corpus must be read: tests/gate/floors.json, which only goes up.

.venv/bin/python -m benchmarks.corpus.floors                 # raise what has become better
.venv/bin/python -m benchmarks.corpus.floors --lower REASON  # and what is worse, told in CHANGELOG.md
"""

import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from benchmarks.corpus.catalogue import DEFECTS
from benchmarks.corpus.plan import FORMS, fingerprint, sheets
from benchmarks.corpus.score import Score, score

ROOT = Path(__file__).parents[2]
FLOORS = ROOT / "tests" / "gate" / "floors.json"
CHANGELOG = ROOT / "CHANGELOG.md"
FORMATS = ("html, word", "text, cell a line", "docx, bare")


@dataclass(frozen=True, slots=True)
class Floor:
    """Of all documents with one defect: cells read wrongly, those of them that nothing points at, and
    characters of prose lost or too many.
    """

    cells: int
    wrong: int
    silent: int
    words: int

    def is_met(self, measured: "Floor") -> bool:
        return all(
            now <= pinned
            for now, pinned in (
                (measured.wrong, self.wrong),
                (measured.silent, self.silent),
                (measured.words, self.words),
            )
        )


@dataclass(frozen=True, slots=True)
class Gate:
    """`fingerprint` is of the documents: floors of another corpus say nothing about this one."""

    fingerprint: str
    floors: Mapping[str, Floor]

    def failures(self, floors: "Gate") -> list[str]:
        """What is worse here than `floors` allow, a line each."""
        if self.fingerprint != floors.fingerprint:
            return ["other documents than the floors were measured on; see benchmarks/corpus/floors.py"]
        return [
            f"{name}: {measured}, where the floor is {floors.floors[name]}"
            for name, measured in self.floors.items()
            if not floors.floors[name].is_met(measured)
        ]


def measured() -> Gate:
    """Read the slice in this process, each form in each format with each defect; a few seconds."""
    documents: list[bytes] = []
    scores: dict[str, Score] = defaultdict(Score)
    for sheet in sheets(len(FORMS) * len(FORMATS) * max(map(len, DEFECTS.values())), FORMATS):
        documents.append(sheet.written())
        scores[f"{sheet.form}, {sheet.defect}"].add(score(documents[-1], sheet.paper, sheet.url))
    floors = {
        name: Floor(each.cells, len(each.wrong), each.silent, each.words_lost + each.words_added)
        for name, each in scores.items()
    }
    return Gate(fingerprint(documents), floors)


def load_floors() -> Gate:
    data = json.loads(FLOORS.read_text(encoding="utf-8"))
    return Gate(data["fingerprint"], {name: Floor(**each) for name, each in data["floors"].items()})


def save_floors(gate: Gate) -> None:
    FLOORS.parent.mkdir(parents=True, exist_ok=True)
    FLOORS.write_text(json.dumps(asdict(gate), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def note_lowering(reason: str, failures: list[str]) -> None:
    with CHANGELOG.open("a", encoding="utf-8") as changelog:
        changelog.write(f"- Floors of the gate lowered: {reason} ({'; '.join(failures)})\n")


@click.command()
@click.option("--lower", default="", metavar="REASON", help="Also take what has become worse, for a reason.")
def main(lower: str) -> None:
    """Measure, and pin what was measured."""
    now = measured()
    failures = now.failures(load_floors()) if FLOORS.exists() else []
    for failure in failures:
        click.echo(failure)
    if failures and not lower:
        sys.exit("nothing was pinned; --lower REASON takes it all the same")
    if failures:
        note_lowering(lower, failures)
    save_floors(now)
    click.echo(f"pinned: {sum(floor.wrong for floor in now.floors.values())} wrong cells allowed")


if __name__ == "__main__":
    main()
