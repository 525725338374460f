"""What the ten questions need (storage/questions.toml): indexes, and the full text of the sections."""

import sqlalchemy as sa
from alembic import op

from storage.fulltext import create_index

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CURRENT = sa.text("standing = 'current'")
FAILED = sa.text("passed = 0")


def upgrade() -> None:
    partly("ix_readings_region_code_year", "readings", ["region_code", "year"], CURRENT)
    partly("ix_readings_read_at", "readings", ["read_at"], CURRENT)
    partly("ix_reading_checks_failed", "reading_checks", ["reading_id", "rule", "severity"], FAILED)
    partly("ix_year_checks_failed", "year_checks", ["report_id", "rule", "severity"], FAILED)
    op.create_index("ix_coverage_gaps_region_code_year", "coverage_gaps", ["region_code", "year"])
    create_index(op.get_bind())


def partly(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
