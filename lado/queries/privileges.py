"""Whether the application runs as a role that could change the record: PostgreSQL is asked, SQLite has no roles."""

from sqlalchemy import text
from sqlalchemy.orm import Session

OWNS = text(
    """SELECT count(*) FROM pg_class
    WHERE relname = ANY(:tables) AND relnamespace = 'public'::regnamespace AND pg_has_role(relowner, 'MEMBER')"""
)
PASSES_BY = text("SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user")
IS_LOCKED = text("SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = 'public.referral'::regclass")
IS_SUPERUSER = text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
HELD = text(
    """SELECT named, held FROM unnest(CAST(:tables AS text[])) AS named,
    unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS held
    WHERE has_table_privilege(format('public.%I', named), held) ORDER BY named, held"""
)
MAY_CHANGE = text(
    "SELECT has_column_privilege('public.referral', named, 'UPDATE') FROM unnest(CAST(:names AS text[])) AS named"
)
MAY_MAKE = text("SELECT has_schema_privilege('public', 'CREATE')")

WRITTEN_ONCE = ("certificate", "checkpoint", "ledger_entry", "read_entry")
"""Tables of which no row is ever changed."""
DATES = ("received_at", "recorded_at")
"""What is never changed in a referral."""

SUPERUSER = "The application runs as a superuser of PostgreSQL, so that nothing in the database can hold it back."
OWNER = (
    "The application owns its tables, so that it could take away what protects the record. "
    "Give it a role of its own: see docs/runbooks/postgresql.md."
)


def too_many(session: Session) -> list[str]:
    """What this session's role may do that it should not, in words; empty where the database itself holds it back."""
    if session.get_bind().dialect.name != "postgresql":
        return []
    if session.scalar(IS_SUPERUSER):
        return [SUPERUSER]
    if session.scalar(OWNS, {"tables": [*WRITTEN_ONCE, "referral"]}):
        return [OWNER]
    held = session.execute(HELD, {"tables": list(WRITTEN_ONCE)})
    found = [f"The application's role has the privilege {row.held} on {row.named}." for row in held]
    if any(session.scalars(MAY_CHANGE, {"names": list(DATES)})):
        found.append("The application's role may change the received or the recorded date of a referral.")
    if session.scalar(MAY_MAKE):
        found.append("The application's role may make tables of its own.")
    if session.scalar(PASSES_BY):
        found.append("The application's role has BYPASSRLS, so that the lock on each row does not hold it.")
    if not session.scalar(IS_LOCKED):
        found.append("The rows of cases are not locked. Run `flask db upgrade` with LADO_OWNER_URL.")
    return found
