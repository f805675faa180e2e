"""Releasing an outcome to one partner, keeping it from another, and who has read it or never opened it."""

import pytest
from sqlalchemy import select, update

from lado.errors import BadInput, NotAllowed, NotFound, Refused
from lado.models import Grant, Notice, PartnerAnswer
from lado.queries import case_file, partner_waiting, portal, telling
from lado.queries.referrals import find
from lado.security.identity import SYSTEM
from lado.services import access, partner_outcomes, partner_views
from lado.services.partner_views import Shown
from lado.services.verification import verify

DECIDED = ("meet_threshold", "hold_meeting", "decide_outcome")


@pytest.fixture
def referral(caseload, people, database):
    made = caseload.referral(DECIDED, partner=people.pat.id)
    with database.work(people.olive) as act:
        access.give(act, made.id, access.NewAccess(people.pol.id, "They look into it."))
    return made


@pytest.fixture
def release(database, people, referral):
    def go(partner=None, who=None):
        with database.work(who or people.olive) as act:
            partner_outcomes.release(act, referral.id, (partner or people.pat).id, "Agreed with the manager.")

    return go


@pytest.fixture
def withhold(database, people, referral):
    def go(why="It would tell them of another child.", partner=None, who=None):
        with database.work(who or people.olive) as act:
            partner_outcomes.withhold(act, referral.id, (partner or people.pat).id, why)

    return go


def outcomes(database, who, referral):
    with database.reading(who) as act:
        return portal.case(act, referral.reference).outcomes


def opens(database, who, referral):
    with database.reading(who) as act:
        case = portal.case(act, referral.reference)
    with database.work(who) as act:
        shown = Shown(case.reference, case.status, case.happening, case.do, case.by, "; ".join(case.outcomes))
        partner_views.keep_page(act, shown)


def unopened(database, people):
    with database.reading(people.mina) as act:
        return {(one.partner, one.released_at is not None) for one in partner_waiting.never_opened(act)}


def test_it_is_released_to_one_and_not_to_the_other(database, people, referral, release):
    with database.reading(people.mina) as act:
        before = set(act.session.scalars(select(Notice.id)))

    release()

    assert outcomes(database, people.pat, referral) == ("Substantiated",)
    assert outcomes(database, people.pol, referral) == ()
    with database.reading(people.mina) as act:
        (told,) = act.session.scalars(select(Notice).where(Notice.id.not_in(before)))
    assert (told.account_id, told.subject) == (people.pat.id, f"{referral.reference}: something new for you to read")
    assert "outcome" not in told.body.lower()


def test_it_is_kept_from_one_when_it_is_released_to_all(database, caseload, people, referral, withhold):
    withhold()
    caseload.make(referral, "release_outcome")

    assert outcomes(database, people.pat, referral) == ()
    assert outcomes(database, people.pol, referral) == ("Substantiated",)
    with database.reading(people.mina) as act:
        stages = {row.account_id: row.stage for row in act.session.scalars(select(PartnerAnswer))}
    assert stages == {people.pat.id: "withheld", people.pol.id: "released"}


def test_what_was_withheld_can_be_released_and_what_was_released_is_not_taken_back(
    database, people, referral, release, withhold
):
    withhold()
    with pytest.raises(Refused, match="kept from them already"):
        withhold()

    release()

    assert outcomes(database, people.pat, referral) == ("Substantiated",)
    with pytest.raises(Refused, match="cannot be taken back"):
        withhold()
    with pytest.raises(Refused, match="cannot be taken back"):
        release()


def told_the_referrer(database, people, referral):
    """What the record says of telling the referrer, the oldest first: whether, how much, when and how."""
    with database.reading(people.olive) as act:
        file = case_file.read(act, find(act, referral.reference))
        (referrer,) = (one for one in telling.audiences(file) if one.key == "referrer")
    return [(one.decision, one.extent, one.told_on, one.words.get("note", "")) for one in referrer.told]


def test_the_referrer_is_told_by_the_release_and_only_once(database, people, caseload, referral, release, clock):
    told = ("told", "outcome", clock.now().date(), "By the portal: the outcome was shown to them on their own page.")
    release(people.pol)
    assert told_the_referrer(database, people, referral) == [], "the police did not refer"

    release()
    assert told_the_referrer(database, people, referral) == [told]
    caseload.make(referral, "release_outcome")
    assert told_the_referrer(database, people, referral) == [told]
    with database.reading(SYSTEM) as act:
        assert verify(act).differences == ()


def test_the_referrer_is_told_when_it_is_released_to_all_and_not_when_it_is_kept_from_them(
    database, caseload, people, referral, withhold, release
):
    other = caseload.referral(DECIDED, partner=people.pat.id)
    caseload.make(other, "release_outcome")
    assert len(told_the_referrer(database, people, other)) == 1

    withhold()
    caseload.make(referral, "release_outcome")
    assert told_the_referrer(database, people, referral) == []
    release()
    assert len(told_the_referrer(database, people, referral)) == 1


def test_who_was_told_of_the_outcome_by_other_ways_is_not_told_again_by_the_record(
    database, caseload, people, referral, release
):
    told = {"audience": "referrer", "decision": "told"}
    caseload.make(referral, "tell", {**told, "extent": "outcome"}, {"note": "By telephone."})
    release()
    assert [how for *_, how in told_the_referrer(database, people, referral)] == ["By telephone."]

    for move in ("close", "reopen", "hold_meeting", "decide_outcome"):
        caseload.make(referral, move)
    before = [extent for _, extent, *_ in told_the_referrer(database, people, referral)]
    caseload.make(referral, "tell", {**told, "extent": "progress"}, {"note": "That it was decided anew."})
    release()
    after = [extent for _, extent, *_ in told_the_referrer(database, people, referral)]
    assert after == [*before, "progress", "outcome"]


def test_a_release_that_fails_tells_nobody(database, people, referral):
    def fail():
        with database.work(people.olive) as act:
            partner_outcomes.release(act, referral.id, people.pat.id)
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        fail()
    assert told_the_referrer(database, people, referral) == []


def test_a_reason_is_needed_to_keep_it_from_somebody(withhold):
    with pytest.raises(BadInput) as caught:
        withhold(" ")

    assert list(caught.value.problems) == ["why"]


@pytest.mark.parametrize("name", ["bea", "abe", "ada", "dee", "pat"])
def test_who_may_neither_release_nor_withhold(people, release, withhold, name):
    for do in (release, withhold):
        with pytest.raises(NotAllowed):
            do(who=people.everyone[name])


def test_without_an_outcome_there_is_nothing_to_release(database, caseload, people):
    early = caseload.referral(("meet_threshold",), partner=people.pat.id)
    again = caseload.referral((*DECIDED, "close", "reopen"), partner=people.pat.id)

    for referral in (early, again):
        with pytest.raises(Refused, match="No outcome stands"), database.work(people.olive) as act:
            partner_outcomes.release(act, referral.id, people.pat.id)
    with pytest.raises(Refused, match="may not follow"), database.work(people.olive) as act:
        partner_outcomes.release(act, early.id, people.pol.id)


def test_who_has_read_it_says_so_once(database, people, referral, release):
    def acknowledge(who):
        with database.work(who) as act:
            partner_outcomes.acknowledge(act, referral.reference)

    with pytest.raises(NotFound):
        acknowledge(people.pat)
    release()
    acknowledge(people.pat)
    with pytest.raises(Refused, match="already"):
        acknowledge(people.pat)
    with pytest.raises(NotFound):
        acknowledge(people.pol)
    with pytest.raises(NotFound):
        acknowledge(people.olive)

    with database.reading(people.pat) as act:
        assert portal.case(act, referral.reference).acknowledged_at == act.at
    with database.reading(SYSTEM) as act:
        assert verify(act).differences == ()


def test_who_never_opened_the_answer(database, caseload, people, referral, release):
    caseload.referral(("meet_threshold",), partner=people.pat.id)  # no answer yet
    caseload.referral(DECIDED, who=people.sam)  # another council's
    assert unopened(database, people) == {("Pat Partner", False), ("Pol Police", False)}

    opens(database, people.pat, referral)
    assert unopened(database, people) == {("Pol Police", False)}

    release()
    assert unopened(database, people) == {("Pat Partner", True), ("Pol Police", False)}
    opens(database, people.pat, referral)
    opens(database, people.pol, referral)
    assert unopened(database, people) == set()


def test_whose_access_has_ended_is_not_looked_after(database, people, referral):
    with database.work(people.olive) as act:
        act.session.execute(update(Grant).values(ended_at=act.at))

    assert unopened(database, people) == set()


def test_who_follows_a_case_is_told_that_their_page_changed_and_not_what(database, caseload, people):
    made = caseload.referral(partner=people.pat.id)

    def news():
        with database.reading(people.mina) as act:
            query = select(Notice).where(Notice.referral_id == made.id, Notice.account_id == people.pat.id)
            return [(row.subject, row.body) for row in act.session.scalars(query.order_by(Notice.id))]

    assert news() == []
    caseload.make(made, "add_note", {}, {"note": "The school rang."})
    assert news() == []
    caseload.make(made, "meet_threshold")
    caseload.make(made, "hold_meeting")

    said = f"There is something new for you to read about {made.reference}."
    assert news() == [(f"{made.reference}: something new for you to read", said)] * 2
