"""The index in the words of each database: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

Both hold the same entries (see `bigrams`) and both only narrow down: where the entries alone do not prove a find, the
normalised text itself is compared, so that counts are exact and equal on both.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from huiying.desk.listen.search.bigrams import Both, Expr, Need, tokens

Row = tuple[int, str]  # id of the SearchDoc, its normalised body


class Cursor(Protocol):
    """What we use of a database cursor."""

    def execute(self, sql: str, params: Sequence[Any] = ...) -> Any: ...
    def executemany(self, sql: str, params: Sequence[Sequence[Any]]) -> Any: ...


def _written(expr: Expr, need: Callable[[Need], str], both: str, either: str) -> str:
    if isinstance(expr, Need):
        return need(expr)
    joint = both if isinstance(expr, Both) else either
    return "(" + joint.join(_written(part, need, both, either) for part in expr.parts) + ")"


class Sqlite:
    """FTS5 without a copy of the text and without positions; taking an entry out needs the text that was put in."""

    make = (
        "CREATE VIRTUAL TABLE listen_index USING fts5(tokens, content='', tokenize='ascii', detail=none)",
    )
    unmake = ("DROP TABLE listen_index",)
    #: CROSS JOIN keeps the index as the outer loop; the planner would begin with the documents.
    source = "listen_index i CROSS JOIN listen_searchdoc d ON d.id = i.rowid"
    where = "listen_index MATCH %s"
    arrival = "i.rowid"
    compare = "instr(d.body, %s) > 0"

    def add(self, cursor: Cursor, rows: Sequence[Row]) -> None:
        """Put documents into the index."""
        sql = "INSERT INTO listen_index(rowid, tokens) VALUES (%s, %s)"
        cursor.executemany(sql, [(pk, " ".join(tokens(body))) for pk, body in rows])

    def take(self, cursor: Cursor, rows: Sequence[Row]) -> None:
        """Take documents out of the index; `rows` as they were put in."""
        sql = "INSERT INTO listen_index(listen_index, rowid, tokens) VALUES ('delete', %s, %s)"
        cursor.executemany(sql, [(pk, " ".join(tokens(body))) for pk, body in rows])

    def asked(self, expr: Expr) -> str:
        """The query in FTS5's words."""
        return _written(expr, self._need, " AND ", " OR ")

    @staticmethod
    def _need(need: Need) -> str:
        quoted = '"' + need.token.replace('"', '""') + '"'
        return quoted + " *" if need.prefix else quoted


class Postgres:
    """A tsvector column beside the text, under a GIN index."""

    make = (
        "ALTER TABLE listen_searchdoc ADD COLUMN tokens tsvector",
        "CREATE INDEX listen_searchdoc_tokens ON listen_searchdoc USING gin (tokens)",
    )
    unmake = (
        "DROP INDEX listen_searchdoc_tokens",
        "ALTER TABLE listen_searchdoc DROP COLUMN tokens",
    )
    source = "listen_searchdoc d"
    where = "d.tokens @@ %s::tsquery"
    arrival = "d.id"
    compare = "position(%s in d.body) > 0"

    def add(self, cursor: Cursor, rows: Sequence[Row]) -> None:
        """Put documents into the index."""
        sql = "UPDATE listen_searchdoc SET tokens = array_to_tsvector(%s::text[]) WHERE id = %s"
        cursor.executemany(sql, [(tokens(body), pk) for pk, body in rows])

    def take(self, cursor: Cursor, rows: Sequence[Row]) -> None:
        """Nothing to do: the entries go with the row."""

    def asked(self, expr: Expr) -> str:
        """The query in tsquery's words."""
        return _written(expr, self._need, " & ", " | ")

    @staticmethod
    def _need(need: Need) -> str:
        quoted = "'" + need.token.replace("\\", "\\\\").replace("'", "''") + "'"
        return quoted + ":*" if need.prefix else quoted


Vendor = Sqlite | Postgres
_VENDORS: dict[str, Vendor] = {"sqlite": Sqlite(), "postgresql": Postgres()}


def vendor_of(name: str) -> Vendor:
    """The index for a database by Django's name of it. Raises ValueError for one that the desk does not run on."""
    if name not in _VENDORS:
        raise ValueError(f"search runs on SQLite and PostgreSQL, not on {name}")
    return _VENDORS[name]


def create(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """For the migration: make the index."""
    for sql in vendor_of(editor.connection.vendor).make:
        editor.execute(sql)


def remove(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """For the migration: unmake it."""
    for sql in vendor_of(editor.connection.vendor).unmake:
        editor.execute(sql)
