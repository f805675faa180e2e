"""What every answer carries, whose forms are taken, and what an error page gives away."""

import re
from dataclasses import replace

import pytest

from lado import create_app
from tests.support.routes import settle_world, visits
from tests.support.signing import sending, sign_in

POLICY = {"default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "connect-src 'self'"}
GIVEAWAYS = {"Server", "X-Powered-By", "Access-Control-Allow-Origin"}
SECURE = "https://localhost"


@pytest.fixture
def world(caseload, people, clock):
    return settle_world(caseload, people, clock)


@pytest.mark.parametrize("name", ["olive", "pat", "ada", None])
def test_every_answer_is_protected(app, world, name):
    client = sign_in(app, name) if name else app.test_client()
    nonces = []
    for visit in visits(app, world):
        data = None if visit.page.method == "GET" else sending(client)
        with client.open(visit.path, method=visit.page.method, data=data) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert set(policy.split("; ")) >= POLICY, visit.name
            assert "unsafe" not in policy, visit.name
            nonces.append(re.search(r"script-src 'self' 'nonce-([^']{20,})'", policy)[1])
            assert answer.headers["X-Content-Type-Options"] == "nosniff", visit.name
            assert answer.headers["Referrer-Policy"] == "no-referrer", visit.name
            assert answer.headers["X-Frame-Options"] == "DENY", visit.name
            assert not {"Server", "X-Powered-By", "Access-Control-Allow-Origin"} & set(answer.headers.keys()), (
                visit.name
            )
            if visit.endpoint != "static":
                assert answer.headers["Cache-Control"] == "no-store", visit.name
                assert "Cookie" in answer.headers["Vary"], visit.name
    assert len(set(nonces)) == len(nonces)


def test_the_marks_on_a_page_are_those_of_its_policy(browser):
    answer = browser.client.get("/sign-in")

    allowed = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]
    assert set(re.findall(r'nonce="([^"]*)"', answer.text)) == {allowed}
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", answer.text)


@pytest.mark.parametrize("path", ["/no-such-page", "/sign-in", "/portal", "/static/app.css", "/static/nothing.css"])
@pytest.mark.parametrize("host", ["evil.test", "localhost.evil.test", "evil.test:80", "a b"])
def test_an_unknown_host_is_refused(app, path, host):
    with app.test_client().get(path, headers={"Host": host}) as answer:
        assert answer.status_code == 400
        assert "evil" not in answer.text
        assert "evil" not in str(answer.headers)


def test_a_forwarded_host_changes_nothing(app):
    answer = app.test_client().get("/portal", headers={"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"})

    assert answer.headers["Location"].startswith("/sign-in")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app):
    client = sign_in(app, "olive")

    cookie = client.get_cookie("lado")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.max_age is None, "it ends with the browser"


def test_in_production_the_cookie_belongs_to_this_host_over_tls_alone(settings, clock, database):
    app = create_app(replace(settings, production=True, mail_catcher=None), clock)
    client = app.test_client()

    answer = client.get("/sign-in", base_url=SECURE)

    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-lado=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    app.extensions["lado"].database.engine.dispose()


def test_only_one_cookie_is_ever_set(app, world):
    client = sign_in(app, "olive")
    for visit in visits(app, world):
        data = None if visit.page.method == "GET" else sending(client)
        with client.open(visit.path, method=visit.page.method, data=data) as answer:
            names = {cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")}
            assert names <= {"lado"}, visit.name


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 302),
        ({"Sec-Fetch-Site": "same-origin", "Origin": SECURE}, 302),
        ({"Origin": SECURE}, 302),
        ({}, 302),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"}, 400),
        ({"Sec-Fetch-Site": "same-site", "Origin": "https://other.localhost"}, 400),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 400),
        ({"Origin": "https://evil.test"}, 400),
        ({"Origin": "https://localhost.evil.test"}, 400),
    ],
)
def test_over_tls_a_form_is_taken_from_our_own_pages_only(app, headers, status):
    client = app.test_client()
    page = client.get("/sign-in", base_url=SECURE)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    data = {"email": "olive@example.test", "password": "a long enough password for tests", "csrf_token": token}

    answer = client.post("/sign-in", data=data, headers=headers, base_url=SECURE)

    assert answer.status_code == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "ODD"])
def test_no_other_method_is_taken(app, method):
    client = app.test_client()

    for path in ("/sign-in", "/portal", "/health/live"):
        assert client.open(path, method=method, data=sending(client)).status_code in {400, 405}


def test_a_fault_shows_a_code_and_nothing_of_what_went_wrong(app, capsys, monkeypatch):
    client = sign_in(app, "pat")

    def broken(act, after):
        raise RuntimeError("Robin Sample lives at 1 Willow Lane")

    monkeypatch.setattr("lado.queries.portal.rows", broken)
    answer = client.get("/portal")

    assert answer.status_code == 500
    heard = capsys.readouterr()
    code = re.search(r"<strong>([0-9a-f]{8})</strong>", answer.text)[1]
    assert code in heard.err
    assert "RuntimeError" in heard.err
    for text in (answer.text, heard.err, heard.out):
        assert not re.search(r"Robin|Willow|Traceback|werkzeug debugger", text)


@pytest.mark.parametrize(
    "path", ["/sign-in", "/no-such-page", "/portal/" + "x" * 5_000, "/%ff%fe", "/static/../config.py"]
)
def test_no_page_shows_how_it_is_made(app, path):
    with app.test_client().get(path) as answer:
        assert answer.status_code < 500
        assert not re.search(r"Traceback|Werkzeug|/work/|jinja2|sqlalchemy", answer.text)


def test_a_form_that_is_too_large_is_refused_in_words(app):
    client = app.test_client()

    answer = client.post("/sign-in", data={**sending(client), "email": "x" * 1_100_000})

    assert answer.status_code == 413
    assert "<h1" in answer.text
