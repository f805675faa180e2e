"""Every page of every role, every form and every error, judged at both widths: a new page is judged unasked."""

from collections import defaultdict

import pytest
from flask import abort

from lado.adapters.mail import Letter, as_message
from lado.adapters.mail_catcher import Keeping
from lado.web.errors import PAGES
from lado.web.moves.forms import MOVE_FORMS
from tests.support.move_forms import FILLED, Desk, address
from tests.support.people import CAST
from tests.support.routes import may, settle_world, visits
from workflows.registry import CURRENT

NOT_PAGES = frozenset(
    {
        "attachments.one",
        "clocks.export",
        "directory.back",
        "directory.sign_out_there",
        "directory.signed_out",
        "feeds.read",
        "health.live",
        "health.ready",
        "letters.docx",
        "letters.pdf",
        "kept.show",
        "kept.throw_away",
        "mail.show",
        "my_sessions.left",
        "procedure.picture",
        "restrictions.answer",
        "settings.procedure",
        "static",
    }
)
"""What is no page, the page of a message, which is reached from the list, and what answers only once something is
there: a council's directory, and somebody who asks to be let into a restricted case."""

ONE_OF_EACH_ROLE = {role: name for name, _, role, council in reversed(CAST) if council == "northbrook"}.values()

FORMS = defaultdict(list)
"""The forms by the moves that lead to them: one case serves all that are open on it."""
for _move in MOVE_FORMS:
    if _move in CURRENT.move_by_key:
        FORMS[FILLED[_move].path].append(_move)


@pytest.mark.parametrize("name", ONE_OF_EACH_ROLE)
def test_every_page_of_a_role(arrive, app, caseload, people, clock, name):
    world = settle_world(caseload, people, clock)
    someone = arrive()
    someone.sign_in(name)

    seen = 0
    for visit in visits(app, world):
        if visit.page.method == "GET" and visit.endpoint not in NOT_PAGES and may(people.everyone[name], visit, world):
            someone.go(visit.path)
            someone.sees_no("Page not found")
            seen += 1
    assert seen


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path[-1] if path else "received")
def test_every_form_of_a_move(arrive, caseload, path):
    desk = Desk(caseload)
    referral = desk.case_at(FORMS[path][0])
    olive = arrive()
    olive.sign_in("olive")

    for move in FORMS[path]:
        olive.go(address(referral, move))
        assert olive.page.locator("form[data-autosave]").count() == 1, move


def test_the_ways_to_look_at_the_queue_cover_and_escalations(arrive, caseload, people, clock):
    world = settle_world(caseload, people, clock)
    olive = arrive()
    olive.sign_in("olive")

    for place in ("/?show=mine", "/?show=covered", "/?show=everyone", "/cover?month=2026-04", "/escalations?show=all"):
        olive.go(place)
    olive.go("/search")
    olive.type("Reference, name or setting", world.nobodys.reference)
    olive.follow_this(olive.page.get_by_role("main").get_by_role("button", name="Search"))
    olive.sees(world.nobodys.reference)


def test_a_message_that_was_caught(arrive, settings, clock):
    letter = Letter("olive@example.test", "NB-ONE: a time limit lapsed", "Sign in to read more.", "one", clock.now())
    Keeping(settings.mail_catcher, clock).keep(as_message(letter, "lado@localhost").as_bytes())
    olive = arrive()
    olive.sign_in("olive")
    olive.follow("Mail", exact=True)
    olive.follow("NB-ONE: a time limit lapsed")
    olive.sees("Sign in to read more.")


@pytest.mark.parametrize("name", ["olive", "pat", None], ids=["staff", "partner", "signed out"])
def test_every_error_page(arrive, app, name):
    app.add_url_rule("/fails/<int:status>", "fails", abort)
    someone = arrive()
    if name:
        someone.sign_in(name)

    for status in sorted(PAGES):
        someone.page.goto(f"{someone.address}/fails/{status}")
        someone.complaints.clear()  # the browser says that the server failed: it was meant to
        someone.judge()
        assert someone.page.get_by_role("heading", level=1).count() == 1
