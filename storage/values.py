"""Column types that keep a number exact in both databases."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Dialect, Numeric, types


class ExactNumber(types.TypeDecorator[Decimal]):
    """A decimal without rounding. SQLite's NUMERIC affinity turns the bound text into an integer or a
    double only where that loses nothing, and keeps the text otherwise; Postgres has NUMERIC proper.
    """

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(SqliteNumeric())
        return dialect.type_descriptor(Numeric())

    def process_bind_param(self, value: Decimal | float | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return format(Decimal(str(value)), "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(str(value))


class SqliteNumeric(types.UserDefinedType[Any]):
    """NUMERIC as SQLite means it: an affinity, no conversion by the driver."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "NUMERIC"
