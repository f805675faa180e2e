"""Reading sessions: which ones somebody has open, on which device, since when and until when."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.models import LoginSession
from lado.security.identity import Role
from lado.security.session_limits import STAFF, is_over

KEY_DIGITS = 16
"""Hexadecimal digits of a digest that tell a session apart: as many as the log of reads names one by."""


class OpenSession(NamedTuple):
    """A session that goes on: what is stored of its reference, its device, when it began and was last used."""

    digest: bytes
    device: str
    created_at: datetime
    seen_at: datetime

    @property
    def key(self) -> str:
        """What a page names it by: nobody can sign in with it."""
        return self.digest.hex()[:KEY_DIGITS]


def open_of(act: Act, account_id: int) -> list[OpenSession]:
    """The sessions of an account that nobody ended and that may still go on, the newest first."""
    query = (
        select(LoginSession.digest, LoginSession.device, LoginSession.created_at, LoginSession.seen_at)
        .where(
            LoginSession.account_id == account_id,
            LoginSession.ended_at.is_(None),
            LoginSession.created_at >= act.at - STAFF.longest,
        )
        .order_by(LoginSession.created_at.desc(), LoginSession.digest)
    )
    return [OpenSession(*row) for row in act.session.execute(query)]


def alive(act: Act, account_id: int, role: Role) -> list[OpenSession]:
    """Those of them that have not ended by themselves either."""
    found = open_of(act, account_id)
    return [one for one in found if not is_over(role, one.created_at, one.seen_at, act.at)]
