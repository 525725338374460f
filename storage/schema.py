"""Moving the schema: Alembic, run from here, without an alembic.ini.

Migrations make and change tables. Views hold no data, so each upgrade drops them, moves the tables and
makes today's views anew; a change of a view alone is an empty revision. So are the sums, which follow from
what is in the tables.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from storage.sums import count_anew
from storage.views import create_views, drop_views

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's commands act on `connection`, inside the transaction it already has."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def is_known(revision: str) -> bool:
    try:
        return ScriptDirectory.from_config(alembic_config()).get_revision(revision) is not None
    except CommandError:
        return False


def upgrade_schema(connection: Connection) -> None:
    drop_views(connection)
    command.upgrade(alembic_config(connection), "head")
    create_views(connection)
    count_anew(connection)
