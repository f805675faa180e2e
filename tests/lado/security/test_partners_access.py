"""Whatever ends a partner's access ends it at their next request, on every node, and nothing else does."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lado import create_app
from lado.models import Account, Grant
from lado.queries import access
from lado.queries.grants import may_follow
from lado.queries.referrals import find
from lado.security.identity import SYSTEM, Role
from lado.services import accounts, grants, members
from lado.services.accounts import NewAccount
from tests.support.people import PASSWORD
from tests.support.signing import take_session_of

STEP = timedelta(minutes=5)
ROUND = timedelta(seconds=15)
"""Between two looks at every page: a partner reads at a person's pace."""
"""Below the quarter of an hour after which somebody who does nothing is signed out."""

STEPS = (
    "give",
    "give a while",
    "end",
    "is named",
    "moves",
    "changes school",
    "returns",
    "account ends",
    "is shut",
    "is disabled",
    "waits",
)
"""`moves` and `is shut` are what officers do, with all that follows from it; `changes school` and `is disabled` are the
bare facts, which have to be enough."""

NAME = "Nell Newhead"


@dataclass
class Model:
    """What should hold of one partner, in plain facts: each grant with its agency and end, and how they stand."""

    agency: int
    grants: list[list[tuple[int, datetime | None]]] = field(default_factory=lambda: [[], []])
    is_subject: list[bool] = field(default_factory=lambda: [False, False])
    ends_at: datetime | None = None
    is_shut: bool = False

    def is_in(self, at: datetime) -> bool:
        """Whether they can still be signed in."""
        return not self.is_shut and (self.ends_at is None or self.ends_at > at)

    def sees(self, case: int, at: datetime) -> bool:
        """Whether they may follow one of the two referrals."""
        holds = any(agency == self.agency and (end is None or end > at) for agency, end in self.grants[case])
        return self.is_in(at) and holds and not self.is_subject[case]


@pytest.fixture
def nodes(settings, clock, compiled):
    """Two processes of the product on one database."""
    made = [create_app(settings, clock) for _ in range(2)]
    for node in made:
        node.jinja_env.bytecode_cache = compiled
    yield made
    for node in made:
        node.extensions["lado"].database.engine.dispose()


@pytest.fixture
def newcomer(database, people):
    """Add a partner with an address of their own, at Pat's school."""

    def add(number):
        address = f"newhead-{number}@example.test"
        new = NewAccount(address, NAME, Role.PARTNER, people.pat.authority, agency=people.pat.agency)
        with database.work(SYSTEM) as act:
            return address, accounts.add(act, new, PASSWORD).id

    return add


def signed_in(node, address) -> FlaskClient:
    client = node.test_client()
    take_session_of(client, node.extensions["lado"].database, address)
    return client


ONE_AFTER_ANOTHER = [
    ("give a while", 1),
    ("waits", 0),
    ("is named", 0),
    ("give", 1),
    ("changes school", 0),
    ("returns", 0),
]
TO_THE_END = [("give", 1), ("end", 1), ("moves", 0), ("give", 1), ("account ends", 0), ("waits", 0), ("give", 0)]


@example(steps=ONE_AFTER_ANOTHER)
@example(steps=TO_THE_END)
@example(steps=[("is shut", 0)])
@example(steps=[("is disabled", 0)])
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1)), min_size=3, max_size=7))
def test_every_node_says_what_holds_now(nodes, database, caseload, clock, people, newcomer, steps):
    with database.reading(SYSTEM) as act:
        number = act.session.scalars(select(Account.id).order_by(Account.id.desc())).first()
    address, person = newcomer(number)
    cases = [caseload.referral(subject={"name": "Somebody Else"}) for _ in range(2)]
    browsers = [signed_in(node, address) for node in nodes]
    model = Model(people.pat.agency)

    for step, case in (("give", 0), *steps):
        take(step, cases[case], case, person, model, database, caseload, clock, people)
        for browser in browsers:
            agree(browser, model, cases, clock.now())
        clock.advance(seconds=ROUND.total_seconds())
        with database.reading(people.olive) as act:
            for index, referral in enumerate(cases):
                assert may_follow(act.session, person, referral.id, act.at) is model.sees(index, act.at)
                shown = access.of_case(act, find(act, referral.reference))
                assert any(one.account_id == person and one.is_open for one in shown) is model.sees(index, act.at)


def take(step, referral, case, person, model, database, caseload, clock, people):
    """One step as the services take it, and what the model makes of it."""
    now = clock.now()
    if step == "waits":
        clock.advance(seconds=(STEP - ROUND).total_seconds())  # to the very end of what began a round ago
    elif step == "is named":
        caseload.make(referral, "add_person", {"people": ("subject",)}, {"people": [{"name": NAME}]})
        model.is_subject[case] = True
    elif step in ("moves", "is shut"):
        move_or_shut(step, person, model, database, people)
    else:
        with database.work(SYSTEM) as act:
            account = act.session.get_one(Account, person)
            change(step, act, act.session.merge(referral, load=False), case, account, model, people, now)


def move_or_shut(step, person, model, database, people):
    """What an officer does on the page of a person; nobody does anything on that of an account that is shut."""
    if model.is_shut:
        return
    with database.work(people.olive) as act:
        if step == "is shut":
            members.shut(act, person, "They have left.")
            model.is_shut = True
        else:
            model.agency = people.pat.agency if model.agency == people.pol.agency else people.pol.agency
            members.move(act, person, model.agency, "They have a new post.")
    for grants_of_case in model.grants:
        grants_of_case.clear()


def change(step, act, referral, case, account, model, people, now):
    """One step on the account or on its access."""
    if step in ("give", "give a while"):
        ends_at = now + STEP if step == "give a while" else None
        grants.begin(act, referral, account.id, "A reason.", ends_at=ends_at)
        model.grants[case].append((model.agency, ends_at))
    elif step == "end":
        standing = Grant.account_id == account.id, Grant.referral_id == referral.id
        grants.end_these(act, act.session.scalars(select(Grant).where(*standing)).all(), "A reason.")
        model.grants[case].clear()
    elif step in ("changes school", "returns"):
        model.agency = account.agency_id = people.pol.agency if step == "changes school" else people.pat.agency
    elif step == "account ends":
        model.ends_at = account.ends_at = now + STEP
    else:
        assert step == "is disabled", step
        if not model.is_shut:
            accounts.disable(act, account)
            model.is_shut = True


def agree(browser, model, cases, at):
    """The list and each page, in one browser, against the model; an answer of nothing is that of what never was."""
    listed = browser.get("/portal")
    assert listed.status_code == (200 if model.is_in(at) else 302)
    for index, referral in enumerate(cases):
        page = browser.get(f"/portal/{referral.reference}")
        if not model.is_in(at):
            assert page.status_code == 302
            continue
        assert page.status_code == (200 if model.sees(index, at) else 404)
        assert (referral.reference in listed.text) is model.sees(index, at)
