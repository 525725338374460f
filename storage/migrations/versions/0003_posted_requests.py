"""Requests that post a form, and what a run has to tell a person.

The frontier's key is the request and no longer the address alone: some listings answer every page at one
address, by what is posted there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("frontier", "url", new_column_name="request_key")
    op.add_column("frontier", sa.Column("url", sa.Text(), server_default="", nullable=False))
    op.add_column("frontier", sa.Column("method", sa.Text(), server_default="GET", nullable=False))
    op.add_column("frontier", sa.Column("request_headers", sa.Text(), server_default="[]", nullable=False))
    op.add_column("frontier", sa.Column("request_body", sa.LargeBinary(), nullable=True))
    op.add_column("frontier", sa.Column("hops", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE frontier SET url = request_key")
    op.create_table(
        "run_findings",
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name="fk_run_findings_run_id_runs"),
        sa.PrimaryKeyConstraint("run_id", "host", "code", "text", name="pk_run_findings"),
    )
