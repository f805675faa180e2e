"""Nodes and their turns: whoever ticks holds a lease with a token, and a late worker with an old one writes nothing.

The unique index of the rungs decides what happened once, and a case is held while it is climbed. Of several nodes one
climbs at a time, and the others do not wait for it. The token is for what none of these sees: a worker that was held up
for so long that others have long taken it for gone.
"""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, select, update

from lado.act import Act
from lado.models import Node
from lado.services.insertion import put

LEASE = timedelta(minutes=2)
"""How long a turn holds without being renewed: two ticks of the escalation (a default of this product)."""

GONE_AFTER = timedelta(days=1)
"""When a node that is not heard any more is forgotten."""

CLIMBING = 0x1AD0
"""The number under which PostgreSQL knows the lock of whoever climbs."""


class Turn(NamedTuple):
    """What a node may write under: its name, and the token that its lease has."""

    name: str
    token: int


class Late(Exception):
    """This worker was held up past its lease: what it was about to write is not written."""


class Taken(Exception):
    """Another node climbs at this moment, and goes on until nothing is due."""


def ensure_alone(act: Act) -> None:
    """Be the one node that climbs until this act ends; on SQLite whoever writes is that anyway. Raises Taken.

    Nobody waits: nodes that begin at the same moment would only hold each other up.
    """
    if act.session.get_bind().dialect.name != "postgresql":
        return
    if not act.session.scalar(select(func.pg_try_advisory_xact_lock(CLIMBING))):
        raise Taken


def take(act: Act, name: str, off_by: timedelta) -> Turn:
    """Begin or renew this node's turn, and end the turns of those whose lease has run out.

    A node whose own lease has run out gets a new token, so that whatever it began under the old one is refused.
    """
    end_old(act)
    token = act.session.scalar(select(Node.token).where(Node.name == name).with_for_update()) or 1
    row = {
        "name": name,
        "token": token,
        "lease_until_at": act.at + LEASE,
        "off_by_ms": round(off_by.total_seconds() * 1000),
    }
    put(act.session, Node, "name", row)
    return Turn(name, token)


def end_old(act: Act) -> None:
    """Raise the token of every node whose lease has run out; forget those that have gone for good."""
    others = select(Node.name).where(Node.lease_until_at <= act.at).with_for_update(skip_locked=True)
    names = list(act.session.scalars(others))
    if names:
        act.session.execute(delete(Node).where(Node.name.in_(names), Node.lease_until_at <= act.at - GONE_AFTER))
        act.session.execute(update(Node).where(Node.name.in_(names)).values(token=Node.token + 1))


def ensure_turn(act: Act, turn: Turn) -> None:
    """Renew the turn in this act, which holds its row until it is saved. Raises Late when the token has moved on."""
    held = (Node.name == turn.name) & (Node.token == turn.token)
    renewed = update(Node).where(held).values(lease_until_at=act.at + LEASE).returning(Node.name)
    if act.session.scalar(renewed) is None:
        raise Late(turn.name)
