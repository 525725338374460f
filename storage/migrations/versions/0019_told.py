"""Which runs brought reports that no run's report has told of yet."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now a run told of what came since the last that was done."""
    op.add_column("runs", sa.Column("told", sa.Integer, nullable=False, server_default="0"))
    runs = sa.table("runs", *(sa.column(name) for name in ("run_id", "command", "state", "told")))
    done = sa.select(sa.func.max(runs.c.run_id)).where(runs.c.command == "crawl", runs.c.state == "done")
    op.execute(sa.update(runs).where(runs.c.run_id <= done.scalar_subquery()).values(told=1))
