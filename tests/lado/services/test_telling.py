"""What each audience may be told, agreed for several at once and in nobody's way; and answering for several at once."""

import pytest
from sqlalchemy import select

from lado.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from lado.models import LedgerEntry
from lado.queries import case_file, ledger, telling
from lado.queries.referrals import find
from lado.security.identity import SYSTEM
from lado.services import moves
from lado.services import telling as service
from lado.services.moves import Step
from lado.services.telling import Agreed, Words
from lado.services.verification import verify
from tests.support.tampering import refusal

BY = Words("The strategy meeting", "That there is an allegation.", "The police ask us to wait.")


@pytest.fixture
def referral(caseload):
    return caseload.referral(("meet_threshold",))


@pytest.fixture
def agree(database, people, referral):
    def go(*agreed, words=BY, who=None, seen=None):
        with database.work(who or people.olive) as act:
            return service.agree(act, referral.id, [Agreed(*one) for one in agreed], words, seen=seen)

    return go


@pytest.fixture
def audiences(database, people, referral):
    def read():
        with database.reading(people.olive) as act:
            return {one.key: one for one in telling.audiences(case_file.read(act, find(act, referral.reference)))}

    return read


def test_several_are_agreed_together_each_with_its_words(database, agree, audiences, referral):
    case = agree(("employer", "progress"), ("subject", "nothing_yet"))

    assert case.agreed == {"employer": "progress", "subject": "nothing_yet"}
    found = audiences()
    assert [found[who].agreement.extent for who in ("employer", "subject")] == ["progress", "nothing_yet"]
    assert {**found["subject"].agreement.words} == BY._asdict()
    assert {**found["employer"].agreement.words} == BY._asdict()
    assert found["parents"].agreement is None
    with database.reading(SYSTEM) as act:
        assert b"strategy" not in b"".join(entry.sealed or b"" for entry in act.session.scalars(rows(referral)))
        assert not any("strategy" in entry.data for entry in act.session.scalars(rows(referral)))
        assert verify(act).differences == ()


def rows(referral):
    return select(LedgerEntry).where(LedgerEntry.referral_id == referral.id)


def test_a_later_agreement_holds_and_the_earlier_one_stays_on_the_record(agree, audiences):
    agree(("subject", "nothing_yet"))
    agree(("subject", "outcome"), words=Words("The police", "", ""))

    subject = audiences()["subject"]
    assert [one.extent for one in subject.agreed] == ["nothing_yet", "outcome"]
    assert subject.agreement.words == {"agreed_by": "The police"}


@pytest.mark.parametrize(
    ("agreed", "words", "fields"),
    [
        ([("subject", "outcome")], Words(" "), ["agreed_by"]),
        ([("subject", "outcome"), ("child", "nothing_yet")], Words("The police", "", " "), ["reason"]),
        ([("child", "nothing")], Words("The police"), ["reason"]),
        ([], BY, ["agreed"]),
        ([("family", "outcome")], BY, ["agreed"]),
        ([("subject", "everything")], BY, ["agreed"]),
        ([("subject", "outcome")], Words("x" * 5_001, "x" * 5_001, "x" * 5_001), ["agreed_by", "reason", "what"]),
    ],
)
def test_what_is_not_an_agreement_is_refused_by_field(agree, audiences, agreed, words, fields):
    with pytest.raises(BadInput) as caught:
        agree(*agreed, words=words)

    assert sorted(caught.value.problems) == fields
    assert all(one.agreement is None for one in audiences().values())


@pytest.mark.parametrize("name", ["bea", "abe", "ada", "dee", "pat"])
def test_who_may_not_say_what_is_told(database, agree, people, name):
    with pytest.raises(refusal(database, people.everyone[name])):
        agree(("subject", "outcome"), who=people.everyone[name])


def test_another_council_finds_no_such_case_and_a_stale_form_saves_nothing(
    agree, audiences, people, caseload, referral
):
    seen = referral.events
    with pytest.raises((NotFound, NotAllowed)):
        agree(("subject", "outcome"), who=people.sam)
    caseload.make(referral, "add_note", {}, {"note": "Rang."}, who=people.dana)
    with pytest.raises(Stale):
        agree(("subject", "outcome"), seen=seen)
    assert audiences()["subject"].agreement is None


def test_several_are_answered_together_or_none(database, people, referral, audiences):
    told = {"decision": "told", "told_on": None}
    steps = [
        Step("tell", {"audience": "referrer", **told}, {"note": "By telephone."}),
        Step("tell", {"audience": "placing_authority", "decision": "not_concerned"}),
    ]
    with database.work(people.olive) as act:
        service.tell(act, referral.id, steps)
    with pytest.raises(Refused), database.work(people.olive) as act:
        service.tell(act, referral.id, [Step("tell", {"audience": "child", **told}), Step("close")])

    found = audiences()
    assert (found["referrer"].telling.decision, found["referrer"].telling.words) == ("told", {"note": "By telephone."})
    assert found["placing_authority"].telling.decision == "not_concerned"
    assert found["child"].telling is None


def test_what_an_older_record_says_of_the_family_is_said_of_parents_and_child(database, people, referral, audiences):
    with database.work(people.olive) as act:
        moves.make(act, referral.id, "tell", {"audience": "family", "decision": "told"}, {"note": "By the school."})
    found = audiences()
    for who in ("parents", "child"):
        assert (found[who].telling.as_one, found[who].telling.words) == (True, {"note": "By the school."})

    with database.work(people.olive) as act:
        moves.make(act, referral.id, "tell", {"audience": "child", "decision": "not_told"}, {"reason": "Too young."})
    found = audiences()
    assert (found["child"].telling.decision, len(found["child"].told)) == ("not_told", 2)
    assert found["parents"].telling.decision == "told"
    with database.reading(SYSTEM) as act:
        assert set(ledger.case_of(act.session, referral.id).told) == {"family", "child"}
