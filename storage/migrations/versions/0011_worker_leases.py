"""A crawl's run is leased like its sites: until when its worker is taken to be alive."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("lease_until", sa.Text(), nullable=True))
