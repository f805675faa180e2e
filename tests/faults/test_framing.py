"""A request that two servers could divide differently is refused by the product's own server, and the connection ends.

Where a proxy and the server disagree on where a request ends, one person's request can begin with another's bytes
(OWASP ASVS 5.0 4.2.1). Every refusal is tried with a second request behind it, which must not be answered.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from setup import serving
from tests.support.migrating import migrate

PROJECT = Path(__file__).resolve().parents[2]
WITHIN_S = 40
BEHIND = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /health/live HTTP/1.1\r\nHost: localhost\r\n"
LAST = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

AMBIGUOUS = {
    "CL.TE": POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
    "TE.CL": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n1\r\nG\r\n0\r\n\r\n",
    "TE.TE": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "TE in disguise": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "TE with a blank before its colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "TE twice chunked": POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "bare CR in a header": POST + b"X-One: a\rContent-Length: 5\r\n\r\nhello",
    "bare LF between headers": POST + b"X-One: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths that differ": POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nhello",
    "the same length twice": POST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "lengths in a list": POST + b"Content-Length: 5, 5\r\n\r\nhello",
    "a length with a sign": POST + b"Content-Length: +5\r\n\r\nhello",
    "a length in other digits": POST + b"Content-Length: 0x5\r\n\r\nhello",
    "a folded header": POST + b"X-One: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
}

CHUNKED = (
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
"""A form in chunks, to a page that reads it."""

CHUNKS = {
    "a size in no digits": b"zz\r\nhello\r\n0\r\n\r\n",
    "a size below nothing": b"-5\r\nhello\r\n0\r\n\r\n",
    "a size with a sign": b"+5\r\nhello\r\n0\r\n\r\n",
    "a size with its base": b"0x5\r\nhello\r\n0\r\n\r\n",
    "a size with a gap": b"1_0\r\nhello\r\n0\r\n\r\n",
    "no size": b"\r\nhello\r\n0\r\n\r\n",
    "a size with a bare LF": b"5\nhello\r\n0\r\n\r\n",
    "a bare CR beside the size": b"5;a=\rb\r\nhello\r\n0\r\n\r\n",
    "more than the size says": b"3\r\nhello\r\n0\r\n\r\n",
    "a size without an end": b"0" * 20_000,
    "a second chunk that is bad": b"5\r\nhello\r\nzz\r\nhello\r\n0\r\n\r\n",
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The product's server as its demonstration starts it, on an empty database, which a page that refuses reads."""
    found = serving.free_port()
    folder = tmp_path_factory.mktemp("framing")
    migrate(f"sqlite:///{folder / 'lado.sqlite3'}")
    with (folder / "server.log").open("wb") as heard:
        process = subprocess.Popen(
            [sys.executable, *serving.web_server(found)],
            cwd=PROJECT,
            env={**os.environ, "LADO_DATA": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'lado.sqlite3'}"},
            stdout=heard,
            stderr=subprocess.STDOUT,
        )
        try:
            until = time.monotonic() + WITHIN_S
            while serving.is_free(found) or b"200 OK" not in sent(found, LAST):
                assert process.poll() is None, (folder / "server.log").read_text()
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.05)
            yield found
        finally:
            process.terminate()
            process.wait(10)


def sent(port: int, said: bytes) -> bytes:
    """All that the server answers to these bytes, until it hangs up; b'open' after it when it does not."""
    with socket.create_connection((serving.HOST, port), timeout=3) as line:
        line.sendall(said)
        heard = b""
        try:
            while got := line.recv(65_536):
                heard += got
        except TimeoutError:
            return heard + b"open"
        except ConnectionResetError:
            return heard
    return heard


def test_a_plain_request_is_answered_without_a_banner(port):
    heard = sent(port, LAST)

    assert heard.startswith(b"HTTP/1.1 200")
    head = heard.split(b"\r\n\r\n")[0].lower()
    assert b"server: gunicorn\r\n" in head + b"\r\n", "the name of the server stands alone, without its version"
    assert b"werkzeug" not in head
    assert b"python" not in head


@pytest.mark.parametrize("how", AMBIGUOUS)
def test_what_could_be_divided_in_two_ways_is_refused_and_nothing_behind_it_is_read(port, how):
    heard = sent(port, AMBIGUOUS[how] + BEHIND)

    assert heard.startswith((b"HTTP/1.1 400", b"HTTP/1.1 405", b"HTTP/1.1 501")) or heard == b"", heard[:200]
    assert b"200 OK" not in heard
    assert not heard.endswith(b"open"), "the connection stays open"
    assert heard.count(b"HTTP/1.1 ") <= 1


@pytest.mark.parametrize("how", CHUNKS)
def test_a_chunk_that_is_framed_badly_is_the_senders_error_and_ends_the_connection(port, how):
    heard = sent(port, CHUNKED + CHUNKS[how] + BEHIND)

    assert heard.startswith(b"HTTP/1.1 400"), heard[:200]
    assert b"200 OK" not in heard
    assert not heard.endswith(b"open"), "the connection stays open"
    assert heard.count(b"HTTP/1.1 ") == 1
