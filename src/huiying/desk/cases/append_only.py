"""The database's own refusal to change or remove a journal entry; the migration puts it there."""

from typing import Any

TABLE = "cases_journalentry"
WORDS = "a journal entry is never changed or removed"
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION journal_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation'; END $$"
)
GUARD = {
    "sqlite": [
        f"CREATE TRIGGER IF NOT EXISTS journal_keeps_{verb.lower()} BEFORE {verb} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        _FUNCTION,
        f"DROP TRIGGER IF EXISTS journal_keeps ON {TABLE}",
        f"CREATE TRIGGER journal_keeps BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION journal_keeps()",
    ],
}
UNGUARD = {
    "sqlite": [f"DROP TRIGGER IF EXISTS journal_keeps_{verb}" for verb in ("update", "delete")],
    "postgresql": [
        f"DROP TRIGGER IF EXISTS journal_keeps ON {TABLE}",
        "DROP FUNCTION IF EXISTS journal_keeps()",
    ],
}


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def guard(connection: Any) -> None:
    """Refuse from now on. `connection` is a Django database connection."""
    _run(connection, GUARD[connection.vendor])


def unguard(connection: Any) -> None:
    """Allow again: for undoing the migration, and for tests that throw their database away."""
    _run(connection, UNGUARD[connection.vendor])
