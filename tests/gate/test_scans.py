"""The gate for scans: printed by LibreOffice, spoilt as a scanner does, and read without a silent mistake."""

from random import Random

import pytest

from benchmarks.corpus import office
from benchmarks.corpus.plan import SCAN, Sheet
from benchmarks.corpus.score import score

pytest.importorskip("rapidocr", reason="the ocr extra is not installed")

MOST_WRONG = 1  # of a document's cells


@pytest.mark.skipif(not office.is_installed(), reason="LibreOffice is not installed here")
@pytest.mark.parametrize(
    ("sheet", "cells"),
    [(Sheet(0, "2021", SCAN, "none"), 200), (Sheet(1, "local", SCAN, "two at once"), 54)],
    ids=["2021", "local"],
)
def test_a_scan_is_read_as_the_figures_it_was_made_from(sheet, cells):
    from benchmarks.corpus.scans import scanned  # numpy comes with the ocr extra

    pdf = office.converted({0: sheet.paper}, "pdf")[0]
    result = score(scanned(pdf, Random(0)), sheet.paper, sheet.url)
    assert not result.unread
    assert (result.cells, result.silent) == (cells, 0)
    assert len(result.wrong) <= MOST_WRONG, "; ".join(map(str, result.wrong))
