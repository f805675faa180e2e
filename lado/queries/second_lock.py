"""The second lock, on PostgreSQL: what a transaction is told at its beginning of the rows that it may have.

The policies of `lado.migrations.row_security` read it. It ends with the transaction, so that the next one on the same
connection begins with nothing. SQLite has no such lock: there the wall and the queries stand alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Connection, DateTime, Integer, bindparam, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction

from lado.act import Act
from lado.queries.grants import granted
from lado.queries.wall import kept_from
from lado.security.identity import SYSTEM, Identity, Role

SCOPE = "what the second lock lets through"
"""Under which name a session keeps what its transactions are told."""

SETTINGS = ("everything", "councils", "person", "cases", "barred")
TELL = "SELECT " + ", ".join(f"set_config('lado.{name}', %({name})s, true)" for name in SETTINGS)


class Scope(NamedTuple):
    """What a transaction may have: everything, or the rows of these councils, or a partner's own at an instant.

    Of the councils' cases, those that the person is kept from are left out where they read.
    """

    everything: bool = False
    councils: tuple[int, ...] = ()
    person: int | None = None
    follows_at: datetime | None = None
    is_walled: bool = False
    opened: tuple[int, ...] = ()
    """Cases that are open to them for a while although they are kept from them."""

    @property
    def looks_up(self) -> str | None:
        """The setting for which cases have to be looked up first."""
        if self.follows_at is not None:
            return "cases"
        return "barred" if self.is_walled else None

    @property
    def told(self) -> Mapping[str, str]:
        """The settings, as they are before any case is looked up."""
        return {
            "everything": "on" if self.everything else "",
            "councils": _array(self.councils),
            "person": str(self.person or ""),
            "cases": _array(()),
            "barred": _array(()),
        }


EVERYTHING = Scope(everything=True)


def scope_of(who: Identity, at: datetime, *, for_reading: bool) -> Scope:
    """What a transaction of this person's may have at this instant; the scheduler's has everything."""
    if who.id is None:
        return EVERYTHING if who == SYSTEM else Scope()
    if who.role is Role.PARTNER:
        return Scope(person=who.id, follows_at=at)
    councils = () if who.authority is None else (who.authority, *who.serves)
    return Scope(councils=councils, person=who.id, is_walled=for_reading, opened=who.opened)


def bind(session: Session, scope: Scope) -> None:
    """Have every transaction of this session begin by being told this."""
    session.info[SCOPE] = scope


@contextmanager
def lifted(act: Act, to: Scope) -> Iterator[None]:
    """Let what follows reach further than the person does: for a deed that the policy has just allowed them.

    After an error it stays lifted, and what was done is undone with the whole transaction.
    """
    scope: Scope | None = act.session.info.get(SCOPE)
    connection = act.session.connection()
    if scope is None or scope.everything or connection.dialect.name != "postgresql":
        yield
        return
    _tell_anew(act, to)
    yield
    _tell_anew(act, scope)


def _tell_anew(act: Act, scope: Scope) -> None:
    act.session.flush()
    act.session.info[SCOPE] = scope
    tell(act.session.connection(), scope)


def of_council(authority_id: int) -> Scope:
    """The rows of one council."""
    return Scope(councils=(authority_id,))


@event.listens_for(Session, "after_begin")
def _tell_what_begins(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    scope: Scope | None = session.info.get(SCOPE)
    if scope is not None and not transaction.nested:
        tell(connection, scope)


def tell(connection: Connection, scope: Scope) -> None:
    """Tell the transaction that this connection is in, in one round trip, of which nobody's statements are counted."""
    if connection.dialect.name != "postgresql":
        return
    try:
        with closing(connection.connection.cursor()) as cursor:
            if scope.looks_up is None:
                cursor.execute(TELL, scope.told)
            else:
                given = {"account": scope.person, "at": scope.follows_at, "opened": list(scope.opened)}
                cursor.execute(_looking_up(scope.looks_up), {**scope.told, **given})
    except psycopg.Error as problem:
        raise DBAPIError.instance(None, None, problem, psycopg.Error, dialect=connection.dialect) from problem


@lru_cache(maxsize=2)
def _looking_up(setting: str) -> str:
    """What tells a setting the ids that are found at that moment, by the same select as everybody else's.

    For the looking itself everything is to be had. Each step waits for the row of the one before: nothing is looked at
    before the first setting is changed, and none is changed back before everything was looked at.
    """
    account: Any = bindparam("account", type_=Integer())
    at: Any = bindparam("at", type_=DateTime(timezone=True))
    ids = granted(account, at) if setting == "cases" else kept_from(account)
    return f"""WITH begun AS MATERIALIZED (SELECT set_config('lado.everything', 'on', true) AS told),
        found AS MATERIALIZED (
            SELECT COALESCE(array_agg(one.id), '{{}}')::text AS ids FROM begun CROSS JOIN LATERAL (
                SELECT id FROM ({ids.compile(dialect=_DIALECT)}) AS each (id)
                WHERE begun.told = 'on' AND id <> ALL (%(opened)s::integer[]) OFFSET 0
            ) AS one
        )
        {TELL.replace(f"%({setting})s", "found.ids")} FROM found"""  # noqa: S608 - our own names


_DIALECT = make_url("postgresql+psycopg://").get_dialect()()


def _array(ids: Iterable[int]) -> str:
    """Ids as PostgreSQL reads them."""
    return "{" + ",".join(map(str, ids)) + "}"
