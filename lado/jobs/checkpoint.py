"""The checkpoint tick: makes one when it is time, and brings every witness up to what it has not got yet."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple, Protocol

import structlog

from config import Settings
from lado.adapters.mail import Mail
from lado.adapters.witness import FolderWitness, MailWitness, WitnessProblem
from lado.db import Database
from lado.domain.witnessed import Signed
from lado.queries import checkpoints as kept
from lado.security.identity import SYSTEM
from lado.services import checkpoints

BATCH = 200
"""Checkpoints that are sent to one folder in one tick: a witness that was away catches up over a few of them."""

DAILY = timedelta(days=1)

log = structlog.get_logger()


class Witness(Protocol):
    """Somewhere to send checkpoints to."""

    @property
    def name(self) -> str:
        """What it is known by."""

    def send(self, checkpoint: Signed) -> None:
        """Send it there. Raises WitnessProblem."""


class Witnesses(NamedTuple):
    """Folders, which get every checkpoint, and mailboxes, which get the newest once a day."""

    folders: Sequence[Witness] = ()
    mailboxes: Sequence[Witness] = ()

    @property
    def names(self) -> set[str]:
        """What all of them are known by."""
        return {each.name for each in (*self.folders, *self.mailboxes)}


def of_settings(settings: Settings, mail: Mail) -> Witnesses:
    """The witnesses that the settings name."""
    folders = [FolderWitness(folder) for folder in settings.checkpoint_folders]
    mailboxes = [MailWitness(mail, settings.checkpoint_mail)] if settings.checkpoint_mail else []
    return Witnesses(folders, mailboxes)


def tick(database: Database, witnesses: Witnesses) -> dict[str, int | None]:
    """Make a checkpoint if it is time, send what is outstanding, and say so in the log when anything happened."""
    done = run_pass(database, witnesses)
    if any(done.values()):
        log.info("checkpoint", **done)
    return done


def run_pass(database: Database, witnesses: Witnesses, *, at_once: bool = False) -> dict[str, int | None]:
    """Make a checkpoint if it is time and send what is outstanding; one witness that fails stops no other.

    Returns the number of the checkpoint that was made (None: none), how many were sent, and how many witnesses failed.
    """
    with database.work(SYSTEM) as act:
        made = checkpoints.make(act, at_once=at_once)
        checkpoints.forget_others(act, witnesses.names)
    sent = [_to_folder(database, each) for each in witnesses.folders]
    sent += [_to_mailbox(database, each, at_once=at_once) for each in witnesses.mailboxes]
    return {
        "made": made.stated.id if made else None,
        "sent": sum(each.taken for each in sent),
        "failing": sum(bool(each.problem) for each in sent),
    }


class Sent(NamedTuple):
    """How many checkpoints a witness took, and why it took no more (empty: it took all)."""

    taken: int
    problem: str


def _to_folder(database: Database, folder: Witness) -> Sent:
    with database.reading(SYSTEM) as act:
        known = kept.witness(act.session, folder.name)
        waiting = kept.after(act.session, known.checkpoint_id or 0 if known else 0, BATCH)
        is_failing = known is not None and known.failing_since_at is not None
        if not waiting and is_failing and (last := kept.last(act.session)) is not None:
            waiting = [kept.signed(last)]
    return _send(database, folder, waiting)


def _to_mailbox(database: Database, mailbox: Witness, *, at_once: bool) -> Sent:
    with database.reading(SYSTEM) as act:
        known, last = kept.witness(act.session, mailbox.name), kept.last(act.session)
        is_new = last is not None and (known is None or last.id > (known.checkpoint_id or 0))
        is_rested = known is None or known.arrived_at is None or act.at - known.arrived_at >= DAILY
        is_failing = known is not None and known.failing_since_at is not None
        is_time = is_new and (is_rested or at_once or is_failing)
    return _send(database, mailbox, [kept.signed(last)] if is_time else [])


def _send(database: Database, witness: Witness, waiting: Sequence[Signed]) -> Sent:
    """Send in order, outside any transaction, and write down how far it went."""
    sent, problem = 0, ""
    for each in waiting:
        try:
            witness.send(each)
        except WitnessProblem as refusal:
            problem = str(refusal)
            break
        sent += 1
    if waiting:
        with database.work(SYSTEM) as act:
            if sent:
                checkpoints.arrived(act, witness.name, waiting[sent - 1].stated.id)
            if problem:
                checkpoints.failed(act, witness.name, problem)
    return Sent(sent, problem)
