"""By which of http and https a host answers, where it is one alone."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sites", sa.Column("scheme", sa.Text, nullable=False, server_default=""))
