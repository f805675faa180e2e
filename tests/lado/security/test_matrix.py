"""Every page, method and role: what the policy allows opens, all else is refused; the written page says the same."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from lado.cli.permissions import moves, pages_of
from lado.models import Barred
from lado.security import matrix
from lado.security.identity import Identity, Role
from lado.security.matrix import PEOPLE, Page
from lado.security.permissions import Permission
from lado.web.guards import RouteNotGuarded, check_routes
from tests.support.people import CAST
from tests.support.routes import NOTHING_THERE, PUBLIC, SIGNED_OUT, Visit, may, settle_world, visits
from tests.support.signing import sending, sign_in

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "permissions.md"
NAMES = (*(name for name, *_ in CAST), SIGNED_OUT)


@pytest.fixture
def world(caseload, people, clock):
    return settle_world(caseload, people, clock)


def test_every_cell_of_the_matrix(crawl, people):
    wrong, tried = [], set()
    for answer in crawl.of():
        who = None if answer.name == SIGNED_OUT else people.everyone[answer.name]
        is_allowed = may(who, answer.visit, crawl.world)
        tried.add((answer.name, answer.visit.name))
        if not is_right(answer.status, who, answer.visit, is_allowed=is_allowed):
            wrong.append(f"{answer.visit.name} as {answer.name}: {answer.status}, allowed: {is_allowed}")

    assert not wrong, "\n".join(wrong)
    assert {name for name, _ in tried} == set(NAMES)
    assert len(tried) == len(NAMES) * len({page for _, page in tried})


def test_a_case_that_is_kept_from_somebody_is_nowhere_for_them(app, database, world, people):
    """The last relation: each page of a case that opens, asked for again when the case is kept from everybody."""
    keep_from_all(database, people, world)
    wrong = []
    for name in ("olive", "mina", "bea", "abe", "dee", "edie", "pat"):  # one of each kind that any case is open to
        who, client = people.everyone[name], sign_in(app, name)
        token = sending(client)["csrf_token"]
        for visit in visits(app, world):
            if world.pats.reference not in visit.path or not may(who, visit, world):
                continue
            status = ask(client, visit, token)
            if status != (404 if visit.page.finds else 403):
                wrong.append(f"{visit.name} as {name}: {status}")

    assert not wrong, "\n".join(wrong)


def keep_from_all(database, people, world) -> None:
    """Keep everybody from the case that the examples are about."""
    kept = {"referral_id": world.pats.id, "conflict_id": world.conflict_id, "ended_at": None}
    with database.work(people.system) as act:
        rows = [{**kept, "account_id": who.id, "since_at": act.at} for who in people.everyone.values() if who.id]
        act.session.execute(insert(Barred), rows)


@pytest.mark.parametrize("role", PEOPLE)
def test_a_word_of_the_matrix_means_the_same_relations_everywhere(role):
    for permission in Permission:
        reached = matrix.relations(role, permission)
        word = matrix.reach(role, permission)
        assert reached == matrix.REACHES[word] or (not reached and word == matrix.YES), permission


def ask(client: FlaskClient, visit: Visit, token: str) -> int:
    """Ask for the page. A form goes without its one-time token: nothing is saved, and the next person asks the same."""
    data = None if visit.page.method == "GET" else {"csrf_token": token}
    with client.open(visit.path, method=visit.page.method, data=data) as answer:
        return answer.status_code


def is_right(status: int, who: Identity | None, visit: Visit, *, is_allowed: bool) -> bool:
    """Allowed: it answers, or says what is wrong with an empty form. Refused: as nothing, or as not allowed."""
    if is_allowed:
        others = {503} if visit.endpoint == "health.ready" else {404} if visit.endpoint in NOTHING_THERE else set()
        return status in {200, 204, 302, 303, 400, 409} | others
    if who is None:
        return status in {302, 401}
    return status == (404 if visit.page.finds else 403)


def test_a_page_is_public_only_by_the_short_list(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}

    assert {name for name in endpoints if getattr(app.view_functions[name], "needs", None) is None} == PUBLIC


def test_every_address_that_names_a_thing_looks_it_up(app):
    by_name = {page.path for page in pages_of(app) if "<" in page.path and page.needs and not page.finds}

    own_drafts = {"/drafts/<form>", "/drafts/<form>/throw-away"}  # by the name of the form
    demonstration = {"/mail/<microseconds:stamp>"}  # there is no such page where letters really go out
    versions = {"/settings/procedure/<procedure>.svg", "/settings/procedure/<procedure>/rehearsal"}  # every council's
    assert by_name <= own_drafts | demonstration | versions


def test_signed_out_people_are_led_to_the_sign_in_page_and_back(crawl):
    for answer in crawl.of(SIGNED_OUT, method="GET"):
        if answer.visit.page.needs is not None:
            assert answer.status == 302, answer.visit.name
            assert answer.headers["Location"].startswith("/sign-in?next=/"), answer.visit.name


def test_an_app_with_a_page_that_declares_nothing_does_not_start(app):
    bare = Flask(__name__)
    bare.add_url_rule("/forgotten", view_func=lambda: "anybody")

    with pytest.raises(RouteNotGuarded, match="/forgotten"):
        check_routes(bare)


def test_an_administrator_reads_no_case():
    reads = {Permission.REFERRAL_READ, Permission.REFERRAL_LIST, Permission.PORTAL_READ, Permission.ESCALATION_READ}
    works = {permission for permission in Permission if permission.value.startswith("referral:")}

    assert {matrix.reach(Role.ADMINISTRATOR, permission) for permission in reads | works} == {matrix.NO}


def test_the_scheduler_reads_nothing():
    may_do = {permission for permission in Permission if matrix.reach(Role.SYSTEM, permission) != matrix.NO}

    assert may_do == {
        Permission.ACCOUNT_MANAGE,  # the operator's commands act as the system
        Permission.CALENDAR_KEEP,
        Permission.CERTIFICATE_MAKE,
        Permission.CHANGE_APPLY,
        Permission.CHECKPOINT_KEEP,
        Permission.COVER_WATCH,
        Permission.ESCALATION_CLIMB,
        Permission.HANDOVER_KEEP,
        Permission.KEYS_KEEP,  # the scheduler's and the operator's, who see no case by it
        Permission.LOOKS_WATCH,
        Permission.NIGHT_ESCALATE,
        Permission.NOTICE_SEND,
        Permission.PARTNER_KEEP,  # the accounts of partners, which were among ACCOUNT_MANAGE
        Permission.PROCEDURE_CHANGE,  # the operator rehearses a version
        Permission.RECORD_EXPORT,
        Permission.RECORD_VERIFY,
        Permission.ROLE_GRANT,  # what two people agreed on, and the operator's commands
    }


def test_a_partner_reaches_their_own_and_nothing_else():
    may_do = {permission: matrix.reach(Role.PARTNER, permission) for permission in Permission}

    assert {permission: reach for permission, reach in may_do.items() if reach != matrix.NO} == {
        Permission.ACTION_COMPLETE: matrix.OWN,
        Permission.DRAFT_KEEP: matrix.YES,
        Permission.PORTAL_READ: matrix.OWN,
        Permission.REFERRAL_SEND: matrix.YES,  # what they send is theirs from the beginning
        Permission.SESSION_END: matrix.YES,
    }


@pytest.mark.parametrize(
    ("role", "page", "cell"),
    [
        (Role.PARTNER, Page("GET", "/portal", Permission.PORTAL_READ, False), matrix.OWN),
        (Role.DESIGNATED_OFFICER, Page("GET", "/portal", Permission.PORTAL_READ, False), matrix.NO),
        (Role.PARTNER, Page("POST", "/x", Permission.ACTION_COMPLETE, False), matrix.NO),
        (Role.DESIGNATED_OFFICER, Page("GET", "/r", Permission.REFERRAL_READ, True), matrix.COUNCIL),
        (Role.ADMINISTRATOR, Page("GET", "/r", Permission.REFERRAL_READ, True), matrix.NO),
        (Role.AUDITOR, Page("GET", "/health/live", None, False), matrix.YES),
    ],
)
def test_a_cell_says_how_far_a_page_goes(role, page, cell):
    assert matrix.cell(role, page) == cell


def test_the_written_page_is_up_to_date(app):
    written = DOCUMENT.read_text(encoding="utf-8")

    assert written == matrix.document(pages_of(app), moves()), "run: flask --app wsgi permissions draw"
