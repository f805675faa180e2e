"""Addresses of pages: a number that is larger than any there is is one that nothing has; a way on stays inside."""

from typing import ClassVar

from flask import Flask
from werkzeug.routing import IntegerConverter


class Number(IntegerConverter):
    """The number of a row as it stands in an address, however many digits somebody types."""

    largest: ClassVar[int] = 2**31 - 1

    def to_python(self, value: str) -> int:
        """The number, or the largest there can be: nothing has that one, so it answers as what does not exist."""
        digits = value.lstrip("0") or "0"
        return self.largest if len(digits) > len(str(self.largest)) else min(int(digits), self.largest)


class Microseconds(Number):
    """An instant as it stands in an address."""

    largest: ClassVar[int] = 2**63 - 1


def install(app: Flask) -> None:
    """Read every number in an address like this."""
    app.url_map.converters.update(int=Number, microseconds=Microseconds)


def inside(address: str) -> str:
    """The address if it is a plain path inside this product, else nothing: no other host, no trick with slashes."""
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    is_plain = all(33 <= ord(letter) < 127 and letter not in '\\<>"' for letter in address)
    return address.rstrip("?") if is_path and is_plain and "//" not in address.split("?")[0] else ""
