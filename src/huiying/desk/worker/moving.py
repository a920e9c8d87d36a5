"""From SQLite to PostgreSQL: every row copied in one transaction, counted, and searchable again."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import environ
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, models, transaction

from huiying.desk.accounts.models import Person
from huiying.desk.listen.models import SearchDoc
from huiying.desk.listen.search.vendors import vendor_of

TARGET = "target"
CHUNK = 500
#: Not taken along: who is signed in, and who typed a wrong password lately.
LEFT_OUT = frozenset({"sessions", "axes"})


class NotEmpty(Exception):
    """There is a desk in the target already."""


class NotPostgres(Exception):
    """The address does not name a PostgreSQL database, or we are not on SQLite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What was copied."""

    tables: int
    rows: int


def move(address: str) -> Moved:
    """Copy everything into the empty database at `address`; ours stays as it is. Raises NotEmpty, NotPostgres, DatabaseError.

    Nobody may write meanwhile. All or nothing: a copy that breaks off leaves an empty database behind.
    """
    _open(address)
    call_command("migrate", database=TARGET, verbosity=0, interactive=False)
    if Person.objects.using(TARGET).exists():
        raise NotEmpty
    tables = [model for model in apps.get_models(include_auto_created=True) if _ours(model)]
    with transaction.atomic(using=TARGET):
        for model in reversed(tables):  # what migrations wrote by themselves: content types
            model._base_manager.using(TARGET).all().delete()
        rows = sum(_copy(model) for model in tables)
        _number_on(tables)
        _index()
    return Moved(tables=len(tables), rows=rows)


def _open(address: str) -> None:
    try:
        config: dict[str, Any] = environ.Env.db_url_config(address)
    except (ValueError, KeyError) as error:
        raise NotPostgres from error
    if connection.vendor != "sqlite" or not str(config.get("ENGINE", "")).endswith("postgresql"):
        raise NotPostgres
    defaults = connections.configure_settings({"default": {}, TARGET: config})
    connections.settings[TARGET] = defaults[TARGET]


def _ours(model: type[models.Model]) -> bool:
    return bool(model._meta.managed) and not model._meta.proxy and model._meta.app_label not in LEFT_OUT


def _copy(model: type[models.Model]) -> int:
    rows = model._base_manager.using("default").order_by("pk").iterator(CHUNK)
    copied = 0
    while batch := list(islice(rows, CHUNK)):
        copied += len(model._base_manager.using(TARGET).bulk_create(batch))
    found = model._base_manager.using(TARGET).count()
    assert found == copied, f"{model._meta.label}: {copied} copied, {found} there"
    return copied


def _number_on(tables: list[type[models.Model]]) -> None:
    """New rows take numbers after those that were copied."""
    with connections[TARGET].cursor() as cursor:
        for sql in connections[TARGET].ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(sql)


def _index() -> None:
    """The search index is each database's own and is made anew."""
    with connections[TARGET].cursor() as cursor:
        for batch in _documents():
            vendor_of("postgresql").add(cursor, batch)


def _documents() -> Iterator[list[tuple[int, str]]]:
    rows = SearchDoc.objects.using("default").order_by("pk").values_list("pk", "body").iterator(CHUNK)
    while batch := list(islice(rows, CHUNK)):
        yield batch
