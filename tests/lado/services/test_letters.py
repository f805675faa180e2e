"""Letters: kept as they went out and sealed, on the record, told by; and e-mails to those who may follow the case."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lado.domain.letters import EMAIL, Kind, Text
from lado.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from lado.models import Letter, LetterWording, Notice
from lado.queries import ledger, letter_wordings
from lado.queries import letters as queries
from lado.services import letter_words, letters, telling, updates
from lado.services.letter_words import NewWording
from lado.services.letters import NewLetter
from lado.services.telling import Agreed, Words
from tests.support.tampering import every_right, refusal

PARENTS, MAIL = Kind("parents", "outcome"), Kind("referrer", EMAIL)
TEXT = Text("What was concluded", "Dear Alex,\n\nIt is concluded.")


@pytest.fixture
def make(database, people):
    def go(referral, who=None, seen=None, **changes):
        new = NewLetter(**{"kind": PARENTS, "to": "Alex Adult\n1 Any Street", "text": TEXT, **changes})
        with database.work(who or people.olive) as act:
            return letters.make(act, referral.id, new, seen=seen)

    return go


@pytest.fixture
def case_of(database, people):
    def go(referral):
        with database.reading(people.olive) as act:
            return ledger.case_of(act.session, referral.id)

    return go


def found(database, people, referral, number=1):
    with database.reading(people.olive) as act:
        return queries.find(act, referral.reference, number)


def draft(database, people, referral, kind):
    with database.reading(people.olive) as act:
        return queries.draft(act, referral, kind)


def test_a_letter_is_kept_as_it_went_out_and_sealed(database, people, caseload, make):
    referral = caseload.referral()

    number = make(referral)

    kept = found(database, people, referral, number)
    assert (kept.letter.to, kept.letter.text) == ("Alex Adult\n1 Any Street", TEXT)
    assert (kept.letter.made_by_id, kept.letter.wording_id, kept.is_as_recorded) == (people.olive.id, None, True)
    with database.reading(people.olive) as act:
        sealed = act.session.scalars(select(Letter.sealed)).one()
    assert b"Alex" not in sealed
    assert make(referral) == number + 1


def test_a_letter_that_was_changed_in_the_database_is_found_out(database, people, caseload, make):
    referral = caseload.referral()
    first, second = make(referral), make(referral, to="Somebody else")
    with database.reading(people.olive) as act:
        key = queries.find_case(act, referral.reference).sealing_key.wrapped
        words = {"to": "Another", **TEXT._asdict()}
        sealed = act.vault.seal(key, queries.place_of(referral.id, first), words)
    with every_right(database) as connection:
        connection.execute(update(Letter).where(Letter.number == first).values(sealed=sealed))

    assert not found(database, people, referral, first).is_as_recorded
    assert found(database, people, referral, second).is_as_recorded


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": "  "}, "to"),
        ({"to": "x" * 501}, "to"),
        ({"text": Text("", "Words.")}, "heading"),
        ({"text": Text("A letter", " \x00 ")}, "body"),
        ({"text": Text("A letter", "It is [what was concluded: to be filled in].")}, "body"),
    ],
)
def test_what_is_missing_is_asked_for(caseload, make, changes, field):
    with pytest.raises(BadInput) as refused:
        make(caseload.referral(), **changes)

    assert set(refused.value.problems) == {field}


def test_more_than_was_agreed_goes_out_only_when_somebody_looked(database, people, caseload, make):
    referral = caseload.referral()
    with database.work(people.olive) as act:
        telling.agree(act, referral.id, [Agreed("parents", "progress")], Words("The strategy meeting"))

    make(referral, kind=Kind("parents", "progress"))
    with pytest.raises(BadInput) as refused:
        make(referral)
    assert set(refused.value.problems) == {"despite"}
    assert make(referral, is_despite=True) == 2


@pytest.mark.parametrize("name", ["bea", "abe", "ada", "dee", "pat", "sam"])
def test_nobody_else_makes_or_sends_one(database, people, caseload, make, name):
    referral = caseload.referral(partner=people.pat.id)

    who = people.everyone[name]
    refused = refusal(database, who, follows=True)

    with pytest.raises(refused):
        make(referral, who=who)
    with pytest.raises(refused), database.work(who) as act:
        letters.send(act, referral.id, MAIL, people.pat.id)


def test_a_form_that_was_overtaken_makes_none(people, caseload, make):
    referral = caseload.referral()
    seen = referral.events
    make(referral, who=people.dana)

    with pytest.raises(Stale):
        make(referral, seen=seen)


def test_an_email_is_no_letter_and_a_letter_no_email(database, people, caseload, make):
    referral = caseload.referral(partner=people.pat.id)

    for kind in (MAIL, Kind("child", EMAIL), Kind("nobody", "outcome")):
        with pytest.raises(NotFound):
            make(referral, kind=kind)
    with pytest.raises(NotFound), database.work(people.olive) as act:
        letters.send(act, referral.id, PARENTS, people.pat.id)


def test_the_day_on_which_they_were_told_is_recorded_with_the_letter(database, people, caseload, make, case_of, clock):
    referral = caseload.referral()
    number = make(referral)
    today = clock.now().date()

    with database.work(people.olive) as act:
        letters.tell(act, referral.id, number, today, "By post")

    told = case_of(referral).told["parents"]
    assert (told.told, told.told_on) == (True, today)
    with pytest.raises(BadInput), database.work(people.olive) as act:
        letters.tell(act, referral.id, number, today, " ")
    with pytest.raises(NotFound), database.work(people.olive) as act:
        letters.tell(act, referral.id, number + 1, today, "By post")


def test_the_letter_is_filled_in_from_its_case(database, people, caseload):
    referral = caseload.referral(("meet_threshold", "hold_meeting"))

    made = draft(database, people, referral, Kind("employer", "decision")).text.body

    for words in (
        "Robin Sample",
        "Willow Lane Primary School",
        "Monday 2 March 2026",
        "Olive Officer",
        "01632 960 001",
    ):
        assert words in made
    assert "social media counts as publishing" in made
    assert "[the day by which they hear again: to be filled in]" in made


def test_the_day_that_was_promised_is_the_referrers_alone_and_none_once_it_has_passed(
    database, people, caseload, clock
):
    referral = caseload.referral(("meet_threshold",))
    gap_left = "[the day by which they hear again: to be filled in]"
    with database.work(people.olive) as act:
        updates.promise(act, referral.id, act.today + timedelta(days=2))

    assert "by Wednesday 4 March 2026" in draft(database, people, referral, Kind("referrer", "progress")).text.body
    assert gap_left in draft(database, people, referral, Kind("parents", "progress")).text.body
    clock.advance(days=3)
    assert gap_left in draft(database, people, referral, Kind("referrer", "progress")).text.body


def test_the_outcome_is_filled_in_once_it_is_decided(database, people, caseload):
    referral = caseload.referral(("meet_threshold", "hold_meeting"))
    before = draft(database, people, referral, PARENTS).text.body
    for move in ("propose_outcome", "decide_outcome"):
        caseload.make(referral, move, {"outcomes": {"1": "substantiated"}}, {"rationale": "Two witnesses."})

    after = draft(database, people, referral, PARENTS).text.body

    assert "[what was concluded: to be filled in]" in before
    assert "The conclusion is: Substantiated. There is enough evidence" in after


def test_a_letter_says_which_wording_it_was_made_from(database, people, caseload, make):
    referral = caseload.referral()
    place = letter_wordings.Place(people.olive.authority, PARENTS)
    with database.work(people.olive) as act:
        number = letter_words.propose(act, NewWording(place, Text("Concluded", "Dear you"), "Shorter."))
    make(referral)
    with database.work(people.mina) as act:
        letter_words.decide(act, number, approve=True, answer="")
    make(referral)

    assert draft(database, people, referral, PARENTS).text == Text("Concluded", "Dear you")
    assert found(database, people, referral, 1).letter.wording_id is None
    assert found(database, people, referral, 2).letter.wording_id == number


def test_whoever_proposed_wording_does_not_approve_it(database, people):
    place = letter_wordings.Place(people.olive.authority, PARENTS)
    with database.work(people.mina) as act:
        number = letter_words.propose(act, NewWording(place, Text("Concluded", "Words."), "Shorter."))

    with pytest.raises(Refused, match="Somebody else"), database.work(people.mina) as act:
        letter_words.decide(act, number, approve=True, answer="")
    with pytest.raises(NotAllowed), database.work(people.olive) as act:
        letter_words.decide(act, number, approve=True, answer="")
    with pytest.raises(Refused, match="waits"), database.work(people.olive) as act:
        letter_words.propose(act, NewWording(place, Text("Other", "Words."), "Clearer."))
    with database.reading(people.olive) as act:
        assert act.session.scalars(select(LetterWording.stage)).all() == ["asked"]


def test_an_email_goes_to_one_who_follows_the_case_and_names_nobody(database, people, caseload):
    referral = caseload.referral(partner=people.pat.id)
    with database.work(people.olive) as act:
        number = letters.send(act, referral.id, MAIL, people.pat.id)

    with database.reading(people.olive) as act:
        sent = act.session.scalars(select(Notice).where(Notice.account_id == people.pat.id)).all()[-1]
        told = f"{sent.subject} {sent.body}"
        kept = queries.find(act, referral.reference, number).letter
    assert referral.reference in told
    assert not any(name in told for name in ("Robin", "Sample", "Olive", "Willow", "Pat"))
    assert (kept.account_id, kept.text) == (people.pat.id, Text(sent.subject, sent.body))


def test_nobody_who_may_not_follow_the_case_is_sent_one(database, people, caseload):
    referral = caseload.referral(partner=people.pat.id)

    with pytest.raises(Refused), database.work(people.olive) as act:
        letters.send(act, referral.id, MAIL, people.pol.id)


@pytest.mark.parametrize("days", [-1, 1])
def test_nobody_is_told_by_a_letter_before_it_is_made_or_tomorrow(database, people, caseload, make, clock, days):
    referral = caseload.referral()
    number = make(referral)

    with pytest.raises(BadInput) as refused, database.work(people.olive) as act:
        letters.tell(act, referral.id, number, (clock.now() + timedelta(days=days)).date(), "By post")

    assert set(refused.value.problems) == {"told_on"}
