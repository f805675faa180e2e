"""The wall before cases that somebody is kept from: every read of theirs goes through it, whoever wrote the query.

A page, a list, a count, a search: each is read in a session that adds one condition to whatever concerns a case. What
is behind the wall answers as what does not exist. The scheduler and the services that write see every case.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, bindparam, event, inspect, or_, select, true
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from lado.act import Act
from lado.models import Barred, Base, Conflict, Referral
from lado.security.identity import Identity

PERSON, OPENED = "person_behind_the_wall", "opened_to_them"
"""Under which names a session keeps whose reads these are, and statements take them: a statement that was asked to
stand before the wall and was told of nobody fails, and answers nothing."""

OF_A_CASE = "referral_id"
"""The name of the column by which a table says which case its rows are about."""

OWN = (Barred, Conflict)
"""What is not hidden with a case: what people declared themselves stays theirs."""

BARRED = Base.metadata.tables[Barred.__tablename__]


class Walled(Session):
    """A session that can stand behind the wall of one person."""


def session_of(who: Identity, *, for_reading: bool, **options: Any) -> Session:
    """A session for this person; for reading, behind their wall. The scheduler's has none: it sees every case.

    Everybody stands behind one, whether or not there is a case that they are kept from: so nobody's pages take longer
    than a colleague's for being named somewhere.
    """
    if who.id is None:
        return Session(**options)
    return Walled(info={PERSON: who.id, OPENED: who.opened} if for_reading else {}, **options)


@contextmanager
def before(act: Act) -> Iterator[None]:
    """Read behind the wall in the middle of writing: for what leaves the building in somebody's hands."""
    act.session.info[PERSON] = act.who.id
    try:
        yield
    finally:
        del act.session.info[PERSON]


def kept_from(person: Any) -> Select[int]:
    """The ids of the cases that somebody is kept from now."""
    return select(BARRED.c.referral_id).where(BARRED.c.account_id == person, BARRED.c.ended_at.is_(None))


@event.listens_for(Walled, "do_orm_execute")
def _stand_before(state: ORMExecuteState) -> None:
    person = state.session.info.get(PERSON)
    if person is None or not state.is_select:
        return
    opened = state.session.info.get(OPENED, ())
    state.statement = state.statement.options(WALL_BUT if opened else WALL)
    told: dict[str, Any] = {PERSON: person, **({OPENED: opened} if opened else {})}
    given: Any = state.parameters
    state.parameters = {**(given or {}), **told}


def _condition(model: Any, behind: Select[int]) -> ColumnElement[bool]:
    """The condition on one table, or on one alias of it: none where its rows are about no case."""
    found = inspect(model, raiseerr=False)
    if found is None:
        return true()
    kind = found.mapper.class_
    if kind is Referral:
        return cast(ColumnElement[bool], model.id.not_in(behind))
    column = found.mapper.columns.get(OF_A_CASE)
    if column is None or kind in OWN:
        return true()
    about = getattr(model, OF_A_CASE)
    elsewhere: ColumnElement[bool] = about.not_in(behind)
    return or_(about.is_(None), elsewhere) if column.nullable else elsewhere


BEHIND = kept_from(bindparam(PERSON, required=True))
BEHIND_BUT = BEHIND.where(BARRED.c.referral_id.not_in(bindparam(OPENED, expanding=True)))

# One option for every table there is, and who it is for is no part of it but given with each statement: so a statement
# is put together once for all people, and standing before the wall costs next to nothing. Each has a lambda of its own,
# for it is by their lambdas that they are told apart.
WALL = with_loader_criteria(
    Base, lambda model: _condition(model, BEHIND), include_aliases=True, track_closure_variables=False
)
WALL_BUT = with_loader_criteria(
    Base, lambda model: _condition(model, BEHIND_BUT), include_aliases=True, track_closure_variables=False
)
"""The wall of somebody to whom cases are open for a while, because two people broke the glass."""
