"""Reports listed and counted by name out of the index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CURRENT = sa.text("standing = 'current'")
LISTED = ["year", "publisher", "report_id", "standing"]


def upgrade() -> None:
    op.drop_index("ix_readings_listed", "readings")
    op.create_index("ix_readings_listed", "readings", LISTED, sqlite_where=CURRENT, postgresql_where=CURRENT)
