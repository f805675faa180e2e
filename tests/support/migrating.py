"""Making the tables of a test's database as an installation does: by their owner, where that is another role."""

from sqlalchemy import make_url

from lado import migrations
from lado.db import make_engine
from lado.migrations import Link
from tests.support.postgres import APPLICATION, OWNER


def migrate(url: str, link: Link | None = None) -> None:
    """Bring the database at the application's address up to date, with what the application's role is given."""
    owner = make_engine(as_role(url, OWNER))
    try:
        role = APPLICATION if owner.dialect.name == "postgresql" else None
        migrations.upgrade(owner, link=link, role=role)
    finally:
        owner.dispose()


def as_role(url: str, role: str) -> str:
    """The address by which another of PostgreSQL's roles reaches the same database; SQLite knows none."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(username=role)
    return parsed.render_as_string(hide_password=False)
