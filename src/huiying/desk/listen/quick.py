"""Many rows with one statement that the database reads once: for what listening writes with every mention.

Django's `bulk_create` writes a new statement for each few rows and prepares every value of it anew, which costs many
times what the database itself needs.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db import connection, models

#: Fields whose values go to the database as they are.
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.FloatField, models.ForeignKey)


def insert(rows: Sequence[models.Model]) -> None:
    """Write new rows in their order; their ids are left to the database and not read back."""
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if not field.primary_key]
    names = ", ".join(map(_column, fields))
    _run(f"INSERT INTO {_table(rows)} ({names}) VALUES ({', '.join(['%s'] * len(fields))})", rows, fields)  # noqa: S608


def update(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write the named fields of rows that are there."""
    if not rows:
        return
    key = rows[0]._meta.pk
    fields = [rows[0]._meta.get_field(name) for name in names]
    told = ", ".join(f"{_column(field)} = %s" for field in fields)
    _run(f"UPDATE {_table(rows)} SET {told} WHERE {_column(key)} = %s", rows, [*fields, key])  # noqa: S608


def _table(rows: Sequence[models.Model]) -> str:
    return connection.ops.quote_name(rows[0]._meta.db_table)


def _column(field: Any) -> str:
    return connection.ops.quote_name(field.column)


def _run(sql: str, rows: Sequence[models.Model], fields: Sequence[Any]) -> None:
    """`sql` holds names of our own tables and columns only."""
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(_values(rows, fields)))


def _values(rows: Iterable[models.Model], fields: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    ways = [(field.attname, _way(field)) for field in fields]
    for row in rows:
        yield tuple([way(getattr(row, name)) if way else getattr(row, name) for name, way in ways])


def _way(field: Any) -> Callable[[Any], Any] | None:
    """How a field's value is made ready for the database; None: it is ready."""
    if isinstance(field, _PLAIN):
        return None
    if isinstance(field, models.JSONField):
        return partial(connection.ops.adapt_json_value, encoder=field.encoder)
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    return partial(field.get_db_prep_save, connection=connection)
