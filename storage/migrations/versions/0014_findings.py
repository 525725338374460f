"""The view `findings`, which storage/views.py makes anew at every upgrade."""

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No table changes."""
