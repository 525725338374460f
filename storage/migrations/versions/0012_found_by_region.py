"""Views that find a region's and a measure's rows by an index; no index on a word that most rows have."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CURRENT = sa.text("standing = 'current'")


def upgrade() -> None:
    op.drop_index("ix_readings_standing_year", "readings")
    for columns in (["year"], ["form", "year"]):
        name = f"ix_readings_{'_'.join(columns)}"
        op.create_index(name, "readings", columns, sqlite_where=CURRENT, postgresql_where=CURRENT)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER FUNCTION character_pairs(text) COST 10000")
