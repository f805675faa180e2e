"""ClamAV's daemon, asked over its socket: what it says is believed, and silence is not taken for clean."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from lado.adapters.scanner import PIECE, Clamd, ScannerProblem
from tests.support.files import EICAR, PDF


@contextmanager
def daemon(answer: Callable[[bytes], bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """A daemon that speaks INSTREAM once: its address, and what it was sent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def serve() -> None:
            with server.accept()[0] as line, line.makefile("rwb") as file:
                assert file.read(10) == b"zINSTREAM\0"
                content = b""
                while length := struct.unpack("!I", file.read(4))[0]:
                    content += file.read(length)
                heard.append(content)
                file.write(answer(content))

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", heard
        thread.join(5)


def verdict(content: bytes) -> bytes:
    return b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0"


LONG = b"x" * (PIECE * 2 + 7) + EICAR


@pytest.mark.parametrize(("content", "is_clean"), [(PDF, True), (EICAR, False), (LONG, False)])
def test_the_whole_content_is_looked_at(content, is_clean):
    with daemon(verdict) as (address, heard):
        assert Clamd(address).is_clean(content) is is_clean

    assert heard == [content]


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"\xff\xfe\0", b"stream: NOT OK?\0"])
def test_what_is_not_understood_is_not_clean(answer):
    with daemon(lambda _: answer) as (address, _), pytest.raises(ScannerProblem):
        Clamd(address).is_clean(PDF)


def test_a_scanner_that_is_not_there_is_a_problem(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"

    for gone in (address, str(tmp_path / "clamd.sock")):
        with pytest.raises(ScannerProblem):
            Clamd(gone).is_clean(PDF)
