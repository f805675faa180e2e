"""Invitations: a link goes to one address, works once, and lets its person choose a password."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from lado.errors import BadInput, NotAllowed, NotFound, Refused
from lado.models import Account, Invitation, LoginSession, Notice
from lado.queries import invitations as reading
from lado.queries.agencies import find_member
from lado.queries.grants import granted
from lado.security.identity import SYSTEM
from lado.services import access, invitations, members, notices, sessions
from lado.services.access import NewAccess
from lado.services.invitations import NewPerson

EMAIL = "nell@willow.example"
CHOSEN = "three words of my own"


@pytest.fixture
def invite(database, people):
    """Invite Nell to Pat's school, as Olive unless somebody else is said. Her account's id."""

    def do(by=None, **changes):
        plain = {"agency": people.pat.agency, "name": "Nell Newhead", "email": EMAIL, "is_checked": True}
        with database.work(by or people.olive) as act:
            return invitations.invite(act, NewPerson(**plain | changes)).id

    return do


@pytest.fixture
def secret(database):
    """The secret in the last link that was sent, out of the message as it is sent."""

    def read():
        with database.reading(SYSTEM) as act:
            last = act.session.scalars(select(Notice.id).order_by(Notice.id.desc())).first()
            letter = notices.letter(act, last, "https://lado.example")
        assert letter.to == EMAIL
        return re.search(r"https://lado\.example/invited/([0-9a-f]{32})\n", letter.text)[1]

    return read


@pytest.fixture
def accept(database):
    def do(secret, name="Nell Newhead", password=CHOSEN):
        with database.work(SYSTEM) as act:
            return invitations.accept(act, secret, name, password)

    return do


@pytest.fixture
def can_sign_in(database):
    """Whether Nell can sign in with this password."""

    def ask(password=CHOSEN):
        with database.reading(SYSTEM) as act:
            return sessions.right_account(act, EMAIL, password) is not None

    return ask


def test_who_was_invited_chooses_a_password_once(invite, secret, accept, can_sign_in):
    invite()
    assert not can_sign_in()
    link = secret()

    accept(link)

    assert can_sign_in()
    with pytest.raises(NotFound):
        accept(link, password="another password of hers")
    assert can_sign_in()


def test_the_message_names_nobody_and_the_secret_is_stored_nowhere(database, people, invite, secret):
    invite()
    link = secret()
    with database.reading(SYSTEM) as act:
        last = act.session.scalars(select(Notice).order_by(Notice.id.desc())).first()
        letter = notices.letter(act, last.id, "https://lado.example")
        rows = repr(
            [vars(row) for model in (Notice, Invitation, Account) for row in act.session.scalars(select(model))]
        )
    assert not any(word in letter.subject + letter.text for word in ("Nell", "Newhead", "Willow"))
    assert link not in rows
    assert repr(bytes.fromhex(link)) not in rows


def test_a_link_ends_after_a_week(clock, invite, secret, accept):
    invite()
    link = secret()
    clock.advance(days=7)

    with pytest.raises(NotFound):
        accept(link)


def test_a_new_link_takes_the_place_of_the_last_and_of_a_forgotten_password(
    database, people, invite, secret, accept, can_sign_in
):
    person = invite()
    first = secret()
    with database.work(people.mina) as act:
        invitations.send_link(act, members.held(act, person))
    with pytest.raises(NotFound):
        accept(first)
    accept(secret())
    with database.work(SYSTEM) as act:
        sessions.begin(act, act.session.get_one(Account, person))

    with database.work(people.olive) as act:
        invitations.send_link(act, members.held(act, person))
    assert can_sign_in()
    accept(secret(), password="another password of hers")

    assert not can_sign_in()
    assert can_sign_in("another password of hers")
    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(LoginSession.ended_at)).all() != [None]


@pytest.mark.parametrize("way", ["shut", "ended"])
def test_a_link_to_an_account_that_does_not_stand_does_not_work(database, clock, people, invite, secret, accept, way):
    person = invite(ends_on=date(2026, 3, 3) if way == "ended" else None)
    link = secret()
    if way == "shut":
        with database.work(people.olive) as act:
            members.shut(act, person, "It was a mistake.")
    clock.advance(days=2)

    with pytest.raises(NotFound):
        accept(link)
    with pytest.raises(Refused), database.work(people.olive) as act:
        invitations.send_link(act, act.session.get_one(Account, person))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"email": "no address"}, "email"),
        ({"email": "pat@example.test"}, "email"),
        ({"email": "nell@wi11ow.example", "is_checked": False}, "email"),
        ({"ends_on": date(2026, 3, 1)}, "ends_on"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(invite, changes, field):
    with pytest.raises(BadInput) as refused:
        invite(**changes)

    assert set(refused.value.problems) == {field}


def test_an_address_at_a_domain_that_is_known_of_the_organisation_needs_no_second_look(invite):
    invite(email="new@example.test", is_checked=False)  # as Pat's is


@pytest.mark.parametrize(("name", "password", "field"), [(" ", CHOSEN, "name"), ("Nell", "short", "password")])
def test_a_name_and_a_long_password_are_asked_for(invite, secret, accept, name, password, field):
    invite()
    with pytest.raises(BadInput) as refused:
        accept(secret(), name, password)

    assert set(refused.value.problems) == {field}


def test_an_account_ends_by_itself_after_its_last_day(database, clock, invite, secret, accept, can_sign_in):
    person = invite(ends_on=date(2026, 3, 4))
    accept(secret())
    with database.work(SYSTEM) as act:
        reference = sessions.begin(act, act.session.get_one(Account, person))
    clock.advance(days=2, hours=14, minutes=20)
    assert can_sign_in()
    with database.work(SYSTEM) as act:
        sessions.seen(act, reference)

    clock.advance(minutes=10)

    assert not can_sign_in()


def test_a_name_that_is_chosen_later_keeps_its_person_from_a_case_about_them(
    database, caseload, people, invite, secret, accept
):
    person = invite()
    referral = caseload.referral()
    with database.work(people.olive) as act:
        access.give(act, referral.id, NewAccess(person, "She is the contact."))
    with database.reading(SYSTEM) as act:
        assert referral.id in act.session.scalars(granted(person, act.at)).all()

    accept(secret_before_last(database), name="Robin Sample")

    with database.reading(SYSTEM) as act:
        assert act.session.scalars(granted(person, act.at)).all() == []


def secret_before_last(database):
    """The secret of the one invitation there is."""
    with database.reading(SYSTEM) as act:
        nonce = act.session.scalars(select(Invitation.nonce)).one()
        return reading.secret_of(act.vault, nonce)


@pytest.mark.parametrize("name", ["pat", "bea", "abe", "dee", "edie", "sam"])
def test_nobody_else_invites_moves_or_shuts(database, people, invite, name):
    who = people.everyone[name]
    with pytest.raises(NotAllowed):
        invite(by=who)
    for do in (
        lambda act: members.move(act, people.pat.id, people.pol.agency, "Because."),
        lambda act: members.shut(act, people.pat.id, "Because."),
        lambda act: members.set_end(act, people.pat.id, None),
        lambda act: invitations.send_link(act, act.session.get_one(Account, people.pat.id)),
    ):
        with pytest.raises(NotAllowed), database.work(who) as act:
            do(act)


def test_no_officer_can_be_shut_or_moved_as_a_partner(database, people):
    with pytest.raises(NotFound), database.work(people.olive) as act:
        members.shut(act, people.dana.id, "Because.")


def test_who_goes_to_another_school_follows_nothing_of_the_last_one(database, caseload, people):
    referral = caseload.referral(partner=people.pat.id)
    answers = {"due_on": date(2026, 3, 9), "holder": "partner", "user": people.pat.id}
    caseload.make(referral, "set_action", answers, {"action": "Send the record."})

    with database.work(people.mina) as act:
        members.move(act, people.pat.id, people.pol.agency, "She works for the police now.")

    with database.reading(people.olive) as act:
        assert act.session.scalars(granted(people.pat.id, act.at)).all() == []
        assert find_member(act, people.pat.id).agency == "Northbrook Police"
        told = act.session.scalars(select(Notice.subject).where(Notice.account_id == people.olive.id)).all()
    assert f"{referral.reference}: an action needs somebody else" in told
    with database.work(people.mina) as act:  # and back: what ended stays ended
        members.move(act, people.pat.id, people.pat.agency, "She is back.")
        assert act.session.scalars(granted(people.pat.id, act.at)).all() == []
