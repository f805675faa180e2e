"""Hashing passwords, few at a time: each takes memory on purpose, so many at once would take all there is."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher

AT_ONCE = 4
"""Hashes that one process works out at the same time: 4 x 19 MiB. More would not be quicker on two cores."""


class BoundedHasher:
    """Argon2id that is worked out at most so many times at once; whoever comes later waits for their turn."""

    def __init__(self, hasher: PasswordHasher, at_once: int = AT_ONCE) -> None:
        """Let so many be worked out at once."""
        self._hasher = hasher
        self._turns = BoundedSemaphore(at_once)

    def hash(self, password: str) -> str:
        """The hash to keep of a password."""
        with self._turns:
            return self._hasher.hash(password)

    def verify(self, kept: str, password: str) -> bool:
        """Hold a password to its hash. Raises as argon2 does."""
        with self._turns:
            return self._hasher.verify(kept, password)

    def is_weaker(self, kept: str) -> bool:
        """Whether this hash was made with less than what is asked now."""
        return self._hasher.check_needs_rehash(kept)
