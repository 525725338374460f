"""What came of a report: the form its figures follow, and how much of it was read."""

from extract.align import Alignment
from extract.alignment.ledger import is_value
from extract.document import Document, Grid
from extract.result import Status

FEWEST_FIGURES = 4  # in a table of figures; fewer stand in boxes of dates and numbers, too


def form_and_status(document: Document, alignment: Alignment) -> tuple[str, Status]:
    """For a report. Without official cells the form is "local" where tables hold figures, else "none"."""
    if alignment.form:
        is_whole = len(alignment.cells) == alignment.expected
        return alignment.form.code, "complete" if is_whole else "partial"
    form = "local" if any(map(has_figures, document.grids())) else "none"
    has_prose = any(block.text for block in document.prose())
    return form, "text_only" if has_prose or form == "local" else "unreadable"


def has_figures(grid: Grid) -> bool:
    figures = [cell for cell in grid.cells() if cell.text and is_value(cell)]
    return len(figures) >= FEWEST_FIGURES
