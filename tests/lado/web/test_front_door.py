"""What stands before the pages: caches, proxies, other methods, addresses in clear, ways on, reports of a policy."""

import json
from dataclasses import dataclass, field, replace

import pytest
from flask import request
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import update

from lado import create_app
from lado.models import Installation
from lado.web.addresses import inside
from lado.web.policy_reports.views import MOST_A_MINUTE
from tests.support.routes import visits
from tests.support.signing import sending, sign_in
from tests.support.tampering import every_right

PLACES = ("evil.test", "evil.test/sign-in", "evil.test:443", "localhost@evil.test", "x:y@evil.test/a")
LEADS = ("//", "///", "////", "/\\", "\\/", "\\\\", "\\\\\\", "http://", "https://", "hTTps:", "javascript://", " //")
TRICKS = (
    *(lead + place for lead in LEADS for place in PLACES),
    "/\t/evil.test",
    "/\r\n/evil.test",
    "\t//evil.test",
    "/ok\r\nLocation: https://evil.test",
    "/ok\nSet-Cookie: a=b",
    "/%0d%0aLocation:%20https://evil.test\r\n",
    "//evil.test%2f..",
    "/.//evil.test",
    "/..//evil.test",
    "/\u2215evil.test",
    "/\\evil.test",
    "/<script>",
    '/"onclick=',
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.test",
    "@evil.test",
    "?next=//evil.test",
    "#//evil.test",
    "/\x00/evil.test",
    "/\u202e/evil.test",
)


def test_there_are_eighty_tricks():
    assert len(set(TRICKS)) >= 80


@pytest.mark.parametrize("address", ["/", "/looks", "/referrals/NB-222222-2?before=7", "/cover/gaps"])
def test_a_plain_path_of_ours_is_a_way_on(address):
    assert inside(address) == address


def test_no_way_on_leads_out_or_writes_a_header(app):
    client = sign_in(app, "olive")
    tokens = sending(client)
    for trick in TRICKS:
        assert inside(trick) == "", repr(trick)
        answer = client.post("/confirm-it-is-you", query_string={"next": trick}, data=tokens)
        assert answer.status_code == 302, repr(trick)
        assert answer.headers["Location"] == "/", repr(trick)
        assert "evil" not in str(answer.headers), repr(trick)


@dataclass
class SharedCache:
    """A proxy that gives to everybody whatever it was not told to keep nowhere: it cares for no cookie."""

    kept: set[str] = field(default_factory=set)

    def is_kept(self, path, headers):
        """Whether this is given out of the cache; what may be kept is, for whoever asks next."""
        told = headers.get("Cache-Control", "")
        if path in self.kept:
            return True
        if "no-store" not in told and "private" not in told:
            self.kept.add(path)
        return False


def test_a_cache_in_front_never_gives_one_person_what_another_was_shown(crawl):
    cache = SharedCache()
    crossed = {one.visit.path for one in crawl.of(method="GET") if cache.is_kept(one.visit.path, one.headers)}

    assert crossed == {"/static/app.css"}, "what is the same for everybody may be kept, and nothing else"


def test_a_page_under_the_name_of_a_file_is_no_page_and_is_kept_nowhere(app, caseload):
    case = f"/referrals/{caseload.referral().reference}"
    olive = sign_in(app, "olive")
    assert olive.get(case).status_code == 200
    for path in (f"{case}/x.css", f"{case}.css", f"{case}/record/x.js", f"{case};x.css", f"{case}/.png", "/none.css"):
        answer = olive.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["Cache-Control"] == "no-store", path


BUTTONS = {"hidden", "radio", "checkbox", "submit", "file"}
SECRETS = {"current-password", "new-password", "one-time-code"}
ONES_OWN = {"username", "email", "name", "tel", "organization", "organization-title"}
"""What a browser may fill in: how somebody signs in, and what is about themselves (WCAG 2.2, 1.3.5)."""


def test_a_browser_is_asked_to_keep_nothing_that_was_typed_and_to_send_none_of_it_away(crawl):
    asked = 0
    for answer in crawl.of():
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        for box in LexborHTMLParser(answer.text).css("input, textarea"):
            marks = box.attributes
            if marks.get("type") in BUTTONS or "readonly" in marks:
                continue
            asked += 1
            where = f"{answer.visit.name}: {marks}"
            assert marks.get("type") == "password" or marks.get("spellcheck") == "false", where
            assert box.tag == "textarea" or marks.get("autocomplete") in {"off"} | SECRETS | ONES_OWN, where
    assert asked > 500


def test_the_answer_to_a_fault_or_a_refusal_is_kept_nowhere(app):
    client = app.test_client()
    for path in ("/no-such-page", "/static/none.css", "/referrals/NB-222222-2/x.css", "/portal"):
        with client.get(path) as answer:
            is_static = path.startswith("/static/")
            assert is_static or answer.headers["Cache-Control"] == "no-store", path
            assert is_static or "Cookie" in answer.vary, path


def test_no_page_answers_to_another_site(app):
    client = app.test_client()
    for method in ("GET", "OPTIONS"):
        asked = {"Origin": "https://evil.test", "Access-Control-Request-Method": "POST"}
        answer = client.open("/sign-in", method=method, headers=asked)
        assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")]


def test_health_says_up_or_not_and_nothing_more(app):
    for path in ("/health/live", "/health/ready"):
        answer = app.test_client().get(path)
        assert set(json.loads(answer.text)) == {"up"}
        assert isinstance(json.loads(answer.text)["up"], bool)


def test_what_a_policy_blocked_is_written_down_without_where(app, capsys):
    report = {
        "csp-report": {
            "document-uri": "https://localhost/referrals/NB-222222-2?name=Robin",
            "blocked-uri": "https://evil.test/?Robin+Sample",
            "effective-directive": "script-src-elem",
            "script-sample": "alert('Robin')",
        }
    }
    answer = app.test_client().post("/policy-report", json=report)

    assert (answer.status_code, answer.text) == (204, "")
    heard = capsys.readouterr().err
    assert "blocked by policy" in heard
    assert "script-src-elem" in heard
    assert not any(word in heard for word in ("Robin", "evil", "NB-2"))


def test_reports_that_cannot_be_read_or_come_in_masses_do_no_harm(app, capsys, clock):
    client = app.test_client()
    for body in (
        b"",
        b"{",
        b"[]",
        b'"x"',
        b'{"csp-report": 7}',
        b'{"csp-report": {"effective-directive": "x\\r\\ny"}}',
    ):
        assert client.post("/policy-report", data=body).status_code == 204, body
    assert client.post("/policy-report", data=b"x" * 20_000).status_code == 204
    for _ in range(100):
        client.post("/policy-report", json={"csp-report": {"effective-directive": "img-src"}})

    assert capsys.readouterr().err.count("blocked by policy") == MOST_A_MINUTE
    clock.advance(minutes=1)
    client.post("/policy-report", json={"csp-report": {"effective-directive": "img-src"}})
    assert capsys.readouterr().err.count("blocked by policy") == 1


@pytest.fixture
def behind(settings, clock):
    """An app that lists some proxies, which says who asked and how."""
    made = []

    def build(*proxies, **changes):
        app = create_app(replace(settings, proxies=proxies, **changes), clock)
        said = []
        app.before_request(lambda: said.append((request.remote_addr, request.scheme, request.host)))
        made.append(app)
        return app, said

    yield build
    for app in made:
        app.extensions["lado"].database.engine.dispose()


FORWARDED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.test",
    "X-Forwarded-Port": "8443",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "for=203.0.113.9;host=evil.test;proto=https",
}


@pytest.mark.parametrize(
    ("listed", "asks", "heard"),
    [
        ((), "10.0.0.5", ("10.0.0.5", "http", "localhost")),
        (("10.0.0.5",), "10.0.0.6", ("10.0.0.6", "http", "localhost")),
        (("10.0.0.5",), "10.0.0.5", ("203.0.113.9", "https", "localhost")),
        (("10.0.0.0/28",), "10.0.0.5", ("203.0.113.9", "https", "localhost")),
    ],
)
def test_what_was_forwarded_is_believed_of_listed_proxies_only(behind, listed, asks, heard):
    app, said = behind(*listed)

    answer = app.test_client().get("/portal", headers=FORWARDED, environ_overrides={"REMOTE_ADDR": asks})

    assert said == [heard]
    assert "evil" not in f"{answer.headers}{answer.text}"
    assert ("Strict-Transport-Security" in answer.headers) == (heard[1] == "https")


def test_a_proxy_that_is_given_several_addresses_is_believed_of_the_last_alone(behind):
    app, said = behind("10.0.0.5")
    sent = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9", "X-Forwarded-Proto": "https"}

    app.test_client().get("/portal", headers=sent, environ_overrides={"REMOTE_ADDR": "10.0.0.5"})

    assert said[0][0] == "203.0.113.9"


def test_in_production_nothing_is_answered_and_no_cookie_given_in_clear(behind, database):
    with every_right(database) as connection:
        connection.execute(update(Installation).values(is_demonstration=False))
    app, _ = behind(production=True, mail_catcher=None)
    client = app.test_client()

    for path in ("/sign-in", "/portal", "/static/app.css", "/no-such-page"):
        with client.get(path) as answer:
            assert answer.status_code == 400, path
            assert "Set-Cookie" not in answer.headers, path
    assert client.get("/health/live").status_code == 200
    with client.get("/sign-in", base_url="https://localhost") as answer:
        assert answer.status_code == 200
        assert "Secure" in answer.headers["Set-Cookie"]
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_signing_out_is_a_form_and_lets_the_browser_forget(app):
    client = sign_in(app, "olive")
    assert client.get("/sign-out").status_code == 405
    assert client.get("/").status_code == 200

    answer = client.post("/sign-out", data=sending(client))

    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.get("/").status_code == 302


class Forced(Exception):
    """A fault that says what nobody may read."""


def test_five_hundred_forced_faults_show_and_log_a_code_and_no_more(app, crawl, capsys, monkeypatch):
    olive, pat = sign_in(app, "olive"), sign_in(app, "pat")
    tokens = {client: sending(client) for client in (olive, pat)}
    secrets = [client.get_cookie("lado").value for client in tokens] + [sent["csrf_token"] for sent in tokens.values()]
    words = ("Robin Sample", "1 Willow Lane", "robin@example.test")
    capsys.readouterr()

    def broken(**values):
        raise Forced(f"INSERT INTO referral VALUES ('{', '.join(words)}') {secrets}\r\nforged \x1b[31m {'x' * 9_000}")

    every = [visit for visit in visits(app, crawl.world) if visit.endpoint != "static"]
    monkeypatch.setattr(app, "view_functions", dict.fromkeys(app.view_functions, broken))
    forced = 0
    while forced < 500:
        for visit in every:
            client = (olive, pat)[forced % 2]
            data = None if visit.page.method == "GET" else {**tokens[client], "name": words[0], "note": words[1]}
            answer = client.open(visit.path, method=visit.page.method, data=data)
            forced += answer.status_code == 500
            assert not any(word in answer.text for word in (*words, *secrets, "Traceback", "Forced")), visit.name
        assert forced, "none was reached"
    heard = capsys.readouterr()
    lines = (heard.out + heard.err).splitlines()
    assert len([line for line in lines if "fault" in line]) == forced
    assert not any(secret in line for line in lines for secret in (*words, *secrets, "INSERT", "\x1b", "xxx"))
    assert max(map(len, lines)) < 20_000
