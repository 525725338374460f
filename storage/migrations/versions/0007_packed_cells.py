"""Cells packed: one row for a reading's values and one for their places, where each cell had a row."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.cells import CellCode, CellRow, code_of, packed
from storage.values import ExactNumber, Packed

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CELL = ("table_code", "row_code", "col_code", "value", "state", "raw_text", "unit", "locator")
GROUP = 100  # readings that are carried together
# A cell's place in the form is the last that it has in any reading, for in a whole one it is the form's.
NUMBER_CELLS = """
    INSERT INTO form_cells (form, position, table_code, row_code, col_code, unit)
    SELECT r.form, ROW_NUMBER() OVER (
            PARTITION BY r.form ORDER BY MAX(c.ordinal), c.table_code, c.row_code, c.col_code, c.unit) - 1,
        c.table_code, c.row_code, c.col_code, c.unit
    FROM old_cells c JOIN readings r ON r.reading_id = c.reading_id
    GROUP BY r.form, c.table_code, c.row_code, c.col_code, c.unit"""

NEXT_CELLS = """
    SELECT r.reading_id, r.form, c.table_code, c.row_code, c.col_code, c.value, c.state, c.raw_text, c.unit,
        c.locator
    FROM old_cells c JOIN readings r ON r.reading_id = c.reading_id
    WHERE c.reading_id IN (
        SELECT DISTINCT reading_id FROM old_cells WHERE reading_id > :after ORDER BY reading_id LIMIT :group)
    ORDER BY c.reading_id, c.ordinal"""


def upgrade() -> None:
    op.rename_table("reading_cells", "old_cells")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_reading_cells RENAME TO pk_old_cells")
        op.execute(
            "ALTER TABLE old_cells RENAME CONSTRAINT fk_reading_cells_reading_id_readings"
            " TO fk_old_cells_reading_id_readings"
        )
    create_tables()
    op.execute(NUMBER_CELLS)
    carry_cells()
    op.drop_table("old_cells")


def create_tables() -> None:
    op.create_table(
        "form_cells",
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("table_code", sa.Text(), nullable=False),
        sa.Column("row_code", sa.Text(), nullable=False),
        sa.Column("col_code", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("form", "position", name="pk_form_cells"),
        sa.UniqueConstraint(
            *("form", "table_code", "row_code", "col_code", "unit"),
            name="uq_form_cells_form_table_code_row_code_col_code_unit",
        ),
    )
    create_list(
        "reading_cells", sa.Column("items", Packed(), nullable=False), sa.Column("sequence", Packed())
    )
    create_list(
        "reading_places",
        sa.Column("stems", Packed(), nullable=False),
        sa.Column("places", Packed(), nullable=False),
    )


def create_list(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("reading_id", ROW_ID, autoincrement=False, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["reading_id"], ["readings.reading_id"], name=f"fk_{name}_reading_id_readings"
        ),
        sa.PrimaryKeyConstraint("reading_id", name=f"pk_{name}"),
    )


def carry_cells() -> None:
    known: dict[str, dict[CellCode, int]] = {}
    rows = op.get_bind().execute(
        sa.text("SELECT form, table_code, row_code, col_code, unit, position FROM form_cells")
    )
    for form, *code, position in rows:
        known.setdefault(form, {})[CellCode(*code)] = position
    last = 0
    while group := [(reading, form, cells) for reading, form, cells in old_cells(last)]:
        lists = [
            (reading, *packed(known[form], [code_of(cell) for cell in cells], cells))
            for reading, form, cells in group
        ]
        insert("reading_cells", [{"reading_id": reading, **values} for reading, values, _ in lists])
        insert("reading_places", [{"reading_id": reading, **places} for reading, _, places in lists])
        last = group[-1][0]


def old_cells(after: int) -> Iterator[tuple[int, str, list[CellRow]]]:
    """The next readings that have cells, with the cells in their order."""
    query = sa.text(NEXT_CELLS).columns(value=ExactNumber())
    rows = op.get_bind().execute(query, {"after": after, "group": GROUP}).mappings()
    for (reading_id, form), cells in groupby(rows, key=lambda row: (row["reading_id"], row["form"])):
        yield reading_id, form, [CellRow(*(cell[name] for name in CELL)) for cell in cells]


def insert(table: str, rows: list[dict[str, Any]]) -> None:
    columns = [sa.column(name, ROW_ID if name == "reading_id" else Packed()) for name in rows[0]]
    op.get_bind().execute(sa.insert(sa.table(table, *columns)), rows)
