"""The cases: raw bytes, what is in them, and a note on what makes them hard; a folder each, found by itself.

A new case is a folder with the bytes (`raw.*`) and note.md. Its expected.json is written by the first run,
which fails until somebody has held it against the bytes; from then on it is the truth.
"""

import json
from pathlib import Path

import pytest

from extract.extraction import extract

CASES = sorted(file.parent for file in Path(__file__).parent.glob("*/raw.*"))


def told(payload: bytes) -> dict[str, object]:
    """A reading as expected.json has it: numbers exactly, other cells by state and text."""
    found = extract(payload, url="http://www.example.gov.cn/nb/1")
    cells = {
        f"{cell.table}/{cell.row}/{cell.column}": f"{cell.state}: {cell.raw_text}"
        if cell.value is None
        else f"{cell.value:f}"
        for cell in found.cells
    }
    return {
        "is_report": found.is_report,
        "form": found.form,
        "status": found.status,
        "is_mirror": found.is_mirror,
        "publisher": found.identity.publisher,
        "year": found.identity.year,
        "title": found.identity.title,
        "published_on": found.identity.published_on,
        "sections": {section.heading: section.text for section in found.sections},
        "failed_checks": [f"{check.rule} {check.scope}" for check in found.checks if not check.passed],
        "findings": [f"{finding.code}: {finding.text}" for finding in found.findings],
        "leftovers": [f"{left.kind}: {left.text}" for left in found.leftovers],
        "cells": cells,
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case):
    (raw,) = case.glob("raw.*")
    expected = case / "expected.json"
    now = told(raw.read_bytes())
    if not expected.exists():
        expected.write_text(json.dumps(now, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected} was written; hold it against {raw.name}, then run again")
    assert (case / "note.md").exists()
    assert now == json.loads(expected.read_text(encoding="utf-8"))
