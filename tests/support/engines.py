"""What an engine learns, kept for the next one: every test has an engine of its own, for the same tables."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, Pool, event

STATEMENTS = 4_000
"""How many compiled statements are kept: those of all tests of a run, where an app alone needs a few hundred."""


class Engines:
    """Makes engines as SQLAlchemy does, each with the statements that an earlier one has compiled.

    Compiling them anew took a sixth of all tests. An engine that is for one of the `kept` addresses uses the open
    connections of the one before as well: a new one of PostgreSQL's knows nothing of the tables until it has asked.
    """

    def __init__(self, make: Callable[..., Engine]) -> None:
        """Make engines by this function."""
        self._make = make
        self._first: dict[str, Engine] = {}
        self._pools: dict[str, Pool | None] = {}

    def keep(self, url: str) -> None:
        """Keep the connections to this address open."""
        self._pools[url] = None

    def __call__(self, url: Any, **options: Any) -> Engine:
        """Make an engine for an address."""
        engine = self._make(url, query_cache_size=STATEMENTS, **options)
        first = self._first.get(engine.dialect.name)
        if first is None:
            event.listen(engine, "connect", lambda *_: self._first.setdefault(engine.dialect.name, engine), once=True)
        else:
            engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        address = engine.url.render_as_string(hide_password=False)
        if address in self._pools:
            self._pools[address] = engine.pool = self._pools[address] or engine.pool
        return engine

    def close(self, engine: Engine) -> None:
        """Let go of what a test's engine holds open, but for connections that are kept."""
        if engine.pool not in self._pools.values():
            engine.dispose()

    def close_all(self) -> None:
        """Close the connections that were kept."""
        for pool in filter(None, self._pools.values()):
            pool.dispose()
