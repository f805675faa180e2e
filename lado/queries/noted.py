"""What the record of a case says of something that is kept beside it, sealed: the digest under its number."""

from sqlalchemy import select

from lado.act import Act
from lado.models import LedgerEntry
from workflows.events import Noted, from_plain, read_data


def digest(act: Act, referral_id: int, kind: str, name: str, number: int) -> str:
    """The digest (SHA-256 in hexadecimal) noted as `kind` with this number under `name`; empty where none was."""
    query = select(LedgerEntry.kind, LedgerEntry.data).where(
        LedgerEntry.referral_id == referral_id, LedgerEntry.kind == Noted.__name__
    )
    events = (from_plain(row.kind, read_data(row.data)) for row in act.session.execute(query))
    said = (event.answers for event in events if isinstance(event, Noted) and event.kind == kind)
    return next((str(answers["digest"]) for answers in said if answers[name] == number), "")
