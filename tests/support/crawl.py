"""Everybody's walk through every page and form, made once and recorded, so that many tests can judge it.

The walk is over the canary's world. First each page is read, then each form is sent with its token against forgery and
without the one that lets it have an effect; signing out comes last. Then a few people send every form in earnest, but
empty. What was read stays readable when the database is gone.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Row, select
from werkzeug.datastructures import Headers

from lado.clock import FixedClock
from lado.db import Database
from lado.models import Grant, Referral
from lado.services import attachments
from tests.support.builders import Caseload
from tests.support.canaries import settle_canaries
from tests.support.files import PDF
from tests.support.papers import words_in
from tests.support.people import CAST, People
from tests.support.routes import SIGNED_OUT, Thing, Visit, World, ask_to_correct, message_about, put_on_call, visits
from tests.support.signing import sending, sign_in

NAMES = (*(name for name, *_ in CAST), SIGNED_OUT)
SECONDS = {"pat": 2.1, "pol": 2.1}
"""How long partners take over a page: no quicker than the pages of theirs may be read."""
IN_EARNEST = ("pat", "olive", "ada", SIGNED_OUT)
"""Who sends every form so that it may have an effect, one after the other: Olive's end what Pat may see."""

Cases = Mapping[str, Sequence[tuple[Row[Any], Thing]]]
"""For each person every case (its id, reference, council and whether it is open), and what the policy asks about it."""


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
    sent: Sequence[Answer]
    """The answers to the forms that were sent in earnest."""
    cases: Cases
    """The cases as they were before anybody walked."""
    heard: str
    """All that was logged and printed while pages were read and forms had no effect."""

    def of(self, *names: str, method: str = "") -> Iterator[Answer]:
        """The answers to these people (to all where none is named), with one method or with any."""
        for answer in self.answers:
            if answer.name in (names or NAMES) and method in ("", answer.visit.page.method):
                yield answer


def settle(caseload: Caseload, people: People, clock: FixedClock) -> World:
    """The canary's world, with open and closed cases of both councils that Pat follows, or followed once."""
    made = _furnish(caseload, people, clock, settle_canaries(caseload, people, clock))
    caseload.referral(("advise",), partner=people.pat.id)
    caseload.referral(("advise",), who=people.sam)
    caseload.referral(("meet_threshold",), who=people.sam, partner=people.pat.id)
    ended = caseload.referral(partner=people.pat.id)
    with caseload.database.work(people.olive) as act:
        act.session.scalars(select(Grant).where(Grant.referral_id == ended.id)).one().ended_at = act.at
    return made


def _furnish(caseload: Caseload, people: People, clock: FixedClock, world: World) -> World:
    """Let there be, of the canary's case and at this time, whatever an address may name."""
    with caseload.database.work(people.olive) as act:
        attachments.put_to_case(act, world.pats.id, [attachments.check("Note.pdf", PDF, None)])
        of_pat = select(Grant.id).where(Grant.referral_id == world.pats.id, Grant.account_id == people.pat.id)
        grant_id = act.session.scalars(of_pat).one()
    ask_to_correct(caseload, world.pats.received_at, world.pats)
    return replace(
        world,
        message=message_about(caseload, people, world.pats),
        shift_id=put_on_call(caseload, people, clock),
        partners={**world.partners, "grant_id": grant_id},
    )


def cases_for(database: Database, people: People) -> Cases:
    """Every case with what the policy asks about it, once for each person: theirs if it is granted to them."""
    with database.reading(people.system) as act:
        referrals = act.session.execute(
            select(Referral.id, Referral.reference, Referral.authority_id, Referral.is_open)
        ).all()
        grants = act.session.execute(select(Grant.referral_id, Grant.account_id).where(Grant.ended_at.is_(None))).all()
    return {
        person: [
            (row, Thing(row.authority_id, None, None, who.id if (row.id, who.id) in grants else None))
            for row in referrals
        ]
        for person, who in people.everyone.items()
    }


def walk(app: Flask, database: Database, people: People, world: World, clock: FixedClock) -> Crawl:
    """Let everybody walk through everything."""
    answers: list[Answer] = []
    cases = cases_for(database, people)
    every = sorted(visits(app, world), key=lambda visit: visit.endpoint == "sessions.sign_out")
    walks = _walks(every)
    with redirect_stderr(io.StringIO()) as errors, redirect_stdout(errors):
        for name in NAMES:
            for part in walks:
                client = _client(app, name)
                token = sending(client)["csrf_token"]
                for visit in part:
                    answers.append(_ask(client, name, visit, {"csrf_token": token}))
                    clock.advance(seconds=SECONDS.get(name, 0))
        heard = errors.getvalue()
        sent = [
            answer
            for name in IN_EARNEST
            for part in walks[1:]
            for answer in _send(_client(app, name), name, part, clock)
        ]
    return Crawl(world, answers, sent, cases, heard)


def _walks(every: Sequence[Visit]) -> list[Sequence[Visit]]:
    """The pages, and then the forms in two parts: whoever signed in too long ago is asked again for a second factor."""
    pages = [visit for visit in every if visit.page.method == "GET"]
    forms = [visit for visit in every if visit.page.method != "GET"]
    return [pages, forms[: len(forms) // 2], forms[len(forms) // 2 :]]


def _client(app: Flask, name: str) -> FlaskClient:
    return app.test_client() if name == SIGNED_OUT else sign_in(app, name)


def _send(client: FlaskClient, name: str, forms: Iterable[Visit], clock: FixedClock) -> Iterator[Answer]:
    """Send each form empty, with the tokens that it needs to have an effect."""
    for visit in forms:
        yield _ask(client, name, visit, sending(client))
        clock.advance(seconds=SECONDS.get(name, 0))


def _ask(client: FlaskClient, name: str, visit: Visit, tokens: Mapping[str, str]) -> Answer:
    """Ask for the page. Without its one-time token nothing of a form is saved, and the next person asks the same."""
    data = None if visit.page.method == "GET" else tokens
    with client.open(visit.path, method=visit.page.method, data=data) as answer:
        cookie = client.get_cookie("lado")
        held = cookie.value if cookie else ""
        return Answer(name, visit, answer.status_code, answer.headers, words_in(answer), held)
