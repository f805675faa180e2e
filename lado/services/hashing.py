"""Hashing passwords, few at a time: each takes memory on purpose, so many at once would take all there is."""

import os
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher

AT_ONCE = 2
"""Hashes that one process works out at the same time: 2 x 19 MiB. More would not be quicker on two cores."""


class BoundedHasher:
    """Argon2id that is worked out at most so many times at once; whoever comes later waits for their turn.

    It has threads of its own: a thread that took memory for a hash keeps it, and a web server has many threads.
    """

    def __init__(self, hasher: PasswordHasher, at_once: int = AT_ONCE) -> None:
        """Let so many be worked out at once, in each process anew."""
        self._hasher = hasher
        self._at_once = at_once
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._threads = ThreadPoolExecutor(self._at_once, thread_name_prefix="hashing")

    def hash(self, password: str) -> str:
        """The hash to keep of a password."""
        return self._threads.submit(self._hasher.hash, password).result()

    def verify(self, kept: str, password: str) -> bool:
        """Hold a password to its hash. Raises as argon2 does."""
        return self._threads.submit(self._hasher.verify, kept, password).result()

    def is_weaker(self, kept: str) -> bool:
        """Whether this hash was made with less than what is asked now."""
        return self._hasher.check_needs_rehash(kept)
