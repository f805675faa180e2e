"""Forms that were sent: the same one-time token twice has one effect and one answer."""

import hashlib

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from lado.act import Act
from lado.errors import BadInput
from lado.models import FormToken

ANEW = "This form cannot be sent again. Open the page anew and send it from there; what you typed is below."


def claim(act: Act, token: str) -> str | None:
    """Take the token for this act. None: it is new, go on. Otherwise the address that the first sending led to."""
    if not 16 <= len(token) <= 64:
        raise BadInput({"form_token": ANEW})
    insert = postgresql_insert if act.session.get_bind().dialect.name == "postgresql" else sqlite_insert
    row = {"digest": digest(act, token), "account_id": act.who.id, "used_at": act.at, "answer": ""}
    taken = act.session.execute(
        insert(FormToken).values(row).on_conflict_do_nothing().returning(FormToken.digest)
    ).one_or_none()
    if taken is not None:
        return None
    return act.session.scalars(select(FormToken.answer).where(FormToken.digest == digest(act, token))).one()


def keep(act: Act, token: str, answer: str) -> None:
    """Keep where the form led to, for a second sending."""
    act.session.execute(update(FormToken).where(FormToken.digest == digest(act, token)).values(answer=answer))


def digest(act: Act, token: str) -> bytes:
    """A token belongs to the person who was given it."""
    return hashlib.sha256(f"{act.who.id}:{token}".encode()).digest()
