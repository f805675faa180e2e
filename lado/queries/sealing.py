"""Reading which master keys a database is sealed with, and how many keys each of them still wraps."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.models import Installation, MasterKey, SealingKey

UNNAMED = None
"""Under which number keys stand that the first version wrapped: it wrote down no master key."""


class Standing(NamedTuple):
    """A master key that the database names: how many keys it wraps, and whether it is at hand here."""

    name: bytes
    is_current: bool
    wraps: int
    is_here: bool

    @property
    def may_go(self) -> bool:
        """Whether nothing needs it any more."""
        return not self.is_current and not self.wraps


def in_use(session: Session) -> list[MasterKey]:
    """The master keys that the database names, the oldest first; the last one wraps what is new."""
    return list(session.scalars(select(MasterKey).order_by(MasterKey.id)))


def current(session: Session) -> MasterKey | None:
    """The master key that wraps what is new, or None in a database that names none yet."""
    return session.scalar(select(MasterKey).order_by(MasterKey.id.desc()).limit(1))


def first_fingerprint(session: Session) -> bytes | None:
    """The fingerprint that the database was set up with; None before it was."""
    return session.scalar(select(Installation.keys).where(Installation.id == 1))


def wrapped_by(session: Session) -> Mapping[int | None, int]:
    """How many keys are wrapped by each master key, by its number."""
    query = select(SealingKey.master_key_id, func.count()).group_by(SealingKey.master_key_id)
    return dict(session.execute(query).all())


def standings(act: Act) -> list[Standing]:
    """Every master key that the database names, the oldest first. Keys without a name count as the oldest's."""
    wraps = dict(wrapped_by(act.session))
    found = in_use(act.session)
    unnamed = wraps.pop(UNNAMED, 0)
    return [
        Standing(
            one.name,
            one is found[-1],
            wraps.get(one.id, 0) + (unnamed if one is found[0] else 0),
            act.vault.holds_master(one.name),
        )
        for one in found
    ]
