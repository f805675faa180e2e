"""What people prove themselves with besides a password, what stands between the two, and links to recover by."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class Factor(Base):
    """A passkey, or an authenticator app that makes codes. A factor is ended, never deleted.

    `credential` is a passkey's own id, random bytes for an app. The name that the person gave it, and an app's seed,
    are sealed under the key of their authority.
    """

    __tablename__ = "factor"
    __table_args__ = (
        CheckConstraint("kind IN ('passkey', 'codes')", name="known_kind"),
        CheckConstraint("(kind = 'passkey') = (public_key IS NOT NULL)", name="passkey_has_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str]
    credential: Mapped[bytes] = mapped_column(unique=True)
    sealed: Mapped[bytes]
    public_key: Mapped[bytes | None]
    last_used: Mapped[int]
    """How far it was used: the thirty seconds of the last code, or a passkey's own count. It only ever rises."""
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SignInStep(Base):
    """That somebody gave one factor and still owes the other, or that they are setting one up. It opens no page.

    The cookie holds a random reference; only its digest is stored. `sealed` is the seed that is being set up.
    """

    __tablename__ = "sign_in_step"
    __table_args__ = (CheckConstraint("made_at < ends_at", name="ends_after_made"),)

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    link_id: Mapped[int | None] = mapped_column(ForeignKey("account_link.id"))
    """The link by which a factor may be set up; None where the step only waits for a factor that is there."""
    sealed: Mapped[bytes | None]
    tries: Mapped[int]
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class AccountLink(Base):
    """A link by which somebody may choose a new password, or set up a factor besides knowing their password. Once.

    The secret in it is made of `nonce` with the vault's keys when it is sent or printed; stored is its digest. A lost
    factor needs two people: the link opens nothing before somebody else has confirmed it.
    """

    __tablename__ = "account_link"
    __table_args__ = (
        CheckConstraint("kind IN ('password', 'factor')", name="known_kind"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> made_by_id", name="confirmed_by_another"),
        CheckConstraint("ends_at IS NULL OR made_at < ends_at", name="ends_after_made"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str]
    nonce: Mapped[bytes]
    digest: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ends_at: Mapped[datetime | None]
    """None until it is confirmed: only then does it begin to work."""
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class AskedForLink(Base):
    """That a new password was asked for, for an address that may be nobody's: the same is written for any address."""

    __tablename__ = "asked_for_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[bytes]
    asked_at: Mapped[datetime]


class SpentChallenge(Base):
    """A challenge that a passkey has answered: it is answered once, on whichever node."""

    __tablename__ = "spent_challenge"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    spent_at: Mapped[datetime] = mapped_column(index=True)


class SignIn(Base):
    """That somebody signed in, tried to, or changed what they sign in with: for their own eyes.

    `device` is the blind index of the browser and where it stands; what a person recognises it by is sealed.
    """

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_account_at", "account_id", "happened_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    what: Mapped[str]
    device: Mapped[bytes]
    sealed: Mapped[bytes]
    happened_at: Mapped[datetime]
