"""Refusing to rewrite history inside the database itself, on SQLite and on PostgreSQL.

Events and seals refuse UPDATE and DELETE; the text of an event refuses DELETE and every UPDATE but its erasure; on
PostgreSQL all three refuse TRUNCATE too. The head stays free: the sealer moves it.

A migration installs the triggers. SQLite drops a table's triggers when a later migration rebuilds that table, so they
are also put back after every `migrate` (apps.py). There is no switch inside the database that lifts them: the tests,
which must empty tables, remove and reinstall them from outside (tests/ground/audit_flush.py).
"""

from django.db.backends.base.base import BaseDatabaseWrapper

FROZEN_TABLES = ("audit_auditevent", "audit_auditseal")
TEXT_TABLE = "audit_audittext"
MESSAGE = "the audit history is append-only"

_ERASURE = (
    "OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.text = '' AND NEW.salt = '' "
    "AND NEW.event_id = OLD.event_id AND NEW.id = OLD.id"
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place; those that are there already are replaced."""
    remove(connection)
    _run(connection, _postgresql() if connection.vendor == "postgresql" else _sqlite())


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for the reverse of the migration, and for tests that empty tables."""
    suffix = {
        table: f" ON {table}" if connection.vendor == "postgresql" else "" for table in (*FROZEN_TABLES, TEXT_TABLE)
    }
    _run(
        connection,
        [
            f"DROP TRIGGER IF EXISTS {table}_{act}{suffix[table]}"
            for table in suffix
            for act in ("update", "delete", "truncate")
        ],
    )


def names() -> frozenset[str]:
    """The triggers that stand on both engines."""
    return frozenset(f"{table}_{act}" for table in (*FROZEN_TABLES, TEXT_TABLE) for act in ("update", "delete"))


def installed(connection: BaseDatabaseWrapper) -> frozenset[str]:
    """Those of our triggers that the database really has."""
    catalog = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalog)
        return frozenset(name for (name,) in cursor.fetchall()) & names()


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    frozen = [
        f"CREATE TRIGGER {table}_{act} BEFORE {act.upper()} ON {table} {refuse}"
        for table in FROZEN_TABLES
        for act in ("update", "delete")
    ]
    return [
        *frozen,
        f"CREATE TRIGGER {TEXT_TABLE}_update BEFORE UPDATE ON {TEXT_TABLE} WHEN NOT ({_ERASURE}) {refuse}",
        f"CREATE TRIGGER {TEXT_TABLE}_delete BEFORE DELETE ON {TEXT_TABLE} {refuse}",
    ]


def _postgresql() -> list[str]:
    function = (
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    refuse = "EXECUTE FUNCTION audit_refuse()"
    unless_erasure = f"WHEN (NOT ({_ERASURE}))"
    frozen = [
        f"CREATE TRIGGER {table}_{act} BEFORE {act.upper()} ON {table} FOR EACH ROW {refuse}"
        for table in FROZEN_TABLES
        for act in ("update", "delete")
    ]
    truncate = [
        f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}"
        for table in (*FROZEN_TABLES, TEXT_TABLE)
    ]
    return [
        function,
        *frozen,
        *truncate,
        f"CREATE TRIGGER {TEXT_TABLE}_update BEFORE UPDATE ON {TEXT_TABLE} FOR EACH ROW {unless_erasure} {refuse}",
        f"CREATE TRIGGER {TEXT_TABLE}_delete BEFORE DELETE ON {TEXT_TABLE} FOR EACH ROW {refuse}",
    ]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
