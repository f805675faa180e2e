"""Giving the whole record away in one file that anybody can check: no name, no word, no ciphertext."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from lado.act import Act
from lado.domain.bundle_verdict import Keys
from lado.domain.bundles import End, Header, end_statement, write
from lado.domain.chain import GENESIS, Looked, reads_digest
from lado.domain.witnessed import Signed
from lado.queries import bundle, checkpoints
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.vault import Vault

Kind = TypeVar("Kind", Signed, Looked)


def export(act: Act, out: Callable[[bytes], object]) -> Header:
    """Write the record as a bundle, line by line, as it stands in one consistent view, and return its header."""
    ensure(act.who, Permission.RECORD_EXPORT)
    session = act.session
    counts = checkpoints.count(session), bundle.count_reads(session)
    header = Header(act.at, act.vault.public_key.public_bytes_raw(), *checkpoints.head(session), *counts)
    out(write(header))
    covered, digest = 0, GENESIS
    for stated, _ in _passed_on(bundle.checkpoints(session), out):
        covered, digest = stated.reads, stated.reads_digest
    for entry in bundle.entries(session):
        out(write(entry))
    digest = reads_digest(digest, _after(_passed_on(bundle.reads(session), out), covered))
    out(write(End(digest, act.vault.sign(end_statement(header, digest)))))
    return header


def keys(vault: Vault) -> Keys:
    """What this installation checks a bundle with."""
    return Keys(vault.link, vault.public_key.public_bytes_raw(), vault.holds)


def _passed_on(lines: Iterable[Kind], out: Callable[[bytes], object]) -> Iterator[Kind]:
    """The lines, each written as it passes."""
    for line in lines:
        out(write(line))
        yield line


def _after(reads: Iterable[Looked], covered: int) -> Iterator[Looked]:
    """The reads that no checkpoint covers yet."""
    return (read for read in reads if read.id > covered)
