"""What leaves the building or changes who may see what asks for a second factor that is five minutes old at most."""

import pytest
from flask import request
from sqlalchemy import func, select, text

from lado.domain.reads import Look
from lado.models import Invitation, KeptForm, LoginSession, ReadEntry
from lado.security.identity import SYSTEM
from lado.security.permissions import Permission
from lado.services import attachments
from lado.web.guards import needs
from tests.support.browser import Browser, words_of
from tests.support.files import PDF
from tests.support.people import code_of

TAKEN_AWAY = (Look.DOWNLOAD, Look.PRINT)
WHY = "A mother’s own words, which nobody types twice."


@pytest.fixture
def mina(browser, place, clock):
    """Mina, whose last code was six minutes ago."""
    browser.sign_in("mina")
    clock.advance(minutes=6)
    return browser


@pytest.fixture
def place(app):
    """A page with a form that asks for a fresh factor, and what reached it."""
    reached = []

    def view():
        if request.method == "POST":
            reached.append(request.form.to_dict())
        return "done"

    app.add_url_rule("/grave", "grave", needs(Permission.SESSION_END, fresh=True)(view), methods=["POST"])
    app.add_url_rule("/leaves", "leaves", needs(Permission.SESSION_END, fresh=True)(view), methods=["GET"])
    return reached


def send(browser, code=None, **typed):
    page = browser.get("/no-such-page", status=404)
    return browser.post("/grave", typed, page=page, status=401)


def test_within_five_minutes_nobody_is_asked(browser, clock, place):
    browser.sign_in("mina")
    clock.advance(minutes=5)

    answer = browser.post("/grave", {"why": WHY}, page=browser.get("/no-such-page", status=404))

    assert answer.text == "done"
    assert place[0]["why"] == WHY


def test_after_six_minutes_nothing_is_done_before_a_code(mina, place, clock):
    asked = send(mina, why=WHY)

    assert "Confirm that it is you" in asked.text
    assert place == []
    assert WHY not in asked.text

    wrong = mina.post("/grave", {"proof_kept": kept_in(asked), "proof_code": "000000"}, page=asked, status=401)
    assert "This code is not right" in wrong.text
    assert place == []

    right = {"proof_kept": kept_in(asked), "proof_code": code_of("mina", clock.now())}
    assert mina.post("/grave", right, page=wrong).text == "done"
    assert [sent["why"] for sent in place] == [WHY]
    assert "proof_code" not in place[0]


def test_what_was_typed_waits_sealed_and_goes_with_its_use(mina, place, clock, database):
    asked = send(mina, why=WHY)
    with database.engine.connect() as connection:
        assert WHY.encode() not in bytes(connection.execute(text("SELECT sealed FROM kept_form")).scalar_one())

    right = {"proof_kept": kept_in(asked), "proof_code": code_of("mina", clock.now())}
    mina.post("/grave", right, page=asked)

    with database.engine.connect() as connection:
        assert connection.execute(select(KeptForm.id)).all() == []


def test_nobody_is_given_what_somebody_else_typed(app, database, mina, place, clock):
    asked = send(mina, why=WHY)
    olive = Browser(app, database).sign_in("olive")
    clock.advance(minutes=6)
    hers = send(olive, why="Mine.")

    right = {"proof_kept": kept_in(asked), "proof_code": code_of("olive", clock.now())}
    olive.post("/grave", right, page=hers)

    assert WHY not in str(place)


def test_the_code_of_somebody_else_proves_nothing(mina, place, clock):
    asked = send(mina, why=WHY)

    mina.post(
        "/grave",
        {"proof_kept": kept_in(asked), "proof_code": code_of("olive", clock.now())},
        page=asked,
        status=401,
    )

    assert place == []


def test_the_session_goes_on_under_another_reference(mina, place, clock, database):
    with mina.client.session_transaction() as cookie:
        before = cookie["_user_id"]
    asked = send(mina, why=WHY)
    right = {"proof_kept": kept_in(asked), "proof_code": code_of("mina", clock.now())}
    mina.post("/grave", right, page=asked)

    with mina.client.session_transaction() as cookie:
        assert cookie["_user_id"] != before
        cookie["_user_id"] = before
    assert "Password" in words_of(mina.get("/"))
    with database.engine.connect() as connection:
        assert connection.execute(select(LoginSession.proved_at).where(LoginSession.ended_at.is_(None))).scalar_one()


def test_a_page_that_is_looked_at_comes_after_the_code(mina, place, clock):
    asked = mina.get("/leaves", status=401)
    assert "You go on by yourself afterwards" in asked.text

    right = {"proof_kept": "", "proof_code": code_of("mina", clock.now())}
    answer = mina.client.post(
        "/confirm-it-is-you?next=/leaves", data={**right, "csrf_token": token_in(asked)}, follow_redirects=False
    )

    assert answer.headers["Location"] == "/leaves"
    assert mina.client.get("/leaves").status_code == 200


def kept_in(page):
    return page.text.split('name="proof_kept" value="')[1].split('"')[0]


def token_in(page):
    return page.text.split('name="csrf_token" value="')[1].split('"')[0]


GRAVE = (
    "access.end",
    "access.give",
    "agency_people.invite",
    "agency_people.link",
    "agency_people.move",
    "agency_people.shut",
    "agency_people.until",
    "attachments.one",
    "clocks.export",
    "corrections.ask",
    "corrections.decide",
    "duty_packs.new",
    "letters.docx",
    "letters.pdf",
    "own_sign_ins.add",
    "own_sign_ins.end",
    "people_waiting.decide",
    "recovering.confirm",
    "recovering.of_colleague",
    "recovering.of_partner",
    "referrals.whole",
    "restrictions.answer",
    "restrictions.end",
    "restrictions.keep",
    "restrictions.review",
)


@pytest.mark.parametrize("endpoint", GRAVE)
def test_what_is_grave_is_declared_so(app, endpoint):
    assert app.view_functions[endpoint].fresh


def test_whatever_is_taken_away_is_asked_for_afresh(app):
    """A page that is written into the log of reads as a download or as print is an export, whoever adds it."""
    taken = {name for name, view in app.view_functions.items() if getattr(view, "reads", None) in TAKEN_AWAY}

    assert {"attachments.one", "clocks.export", "letters.docx", "letters.pdf", "referrals.whole"} <= taken
    assert {name for name in taken if not app.view_functions[name].fresh} == set()


@pytest.mark.parametrize("part", ["whole", "clocks/conclusion/1/working.csv", "files/1"])
def test_six_minutes_after_the_code_nothing_of_a_case_is_taken_away(browser, caseload, clock, database, part):
    case = caseload.referral(("meet_threshold", "hold_meeting"), subject={"name": "Zebedee Quillfeather"})
    with database.work(caseload.officer) as act:
        attachments.put_to_case(act, case.id, [attachments.check("Zebedee.pdf", PDF, None)])
    browser.sign_in("olive")
    place = f"/referrals/{case.reference}/{part}"
    assert browser.client.get(place).status_code == 200
    clock.advance(minutes=6)

    asked = browser.get(place, status=401)

    assert "Confirm that it is you" in asked.text
    assert "Zebedee" not in asked.text
    assert "Content-Disposition" not in asked.headers
    with database.reading(SYSTEM) as act:
        looks = select(func.count()).select_from(ReadEntry).where(ReadEntry.what.in_(TAKEN_AWAY))
        assert act.session.scalar(looks) == 1


def test_an_invitation_waits_for_the_code_and_then_goes_out_as_it_was_typed(browser, clock, people, database):
    browser.sign_in("olive")
    place = f"/organisations/{people.pat.agency}/invite"
    page = browser.get(place)
    clock.advance(minutes=6)
    typed = {"name": "Nell Newhead", "email": "nell@willow.example", "checked": "y"}

    asked = browser.post(place, typed, page=page, status=401)
    with database.reading(people.olive) as act:
        assert len(act.session.scalars(select(Invitation.id)).all()) == 0
    sent = browser.post(place, {"proof_kept": kept_in(asked), "proof_code": code_of("olive", clock.now())}, page=asked)

    assert "Nell Newhead" in sent.text
    with database.reading(people.olive) as act:
        assert len(act.session.scalars(select(Invitation.id)).all()) == 1
