"""A body that breaks off or is not framed as it says: its sender is told so (400), and it is no fault of ours."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, StartResponse, WSGIApplication, WSGIEnvironment


class Body:
    """What a request sends. Once it was broken nothing more is read of it: where it ends cannot be known."""

    def __init__(self, stream: "InputStream") -> None:
        """Read from the stream that the server gives."""
        self._stream = stream
        self._is_broken = False

    def read(self, size: int = -1) -> bytes:
        """So many bytes of it, or all. Raises OSError once where the server finds it broken, whatever it calls that."""
        if self._is_broken:
            return b""
        try:
            return self._stream.read(size)
        except Exception as problem:
            self._is_broken = True
            raise OSError("the body is broken") from problem


class Bodies:
    """Hands the app bodies that are broken in one way only: the way in which a sender who hangs up breaks one."""

    def __init__(self, app: "WSGIApplication") -> None:
        """Stand before this app."""
        self._app = app

    def __call__(self, asked: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer the request."""
        asked["wsgi.input"] = Body(asked["wsgi.input"])  # of what a stream may do, requests read alone
        answer: Iterable[bytes] = self._app(asked, start_response)
        return answer


def install(app: Flask) -> None:
    """Put it before the app. RFC 9112 7.1: a chunk that is not framed as it must be is the sender's error."""
    app.wsgi_app = Bodies(app.wsgi_app)  # type: ignore[method-assign, assignment]
