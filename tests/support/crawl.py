"""Everybody's walk through every page and form, made once and recorded, so that many tests can judge it.

The walk is over the canary's world. First each page is read, then each form is sent with its token against forgery and
without the one that lets it have an effect; signing out comes last. What was read stays readable when the database is
gone.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import Headers

from lado.clock import FixedClock
from lado.db import Database
from lado.models import Grant
from tests.support.builders import Caseload
from tests.support.canaries import settle_canaries
from tests.support.contents import digests
from tests.support.papers import words_in
from tests.support.people import CAST, People
from tests.support.routes import SIGNED_OUT, Visit, World, visits
from tests.support.signing import sending, sign_in

NAMES = (*(name for name, *_ in CAST), SIGNED_OUT)
SECONDS = {"pat": 2.1, "pol": 2.1}
"""How long partners take over a page: no quicker than the pages of theirs may be read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody was answered at an address."""

    name: str
    visit: Visit
    status: int
    headers: Headers
    text: str
    """The words of a page, or of a file as somebody would read it."""
    cookie: str
    """What the browser holds after it."""


@dataclass(frozen=True)
class Crawl:
    """The whole walk: the world that it was through, each answer in order, and what else came of it."""

    world: World
    answers: Sequence[Answer]
    heard: str
    """All that was logged and printed meanwhile."""
    changed: Mapping[str, Sequence[str]]
    """The tables that are not as before, after somebody has read every page."""

    def of(self, *names: str, method: str = "") -> Iterator[Answer]:
        """The answers to these people (to all where none is named), with one method or with any."""
        for answer in self.answers:
            if answer.name in (names or NAMES) and method in ("", answer.visit.page.method):
                yield answer


def settle(caseload: Caseload, people: People, clock: FixedClock) -> World:
    """The canary's world, with open and closed cases of both councils that Pat follows, or followed once."""
    made = settle_canaries(caseload, people, clock)
    caseload.referral(("advise",), partner=people.pat.id)
    caseload.referral(("advise",), who=people.sam)
    caseload.referral(("meet_threshold",), who=people.sam, partner=people.pat.id)
    ended = caseload.referral(partner=people.pat.id)
    with caseload.database.work(people.olive) as act:
        act.session.scalars(select(Grant).where(Grant.referral_id == ended.id)).one().ended_at = act.at
    return made


def walk(app: Flask, database: Database, world: World, clock: FixedClock) -> Crawl:
    """Let everybody walk through everything."""
    answers: list[Answer] = []
    changed: dict[str, list[str]] = {}
    every = sorted(visits(app, world), key=lambda visit: (visit.endpoint == "sessions.sign_out", visit.page.method))
    with redirect_stderr(io.StringIO()) as errors, redirect_stdout(errors):
        for name in NAMES:
            client = app.test_client() if name == SIGNED_OUT else sign_in(app, name)
            token = sending(client)["csrf_token"]
            before, after = digests(database), {}
            for visit in every:
                if not after and visit.page.method == "POST":
                    after = digests(database)
                answers.append(_ask(client, name, visit, token))
                clock.advance(seconds=SECONDS.get(name, 0))
            changed[name] = [table for table in before if before[table] != after[table]]
    return Crawl(world, answers, errors.getvalue(), changed)


def _ask(client: FlaskClient, name: str, visit: Visit, token: str) -> Answer:
    """Ask for the page. A form goes without its one-time token: nothing is saved, and the next person asks the same."""
    data = None if visit.page.method == "GET" else {"csrf_token": token}
    with client.open(visit.path, method=visit.page.method, data=data) as answer:
        cookie = client.get_cookie("lado")
        held = cookie.value if cookie else ""
        return Answer(name, visit, answer.status_code, answer.headers, words_in(answer), held)
