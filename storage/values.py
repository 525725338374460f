"""How numbers, moments and text are kept, so that both databases give back exactly what was stored."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Dialect, LargeBinary, Numeric, SmallInteger, Text, types
from sqlalchemy.dialects.postgresql import JSONB

LARGEST_INTEGER = 2**63 - 1
BRIEF = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # json.dumps makes one each time
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ExactNumber(types.TypeDecorator[Decimal]):
    """A decimal without rounding: NUMERIC in Postgres. In SQLite a column without affinity, which holds an
    integer or a double where that loses nothing and text where it would (NUMERIC affinity loses
    silently: it turns the text 12345678901234567.89 into the integer 12345678901234568).
    """

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(AnyValue())
        return dialect.type_descriptor(Numeric())

    def process_bind_param(self, value: Decimal | float | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        exact = Decimal(str(value))
        return exact_in_sqlite(exact) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - their signature
        return None if value is None else Decimal(str(value))


class AnyValue(types.UserDefinedType[Any]):
    """A column declared without a type, which SQLite takes to mean: store what is bound, as it is."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return ""


class OneOf(types.TypeDecorator[str]):
    """A word of a short list, kept as its place there. SQLite takes no byte for the first two.

    A number beyond the list is given as "?7", so that verify can say so.
    """

    impl = SmallInteger
    cache_ok = True

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__()
        self.words = tuple(words)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - their signature
        return None if value is None else self.words.index(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - their signature
        if value is None:
            return None
        return self.words[value] if 0 <= value < len(self.words) else f"?{value}"


class Packed(types.TypeDecorator[Any]):
    """Lists that SQL can look into with `->`: JSON text without spaces in SQLite, JSONB in Postgres."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        is_postgres = dialect.name == "postgresql"
        return dialect.type_descriptor(JSONB(none_as_null=True) if is_postgres else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else as_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else json.loads(value)


class HexDigest(types.TypeDecorator[str]):
    """A digest: lower-case hex to us, half as many bytes to the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - their signature
        return None if value is None else bytes.fromhex(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - their signature
        return None if value is None else bytes(value).hex()


class Moment(types.TypeDecorator[str]):
    """A moment: the text of `as_text` to us, milliseconds since 1970 to the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - their signature
        return None if value is None else (as_moment(value) - EPOCH) // timedelta(milliseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - their signature
        return None if value is None else as_text(EPOCH + timedelta(milliseconds=value))


def as_json(value: Any) -> str:
    return BRIEF.encode(value)


def exact_in_sqlite(number: Decimal) -> int | float | str:
    if number == number.to_integral_value() and abs(number) <= LARGEST_INTEGER:
        return int(number)
    nearest = float(number)
    return nearest if Decimal(repr(nearest)) == number else format(number, "f")


def as_bound(value: Any) -> Any:
    """A value as either database takes it without being told its type."""
    return exact_in_sqlite(value) if isinstance(value, Decimal) else value


def as_text(moment: datetime) -> str:
    """ISO 8601 in UTC, always to the millisecond and with Z: text of one width sorts as time does.

    Raises ValueError for a moment without a time zone, which names no moment.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def as_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def storable(text: str) -> str:
    """Replace what cannot be kept: Postgres has no NUL in text, and UTF-8 no half of a pair."""
    if text.isascii() and "\0" not in text:
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    return text.replace("\0", "\ufffd")
