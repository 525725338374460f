"""What is no web page, shown as it is read: text line by line, Word files and sheets as their paragraphs and
tables, with the place that a figure came from marked.
"""

from collections.abc import Iterator
from html import escape

from browse.snapshots.harmless import HERE
from browse.snapshots.whole import whole
from extract.document import Cell, Grid, Prose
from extract.readers import lines, read
from extract.readers.places import innermost


def text_page(text: str, place: str) -> str:
    """Plain text; of a place in it the line is marked, and in the line the cell where it can be told."""
    rows = lines.split(text)
    number = line_number(place)
    if not 0 < number <= len(rows):
        return whole(f"<pre>{escape(text)}</pre>")
    row = rows[number - 1]
    column = int(place.rpartition("/column:")[2]) - 1 if "/column:" in place else 0
    said = lines.at(text, place)
    end = column + len(said) if row.startswith(said, column) else len(row)
    marked = f'{escape(row[:column])}<mark id="{HERE}">{escape(row[column:end])}</mark>{escape(row[end:])}'
    before, after = "\n".join(rows[: number - 1]), "\n".join(rows[number:])
    return whole(f"<pre>{escape(before)}\n{marked}\n{escape(after)}</pre>")


def line_number(place: str) -> int:
    digits = place.removeprefix("line:").partition("/")[0]
    return int(digits) if place.startswith("line:") and digits.isdecimal() else 0


def read_page(body: bytes, place: str) -> str:
    """A document as its reader gives it. Raises NotReadable."""
    payload, place = innermost(body, place)
    blocks = read(payload).blocks
    return whole(
        "".join(grid(block, place) if isinstance(block, Grid) else prose(block, place) for block in blocks)
    )


def prose(block: Prose, place: str) -> str:
    return f"<p{here(block.place, place)}>{escape(block.text)}</p>"


def here(own: str, place: str) -> str:
    return f' id="{HERE}"' if place and own == place else ""


def grid(block: Grid, place: str) -> str:
    return f"<table>{''.join(row(cells, place) for cells in rows_of(block))}</table>"


def rows_of(block: Grid) -> Iterator[list[Cell | None]]:
    """Each row's cells without those that the rows above span into it."""
    seen: set[int] = set()
    for cells in block.rows:
        yield [cell for cell in cells if cell is None or id(cell) not in seen]
        seen |= {id(cell) for cell in cells if cell}


def row(cells: list[Cell | None], place: str) -> str:
    once = dict.fromkeys(cells) if all(cells) else cells  # a cell that spans columns stands in each of them
    return f"<tr>{''.join(cell_of(cell, place) for cell in once)}</tr>"


def cell_of(cell: Cell | None, place: str) -> str:
    if cell is None:
        return "<td></td>"
    spans = f' rowspan="{cell.row_span}" colspan="{cell.column_span}"'
    return f"<td{spans}{here(cell.place, place)}>{escape(cell.text)}</td>"
