"""Payloads that want to bring the reading down, each under the limits of a real night: 5 s of CPU, 500 MB.

What goes over a limit is ended by the kernel and says so, so that "is read, or refused in words" proves both.
"""

import pytest

from benchmarks import hostile
from extract.result import Extraction
from pipeline.workers import read

NAMES = tuple(hostile.ruins())


@pytest.fixture(scope="module")
def results():
    """All in one process, a good report after each, to see that the next goes on."""
    return {name: (result, after) for name, result, after in hostile.results(read)}


@pytest.mark.parametrize("name", NAMES)
def test_is_read_or_refused_in_words(results, name):
    result, after = results[name]
    assert isinstance(after, Extraction)
    assert after.status == "complete"
    if isinstance(result, str):
        assert not any(fault in result for fault in hostile.FAULTS), result
        assert result
        assert "\n" not in result
    elif "cut at" in name:
        read = {(cell.table, cell.row, cell.column): cell for cell in result.cells}
        assert result.status != "complete" or len(read) == result.cells_expected
