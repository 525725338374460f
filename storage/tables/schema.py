"""What all tables share: the schema they are of, how its parts are named, the rows that an index is for."""

from typing import Any

from sqlalchemy import BigInteger, Integer, MetaData, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Rows that an index is only for.
CURRENT: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), text("standing = 'current'"))
FAILED: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), text("passed = 0"))

# SQLite gives row ids only to a column declared INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")
