"""What comes out the same each time, worked out once for a run: every test has an app and accounts of its own."""

from collections.abc import Callable, Iterable
from pathlib import Path
from types import CodeType
from typing import Any

from argon2 import PasswordHasher
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart


class CompiledTemplates(FileSystemBytecodeCache):
    """Templates as they were compiled from the same words before, for whichever app and by whichever worker."""

    def __init__(self, folder: Path) -> None:
        """Keep them in this folder, and in memory once they were needed here."""
        super().__init__(str(folder))
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template what was compiled for it."""
        bucket.code = self._known.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            super().load_bytecode(bucket)
            self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        super().dump_bytecode(bucket)
        self._keep(bucket)

    def _keep(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._known[bucket.key, bucket.checksum] = bucket.code


def compiled_once(compile_builder: Callable[..., Any]) -> Callable[..., Any]:
    """Compiles an address of a page once: compiling an app's hundreds took most of its making."""
    known: dict[tuple[str, str, bool], Any] = {}

    def compiled(rule: Rule, append_unknown: bool = True) -> Any:
        place = rule.rule, repr(rule.defaults), append_unknown
        if place not in known:
            known[place] = compile_builder(rule, append_unknown)
        return known[place]

    return compiled


def parsed_once(parse: Callable[..., Iterable[RulePart]]) -> Callable[..., Iterable[RulePart]]:
    """Takes the words of an address apart once; what this notes beside its answer is noted again for each rule."""
    known: dict[tuple[Any, ...], tuple[list[RulePart], list[tuple[bool, str]], dict[str, BaseConverter]]] = {}

    def parsed(rule: Rule, words: str) -> Iterable[RulePart]:
        place = words, *rule.map.converters.items()
        if place not in known:
            before = len(rule._trace)
            known[place] = list(parse(rule, words)), rule._trace[before:], dict(rule._converters)
            return known[place][0]
        parts, trace, converters = known[place]
        rule._trace += trace
        rule._converters |= converters
        rule.arguments |= converters.keys()
        return parts

    return parsed


def verified_once(verify: Callable[..., bool]) -> Callable[..., bool]:
    """Holds a password to its hash once, and remembers what was right; what is wrong is worked out each time."""
    right: set[tuple[str | bytes, str | bytes]] = set()

    def verified(hasher: PasswordHasher, kept: str | bytes, password: str | bytes) -> bool:
        if (kept, password) not in right:
            verify(hasher, kept, password)
            right.add((kept, password))
        return True

    return verified
