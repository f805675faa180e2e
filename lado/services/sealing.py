"""Keys that seal: a new one for each case, and master keys one after another while people go on working.

The database says which master key wraps what is new. A key that is wrapped anew opens what it sealed before: nothing
else is written, and no entry of the record is touched. See `docs/adr/0028-master-keys-follow-one-another.md`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, or_, select

from lado.act import Act
from lado.errors import Refused
from lado.models import MasterKey, SealingKey
from lado.queries import sealing
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import bulk
from lado.services.insertion import insert_new

BATCH = 500
"""How many keys are wrapped anew in one transaction: a few hundredths of a second in which others wait at most."""

NOT_HERE = (
    "The master key {name} that this database now uses is not at hand. "
    "Copy secrets.json from the machine on which it was made, or set LADO_OTHER_MASTER_KEYS."
)
WRONG = "The keys do not belong to this database. Put back the secrets.json (or the LADO_ keys) that it was made with."


def new_key(act: Act) -> SealingKey:
    """Make a key for one case or council, wrapped by the master key that the database names. Raises Refused."""
    master = _current(act)
    _ensure_here(act, master)
    return SealingKey(wrapped=act.vault.new_key(master.name), master_key_id=master.id)


def ensure_keys(act: Act) -> None:
    """Raise Refused when the keys at hand are not those, or not all of those, that this database was sealed with."""
    named = sealing.in_use(act.session)
    if not named:
        first = sealing.first_fingerprint(act.session)
        if first is not None and first not in {act.vault.fingerprint_of(name) for name in act.vault.masters}:
            raise Refused(WRONG)
    for master in named:
        _ensure_here(act, master)


def begin_rotation(act: Act, name: bytes) -> None:
    """From now on this master key wraps what is new; what is there follows with `rewrap`. Raises Refused, NotAllowed.

    Refused while an earlier change is still under way.
    """
    ensure(act.who, Permission.KEYS_KEEP)
    now = _current(act)
    if now.name == name:
        return
    if not act.vault.holds_master(name):
        raise Refused(NOT_HERE.format(name=name.hex()))
    if len(sealing.in_use(act.session)) > 1:
        raise Refused(
            "Another change of the master key is not finished. Finish it first: flask keys rotate, then retire."
        )
    act.session.add(MasterKey(name=name, fingerprint=act.vault.fingerprint_of(name), begun_at=act.at))
    act.session.flush()


def rewrap(act: Act, batch: int = BATCH) -> int:
    """Wrap the next keys anew that another master key wrapped; how many those were, 0 when none is left.

    Another process may do the same at the same time: on PostgreSQL each takes keys that the other one has not.
    """
    ensure(act.who, Permission.KEYS_KEEP)
    master = _current(act)
    _ensure_here(act, master)
    query = (
        select(SealingKey.id, SealingKey.wrapped)
        .where(or_(SealingKey.master_key_id < master.id, SealingKey.master_key_id.is_(None)))
        .limit(batch)
        .with_for_update(skip_locked=True)
    )
    rows = act.session.execute(query).all()
    wrapped = [act.vault.rewrapped(row.wrapped, master.name) for row in rows]
    to: Mapping[str, Sequence[Any]] = {"wrapped": wrapped, "master_key_id": [master.id] * len(rows)}
    bulk.change(act.session, SealingKey, {"id": [row.id for row in rows]}, to)
    return len(rows)


def retire(act: Act) -> tuple[bytes, ...]:
    """Forget the master keys that wrap nothing any more; their names. Raises Refused while one still does.

    After this no key can be wrapped by them: a process that has not heard of the new one is refused by the database.
    """
    ensure(act.who, Permission.KEYS_KEEP)
    found = sealing.standings(act)
    if any(one.wraps for one in found if not one.is_current):
        raise Refused("The former master key still wraps keys. Go on with: flask keys rotate")
    gone = tuple(one.name for one in found if one.may_go)
    act.session.execute(delete(MasterKey).where(MasterKey.name.in_(gone)))
    return gone


def _current(act: Act) -> MasterKey:
    """The master key that wraps what is new; the first one of all is written down when it is first asked for."""
    found = sealing.current(act.session)
    if found is not None:
        return found
    first = sealing.first_fingerprint(act.session)
    name = next((one for one in act.vault.masters if act.vault.fingerprint_of(one) == first), act.vault.master)
    row = {"name": name, "fingerprint": act.vault.fingerprint_of(name), "begun_at": act.at}
    insert_new(act.session, MasterKey, [row], MasterKey.id)
    return act.session.scalars(select(MasterKey).order_by(MasterKey.id.desc()).limit(1)).one()


def _ensure_here(act: Act, master: MasterKey) -> None:
    if not act.vault.holds_master(master.name):
        raise Refused(WRONG if _is_only(act) else NOT_HERE.format(name=master.name.hex()))
    if act.vault.fingerprint_of(master.name) != master.fingerprint:
        raise Refused(WRONG)


def _is_only(act: Act) -> bool:
    return len(sealing.in_use(act.session)) == 1
