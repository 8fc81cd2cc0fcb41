"""PostgreSQL's role behind the wall: made by the owner, checked before anything is served.

The owner (`DATABASE_URL`) migrates. Everything else runs as `bosai_app`, which is no superuser, cannot step
round row-level security and owns nothing. SQLite has no roles.
"""

from django.db import OperationalError, connection, connections

from organisations.walls import APP_ROLE, grants


class UnsafeRole(RuntimeError):
    """Serving like this would let one organisation read another's rows. The text says what to type."""


def setup_sql(owner: str) -> list[str]:
    """What makes the run-time role and lets the owner (of DATABASE_URL) assume it. Safe to repeat."""
    return [
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}')"
        f" THEN CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS; END IF; END $$",
        f"GRANT {APP_ROLE} TO {connection.ops.quote_name(owner)}",
    ]


def grant_sql() -> list[str]:
    """What the owner grants it, now and for tables of later migrations."""
    future = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT"
    return [
        *grants(),
        f"{future} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE}",
        f"{future} USAGE, SELECT ON SEQUENCES TO {APP_ROLE}",
    ]


def refuse_unsafe(using: str = "default") -> None:
    """Raise UnsafeRole unless queries run as a role that row-level security holds."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(_FAULTS)
            role, is_super, steps_round, owned = cursor.fetchone()
    except OperationalError as error:
        if APP_ROLE in str(error):
            raise UnsafeRole(_said(str(error).strip())) from error
        raise
    if is_super:
        raise UnsafeRole(_said(f"Queries would run as {role}, a superuser: no wall holds it."))
    if steps_round:
        raise UnsafeRole(_said(f"Queries would run as {role}, which may step round row-level security."))
    if owned:
        raise UnsafeRole(_said(f"Queries would run as {role}, which owns {owned} tables."))


_FAULTS = """
    SELECT r.rolname, r.rolsuper, r.rolbypassrls,
           (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p') AND n.nspname = 'public')
    FROM pg_roles r WHERE r.rolname = current_user"""


def _said(what: str) -> str:
    owner = connection.settings_dict.get("USER") or "the_owner"
    lines = "\n".join(f"    {line};" for line in setup_sql(owner))
    return (
        f"{what}\nBosai serves as {APP_ROLE}. `./run manage roles` makes it; where the owner may not, "
        f"type this as a superuser and run it again:\n{lines}"
    )
