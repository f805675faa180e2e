"""The sign of life for the council's monitor: a file written whole, an address asked for, and words without either."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from config import KEYS, Settings
from lado.adapters.pulse import Pulse, PulseProblem
from setup.serving import free_port

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def pulse(**changes):
    keys = {name: os.urandom(32) for name in KEYS}
    return Pulse(replace(Settings(database_url="sqlite://", data_folder=Path("nowhere"), **keys), **changes))


@pytest.fixture
def monitor():
    """A monitor that counts who asks for which path, and answers with a code that a test may change."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append(self.path)
            self.send_response(server.code)
            self.end_headers()

        def log_message(self, *said):
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.code = [], 200
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_file_holds_the_instant_and_nothing_is_left_beside_it(tmp_path):
    file = tmp_path / "alive"
    file.write_text("an earlier one")

    pulse(heartbeat_file=file).give(AT)

    assert file.read_text() == "2026-03-02T09:30:00+00:00\n"
    assert [found.name for found in tmp_path.iterdir()] == ["alive"]


def test_the_address_is_asked_for(monitor):
    pulse(heartbeat_url=f"http://127.0.0.1:{monitor.server_port}/ping/abc").give(AT)

    assert monitor.asked == ["/ping/abc"]


def test_what_fails_is_said_without_the_address_and_the_other_is_given_all_the_same(tmp_path, monitor):
    monitor.code = 500
    url = f"http://127.0.0.1:{monitor.server_port}/ping/secret"

    with pytest.raises(PulseProblem) as raised:
        pulse(heartbeat_file=tmp_path / "gone" / "alive", heartbeat_url=url).give(AT)

    assert "secret" not in str(raised.value)
    assert str(raised.value).startswith("the file: No such file or directory; the address: ")
    assert monitor.asked == ["/ping/secret"]


def test_a_monitor_that_is_not_there_is_no_disaster(tmp_path):
    file = tmp_path / "alive"

    with pytest.raises(PulseProblem, match="the address: ConnectionError"):
        pulse(heartbeat_file=file, heartbeat_url=f"http://127.0.0.1:{free_port()}/").give(AT)

    assert file.exists()
