"""Checkpoints: signed statements of how far the record went, and what is known of the places that they were sent to."""

from datetime import timedelta

from sqlalchemy import delete

from lado.act import Act
from lado.domain.chain import GENESIS, Stated, reads_digest, statement
from lado.domain.witnessed import Signed
from lado.models import Checkpoint, Witness
from lado.queries import checkpoints
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services.insertion import insert_new, put

EVERY = timedelta(minutes=5)
"""The longest that a change waits for its checkpoint while the scheduler runs (a default of this product)."""

ENTRIES = 100
"""After so many new entries a checkpoint is made at once."""


def make(act: Act, *, at_once: bool = False) -> Signed | None:
    """Make the next checkpoint when something has changed and it is time, or something has changed and `at_once`.

    Two that are made at the same moment are one: the number decides. Returns None when none was made.
    """
    ensure(act.who, Permission.CHECKPOINT_KEEP)
    last = checkpoints.last(act.session)
    before = Stated(0, act.at, 0, GENESIS, 0, GENESIS) if last is None else checkpoints.signed(last).stated
    entries, link = checkpoints.head(act.session)
    # An earlier checkpoint is never taken back, whatever has become of the log since: verifying names it.
    reads = max(before.reads, checkpoints.settled_reads(act.session, act.at))
    if (entries, link, reads) == (before.entries, before.link, before.reads):
        return None
    is_time = last is None or act.at - before.at >= EVERY or entries - before.entries >= ENTRIES
    if not (is_time or at_once):
        return None
    digest = before.reads_digest
    if reads > before.reads:
        digest = reads_digest(digest, checkpoints.reads_between(act.session, before.reads, reads))
    stated = Stated(before.id + 1, act.at, entries, link, reads, digest)
    made = Signed(stated, act.vault.sign(statement(stated)))
    row = {**stated._asdict(), "signature": made.signature}
    return made if insert_new(act.session, Checkpoint, [row], Checkpoint.id) else None


def arrived(act: Act, name: str, checkpoint_id: int) -> None:
    """A witness has this checkpoint and all before it that were sent to it."""
    _keep(act, name, {"checkpoint_id": checkpoint_id, "arrived_at": act.at, "failing_since_at": None, "problem": ""})


def failed(act: Act, name: str, problem: str) -> None:
    """A witness did not take a checkpoint. Since when it fails stands until one arrives."""
    known = checkpoints.witness(act.session, name)
    since = known.failing_since_at if known is not None and known.failing_since_at is not None else act.at
    _keep(act, name, {"failing_since_at": since, "problem": problem})


def forget_others(act: Act, names: set[str]) -> None:
    """Forget the witnesses that the settings do not name any more."""
    ensure(act.who, Permission.CHECKPOINT_KEEP)
    act.session.execute(delete(Witness).where(Witness.name.not_in(names)))


def _keep(act: Act, name: str, values: dict[str, object]) -> None:
    ensure(act.who, Permission.CHECKPOINT_KEEP)
    known = checkpoints.witness(act.session, name)
    before = {
        "checkpoint_id": known.checkpoint_id if known else None,
        "arrived_at": known.arrived_at if known else None,
        "failing_since_at": known.failing_since_at if known else None,
        "problem": known.problem if known else "",
    }
    put(act.session, Witness, "name", {"name": name, **before, **values})
