"""GOV.UK Notify as far as a test needs it: a real server on this machine that checks the signature of each request."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from notifications_python_client.authentication import decode_jwt_token, get_token_issuer

SERVICE = "11111111-2222-4333-8444-555555555555"
SECRET = "66666666-7777-4888-9999-aaaaaaaaaaaa"
KEY = f"test-{SERVICE}-{SECRET}"
TEMPLATE = "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff"

DROP_BEFORE, DROP_AFTER = "drop the line before taking it", "drop the line after taking it"


class Notify:
    """Keeps what it takes; gives the next of its answers (a code with an error, or a dropped line), else says yes."""

    def __init__(self, *answers):
        self.answers, self.kept, self.looked_up = list(answers), [], []
        self.status = {}

    def take(self, asked):
        number = len(self.kept)
        self.kept.append(asked | {"id": str(number), "created_at": f"2026-03-02T09:30:{number:06d}Z"})

    def of(self, reference):
        found = [one for one in self.kept if one["reference"] == reference]
        return [
            {"reference": reference, "created_at": one["created_at"], "status": self.status.get(reference, "created")}
            for one in reversed(found)
        ]


@contextmanager
def notify_server(notify: Notify) -> Iterator[str]:
    """The service on a port of its own; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = notify.answers.pop(0) if notify.answers else None
            if answer == DROP_BEFORE:
                self.connection.close()
            elif not self.is_signed():
                self.say(403, {"errors": [{"error": "AuthError", "message": "Invalid token"}]})
            elif isinstance(answer, tuple):
                code, message = answer
                self.say(code, {"status_code": code, "errors": [{"error": "Error", "message": message}]})
            else:
                notify.take(asked)
                if answer == DROP_AFTER:
                    self.connection.close()
                else:
                    self.say(201, {"id": notify.kept[-1]["id"], "reference": asked["reference"]})

        def do_GET(self):
            (reference,) = parse_qs(urlsplit(self.path).query)["reference"]
            notify.looked_up.append(reference)
            self.say(200, {"notifications": notify.of(reference), "links": {}})

        def is_signed(self):
            token = self.headers["Authorization"].removeprefix("Bearer ")
            return get_token_issuer(token) == SERVICE and decode_jwt_token(token, SECRET)

        def say(self, code, value):
            content = json.dumps(value).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *said):
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
