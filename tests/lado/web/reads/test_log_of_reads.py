"""Every look is written down once, before anybody sees anything, and who looked at a case is known at once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from lado import migrations
from lado.db import make_engine
from lado.domain.reads import Look
from lado.jobs.escalation import run_pass
from lado.models import Account, Escalation, ReadEntry, Referral
from lado.queries import reads as queries
from lado.security.identity import SYSTEM
from lado.services import reads
from tests.support.addresses import hidden
from tests.support.browser import Browser, words_of
from tests.support.commands import runner, said
from tests.support.tampering import every_right

PARTS = ("", "/record", "/whole", "/clocks/evaluation_decision/1", "/moves/add_note", "/logged")


@pytest.fixture
def a_case(caseload):
    return caseload.referral()


@pytest.fixture
def signed_in(app, database):
    """A browser of their own for each of the cast."""
    return lambda name: Browser(app, database).sign_in(name)


def logged(database):
    """Every entry of the log: what, page and whether it names a case, in order."""
    with every_right(database) as connection:
        rows = connection.execute(select(ReadEntry.__table__).order_by(ReadEntry.id)).all()
    return [(row.what, row.page, row.referral_id) for row in rows]


def test_each_page_of_a_case_is_one_entry(browser, database, a_case):
    olive = browser.sign_in("olive")
    before = len(logged(database))

    for part in PARTS:
        olive.get(f"/referrals/{a_case.reference}{part}")

    assert logged(database)[before:] == [
        ("view", "referrals.show", a_case.id),
        ("view", "referrals.record", a_case.id),
        ("print", "referrals.whole", a_case.id),
        ("view", "clocks.show", a_case.id),
        ("view", "moves.make", a_case.id),
        ("view", "intake.logged", a_case.id),
    ]


def test_an_entry_says_who_in_which_role_when_and_by_which_right(browser, database, people, clock, a_case):
    browser.sign_in("mina").get(f"/referrals/{a_case.reference}")

    with every_right(database) as connection:
        row = connection.execute(select(ReadEntry.__table__).order_by(ReadEntry.id.desc())).first()
    assert (row.account_id, row.role, row.right) == (people.mina.id, "service_manager", "referral:read")
    assert row.at.replace(tzinfo=clock.now().tzinfo) == clock.now()


def test_a_reference_as_people_write_it_is_the_same_case(browser, database, a_case):
    browser.sign_in("olive").get(f"/referrals/{a_case.reference.lower().replace('-', '')}")

    assert logged(database)[-1] == ("view", "referrals.show", a_case.id)


def test_lists_and_searches_are_entries_without_a_case(browser, database, a_case):
    olive = browser.sign_in("olive")
    before = len(logged(database))

    olive.get("/")
    page = olive.get("/search")
    olive.post("/search", {"words": "Robin Sample"}, page=page)
    olive.get("/escalations")

    assert logged(database)[before:] == [
        ("view", "queue.home", None),
        ("search", "search.find", None),
        ("view", "escalations.home", None),
    ]


def test_what_is_refused_or_is_not_there_is_no_look(browser, database, a_case):
    pat = browser.sign_in("pat")
    before = len(logged(database))

    pat.get(f"/referrals/{a_case.reference}", status=404)
    pat.get("/portal/NB-222222-2", status=404)
    pat.get("/referrals/new", status=403)

    assert logged(database)[before:] == []


def test_a_partners_look_is_written_down_too(browser, database, caseload, people):
    referral = caseload.referral(partner=people.pat.id)

    pat = browser.sign_in("pat")
    pat.get("/portal")
    pat.get(f"/portal/{referral.reference}")

    assert logged(database)[-2:] == [("view", "portal.home", None), ("view", "portal.case", referral.id)]


def test_headers_alone_show_nothing(browser, database, a_case):
    olive = browser.sign_in("olive")
    before = len(logged(database))

    olive.client.head(f"/referrals/{a_case.reference}")

    assert len(logged(database)) == before


def test_what_cannot_be_written_down_is_not_shown(browser, database, a_case, monkeypatch):
    olive = browser.sign_in("olive")

    def no_log(*told, **more):
        raise OperationalError("insert", {}, Exception("the disk is full"))

    monkeypatch.setattr(reads, "record", no_log)
    answer = olive.client.get(f"/referrals/{a_case.reference}")

    assert answer.status_code >= 500
    assert "Robin Sample" not in answer.text


def test_the_page_says_who_has_looked(signed_in, a_case):
    signed_in("dana").get(f"/referrals/{a_case.reference}")

    page = signed_in("olive").get(f"/referrals/{a_case.reference}/looked")

    words = words_of(page)
    assert "Dana" in words
    assert "Looked at the case" in words


def test_only_managers_auditors_and_the_accountable_officer_see_who_looked(signed_in, a_case):
    for name, status in (("olive", 200), ("mina", 200), ("dana", 404), ("pat", 404)):
        signed_in(name).get(f"/referrals/{a_case.reference}/looked", status=status)
    parts = signed_in("dana").get(f"/referrals/{a_case.reference}")
    assert "Who has looked" not in parts.text


def test_a_long_log_is_read_page_by_page_with_as_many_queries(browser, database, people, a_case):
    mina = browser.sign_in("mina")
    path = f"/referrals/{a_case.reference}/looked"
    mina.get(path)
    mina.get(path)
    few = mina.queries
    with database.work(people.dana) as act:
        for _ in range(queries.PAGE + 5):
            reads.record(act, Look.VIEW, "referrals.show", "referral:read", a_case.reference)

    first = mina.get(path)

    assert mina.queries == few
    second = mina.get(first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0])
    assert "Previous page" in second.text
    assert "Next page" not in second.text


def test_an_address_may_name_any_number(signed_in, a_case):
    for before in (9**40, 2**31, -(9**40), "x"):
        signed_in("olive").get(f"/referrals/{a_case.reference}/looked?before={before}")


def test_who_looked_follows_an_index(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    migrations.upgrade(engine)
    with engine.connect() as connection:
        plan = connection.execute(
            text("EXPLAIN QUERY PLAN SELECT * FROM read_entry WHERE referral_id = 1 ORDER BY id DESC LIMIT 51")
        ).all()
    engine.dispose()

    assert "ix_read_entry_referral" in plan[0].detail
    assert "TEMP B-TREE" not in " ".join(row.detail for row in plan)


def test_the_count_that_brakes_is_read_from_an_index_alone(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    migrations.upgrade(engine)
    counted = "SELECT count(DISTINCT referral_id) FROM read_entry WHERE account_id = 1 AND at > '2026-03-01'"
    with engine.connect() as connection:
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {counted} AND referral_id <> 7")).all()
    engine.dispose()

    follows = "SEARCH read_entry USING COVERING INDEX ix_read_entry_account_at (account_id=? AND at>?)"
    assert follows in [row.detail for row in plan]  # some versions of SQLite begin with how they count


def test_the_operator_is_told_too(database, signed_in, a_case):
    signed_in("dana").get(f"/referrals/{a_case.reference}")

    found = said(runner(database)("reads", "of", a_case.reference))

    assert [(one["name"], one["role"], one["times"]) for one in found] == [("Dana Deputy", "designated_officer", 1)]


def test_every_page_of_a_case_names_it_so_that_the_log_can(app):
    by_reference = {rule.rule for rule in app.url_map.iter_rules() if "<reference>" in rule.rule}
    about_cases = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "finds", False) and rule.methods and "GET" in rule.methods
    }

    named_by_what_is_found = {
        "/escalations/<hidden:escalation_id>/later",
        "/escalations/<hidden:escalation_id>/take-over",
        "/restricted/<int:glass_id>",
        "/from-the-night/<int:contact_id>",
    }
    lists = {
        "/out-of-hours/councils/<council>",
        "/settings/calendar/reviews/<hidden:review_id>",
        "/settings/changes/<int:change_id>",
    }
    assert named_by_what_is_found | lists <= about_cases
    assert about_cases - by_reference - named_by_what_is_found - lists <= {
        "/conflicts/<int:conflict_id>/end",
        "/conflicts/people/<int:account_id>",
        "/conflicts/people/<int:account_id>/new",
        "/cover/leave/<int:absence_id>",
        "/cover/leave/<int:absence_id>/take",
        "/cover/people/<int:account_id>",
        "/cover/swaps/<int:swap_id>",
        "/kept/<int:kept_id>",  # what one typed oneself
        "/kept/<int:kept_id>/throw-away",
        "/looks/<int:finding_id>",
        "/lost-second-steps/<int:account_link_id>",
        "/organisations/<int:agency_id>",
        "/organisations/<int:agency_id>/change",
        "/organisations/<int:agency_id>/contacts/new",
        "/organisations/<int:agency_id>/invite",
        "/organisations/<int:agency_id>/places/new",
        "/organisations/contacts/<int:agency_contact_id>",
        "/organisations/contacts/<int:agency_contact_id>/end",
        "/organisations/people/<int:partner_id>",
        "/organisations/people/<int:partner_id>/birth",
        "/organisations/people/<int:partner_id>/link",
        "/organisations/people/<int:partner_id>/lost",
        "/organisations/people/<int:partner_id>/move",
        "/organisations/people/<int:partner_id>/shut",
        "/organisations/people/<int:partner_id>/until",
        "/organisations/places/<int:setting_id>/end",
        "/people/<int:person_id>",
        "/people/<int:person_id>/link",
        "/people/<int:person_id>/lost",
        "/people/<int:person_id>/role",
        "/people/<int:person_id>/shut",
        "/people/<int:person_id>/sign-out",
        "/people/<int:person_id>/until",
        "/people/<int:person_id>/wake",
        "/people/waiting/<int:role_request_id>",
        "/people/waiting/<int:role_request_id>/take-back",
        "/portal/refer/<part>",
        "/settings/letters/<council>/<audience>/<occasion>",
        "/settings/letters/<council>/<audience>/<occasion>/propose",
        "/settings/letters/proposals/<int:letter_wording_id>",
        "/settings/rules/change/ladder/<ladder>",
        "/settings/rules/change/limit/<rule>",
        "/settings/rules/versions/<int:published_id>",
        "/settings/sentences/<council>/<procedure>/<state>",
        "/settings/sentences/<council>/<procedure>/<state>/propose",
        "/settings/sentences/proposals/<int:wording_id>",
    }


def test_an_answer_to_an_escalation_names_its_case(database, clock, signed_in, a_case):
    clock.move_to(datetime(2026, 3, 4, 8, tzinfo=UTC))
    run_pass(database)
    with database.reading(SYSTEM) as act:
        rung = act.session.scalars(select(Escalation.id).order_by(Escalation.id.desc())).first()

    olive = signed_in("olive")
    olive.get(f"/escalations/{hidden(olive.app, rung)}/take-over")

    assert logged(database)[-1] == ("view", "answering.take_over", a_case.id)


def test_accounts_and_cases_are_the_only_things_that_the_log_names():
    columns = set(ReadEntry.__table__.columns.keys())
    assert columns == {"id", "at", "account_id", "role", "what", "page", "right", "referral_id"}
    assert {key.column.table.name for key in ReadEntry.__table__.foreign_keys} == {
        Account.__tablename__,
        Referral.__tablename__,
    }
