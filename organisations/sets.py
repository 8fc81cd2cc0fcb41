"""Many values as one parameter: a set of rows the database can join, whatever its size."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Func, TextField, Value


def ids_as_rows(ids: Iterable[int]) -> tuple[str, list[Any]]:
    """A sub-select with one column `id`, and its parameters."""
    if connection.vendor == "postgresql":
        return "SELECT unnest(%s::bigint[]) AS id", [list(ids)]
    return "SELECT value AS id FROM json_each(%s)", [json.dumps(list(ids))]


def among(texts: Iterable[str]) -> Func:
    """For `key__in=among(keys)`: thousands of placeholders would take longer to read than to look up."""
    rows = "value FROM json_each(%(expressions)s)"
    if connection.vendor == "postgresql":
        rows = "json_array_elements_text(%(expressions)s::json)"
    values = Value(json.dumps(list(texts), ensure_ascii=False))
    return Func(values, template=f"(SELECT {rows})", output_field=TextField())


def as_stored(moment: datetime) -> Any:
    """A time as the database keeps it, for statements written by hand."""
    return connection.ops.adapt_datetimefield_value(moment)


def as_read(value: object) -> datetime:
    """A time as a hand-written statement returns it, made aware again."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    assert isinstance(value, datetime)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def is_so(flag: str) -> str:
    """A flag, said as indexes on part of a table say it: SQLite uses one only for the very same words."""
    return f"{flag} = 1" if connection.vendor == "sqlite" else flag
