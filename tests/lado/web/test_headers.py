"""What every answer carries, whose forms are taken, and what an error page gives away."""

import os
import re
from dataclasses import replace
from itertools import product
from pathlib import Path

from sqlalchemy import update
from werkzeug.datastructures import Headers

from lado import create_app
from lado.models import Installation
from tests.support.people import PASSWORD, email_of
from tests.support.routes import Visit
from tests.support.signing import sending, sign_in
from tests.support.tampering import every_right

POLICY = {"default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "connect-src 'self'"}
POLICY |= {"report-uri /policy-report"}
GIVEAWAYS = {"Server", "X-Powered-By", "Access-Control-Allow-Origin"}
NONCE = re.compile(r"script-src 'nonce-([^']{20,})';")
SECURE = "https://localhost"
PROJECT = re.escape(str(Path(__file__).resolve().parents[3]))


def test_every_answer_is_protected(crawl):
    nonces = []
    for answer in (*crawl.answers, *crawl.sent):
        judge(answer.headers, answer.visit)
        nonces.append(NONCE.search(answer.headers["Content-Security-Policy"])[1])
    assert len(set(nonces)) == len(nonces)
    assert {302, 400} <= {answer.status for answer in crawl.sent}


def judge(headers: Headers, visit: Visit) -> None:
    policy = headers["Content-Security-Policy"]
    assert set(policy.split("; ")) >= POLICY, visit.name
    assert "unsafe" not in policy, visit.name
    assert headers["X-Content-Type-Options"] == "nosniff", visit.name
    assert headers["Referrer-Policy"] == "no-referrer", visit.name
    assert headers["X-Frame-Options"] == "DENY", visit.name
    assert not GIVEAWAYS & set(headers.keys()), visit.name
    if visit.endpoint != "static":
        assert headers["Cache-Control"] == "no-store", visit.name
        assert "Cookie" in headers["Vary"], visit.name


def test_the_marks_on_a_page_are_those_of_its_policy(browser):
    answer = browser.client.get("/sign-in")

    allowed = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]
    assert set(re.findall(r'nonce="([^"]*)"', answer.text)) == {allowed}
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", answer.text)


def test_an_unknown_host_is_refused(app):
    hosts = ("evil.test", "localhost.evil.test", "evil.test:80", "a b")
    paths = ("/no-such-page", "/sign-in", "/portal", "/static/app.css", "/static/nothing.css")
    for host, path in product(hosts, paths):
        with app.test_client().get(path, headers={"Host": host}) as answer:
            assert answer.status_code == 400, (host, path)
            assert "evil" not in f"{answer.text}{answer.headers}", (host, path)


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
    with every_right(database) as connection:
        connection.execute(update(Installation).values(is_demonstration=False))
    app = create_app(replace(settings, production=True, mail_catcher=None), clock)
    client = app.test_client()

    answer = client.get("/sign-in", base_url=SECURE)

    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-lado=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    app.extensions["lado"].database.engine.dispose()


def test_only_one_cookie_is_ever_set(crawl):
    for answer in (*crawl.answers, *crawl.sent):
        names = {cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")}
        assert names <= {"lado"}, answer.visit.name


SENT_FROM = (
    ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 302),
    ({"Sec-Fetch-Site": "same-origin", "Origin": SECURE}, 302),
    ({"Origin": SECURE}, 302),
    ({}, 302),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"}, 400),
    ({"Sec-Fetch-Site": "same-site", "Origin": "https://other.localhost"}, 400),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 400),
    ({"Origin": "https://evil.test"}, 400),
    ({"Origin": "https://localhost.evil.test"}, 400),
)


def test_over_tls_a_form_is_taken_from_our_own_pages_only(app):
    for headers, status in SENT_FROM:
        client = app.test_client()
        page = client.get("/sign-in", base_url=SECURE)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        data = {"email": email_of("olive"), "password": PASSWORD, "csrf_token": token}
        way_on = "/sign-in?next=/health/live"

        assert client.post(way_on, data=data, headers=headers, base_url=SECURE).status_code == status, headers


def test_no_other_method_is_taken(app):
    client = app.test_client()

    odd = ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "ODD", "OPTIONS")
    for method, path in product(odd, ("/sign-in", "/health/live")):
        assert client.open(path, method=method, data=sending(client)).status_code in {400, 405}, (method, path)


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


def test_no_page_shows_how_it_is_made(app):
    for path in ("/sign-in", "/no-such-page", f"/portal/{'x' * 5_000}", "/%ff%fe", "/static/../config.py"):
        with app.test_client().get(path) as answer:
            assert answer.status_code < 500, path
            assert not re.search(rf"Traceback|Werkzeug|{PROJECT}|jinja2|sqlalchemy", answer.text), path


def test_a_form_that_is_too_large_is_refused_in_words(app):
    client = app.test_client()

    answer = client.post("/sign-in", data={**sending(client), "email": "x" * 1_100_000})

    assert answer.status_code == 413
    assert "<h1" in answer.text


def test_production_never_serves_a_demonstration(settings, clock):
    production = replace(settings, production=True, mail_catcher=None, public_url="https://lado.example.test")
    made = create_app(production, clock)

    answer = made.test_client().get("/sign-in", base_url="https://localhost")

    assert answer.status_code == 503
    made.extensions["lado"].database.engine.dispose()


def test_other_keys_serve_nothing(settings, clock):
    made = create_app(replace(settings, master_key=os.urandom(32)), clock)

    assert made.test_client().get("/sign-in").status_code == 503
    assert made.test_client().get("/health/live").status_code == 200
    made.extensions["lado"].database.engine.dispose()
