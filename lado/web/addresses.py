"""Addresses of pages: a number that is larger than any there is is one that nothing has; a way on stays inside."""

from collections.abc import MutableMapping
from typing import ClassVar
from weakref import WeakKeyDictionary

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter, Map

from lado.vault import HiddenNumbers


class Number(IntegerConverter):
    """The number of a row as it stands in an address, however many digits somebody types."""

    largest: ClassVar[int] = 2**31 - 1

    def to_python(self, value: str) -> int:
        """The number, or the largest there can be: nothing has that one, so it answers as what does not exist."""
        digits = value.lstrip("0") or "0"
        return self.largest if len(digits) > len(str(self.largest)) else min(int(digits), self.largest)


class Hidden(BaseConverter):
    """The number of a row about a case as a name, so that no two addresses say how much lies between them.

    Some of what lies between may be of cases that whoever reads the address must not know of.
    """

    largest: ClassVar[int] = Number.largest

    def to_python(self, value: str) -> int:
        """The number, or the largest there can be where the name is none."""
        number = NAMES[self.map].shown(value)
        return self.largest if number is None else min(number, self.largest)

    def to_url(self, value: int) -> str:
        """The name of the number."""
        return NAMES[self.map].hidden(value)


NAMES: MutableMapping[Map, HiddenNumbers] = WeakKeyDictionary()
"""How each app hides numbers."""


class Microseconds(Number):
    """An instant as it stands in an address."""

    largest: ClassVar[int] = 2**63 - 1


def install(app: Flask) -> None:
    """Read every number in an address like this, and hide those that would count what whoever reads is not told of."""
    app.url_map.converters.update(int=Number, hidden=Hidden, microseconds=Microseconds)
    NAMES[app.url_map] = HiddenNumbers(app.extensions["lado"].settings.index_key)


def inside(address: str) -> str:
    """The address if it is a plain path inside this product, else nothing: no other host, no trick with slashes."""
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    is_plain = all(33 <= ord(letter) < 127 and letter not in '\\<>"' for letter in address)
    return address.rstrip("?") if is_path and is_plain and "//" not in address.split("?")[0] else ""
