"""An act: who does something, at what instant, in which transaction. There is no way to do anything as nobody."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lado.clock import london_day
from lado.security.identity import Identity
from lado.vault import Vault


@dataclass(frozen=True, slots=True)
class Act:
    """One piece of work: one person, one instant (aware, UTC), one transaction, and the vault that seals for it."""

    who: Identity
    at: datetime
    session: Session
    vault: Vault

    @property
    def today(self) -> date:
        """The day in London."""
        return london_day(self.at)
