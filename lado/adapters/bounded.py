"""Asking over HTTP with an end to it: so many seconds in all, so many bytes, whoever answers."""

from io import BytesIO
from time import monotonic
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

CONNECT, READ = 3, 5
"""Seconds to be connected, and seconds of silence."""

IN_ALL = 8
"""Seconds from the first byte to the last."""

LARGEST = 1_000_000
PIECE = 65_536
"""Bytes of an answer, and of what is read of it at a time."""


class TooMuch(RequestException):
    """The answer was too long, or took too long."""


class Bounded(HTTPAdapter):
    """Reads a whole answer within its bounds, or raises TooMuch."""

    def send(self, request: PreparedRequest, *_: Any, **given: Any) -> Response:
        """Send, and read to the end. Raises RequestException."""
        ends = monotonic() + IN_ALL
        answer = super().send(request, **given | {"stream": True, "timeout": (CONNECT, READ)})
        held = b""
        try:
            while piece := answer.raw.read1(PIECE, decode_content=True):
                held += piece
                if len(held) > LARGEST or monotonic() > ends:
                    raise TooMuch
        except (HTTPError, OSError) as problem:
            raise TooMuch(request=request) from problem
        finally:
            answer.raw.close()
        answer.raw = BytesIO(held)
        return answer
