"""The rules: a draft that holds nothing, publishing what was seen, and bringing an earlier version back."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lado.errors import BadInput, NotAllowed, Refused, Stale
from lado.jobs import changes as job
from lado.models import Change
from lado.queries import ledger, practices
from lado.queries import rules as published_rules
from lado.security.identity import SYSTEM
from lado.services import rules, verification
from lado.services.rules import Publication
from tests.support.builders import Caseload
from workflows.office import weekly
from workflows.rules import NATIONAL, Rung, Wait, WaitUnit
from workflows.spans import Span, Unit

DECISION = NATIONAL.by_key["evaluation_decision"]
BY_THE_HOUR = replace(DECISION, limit=Span(24, Unit.HOUR))
CLOSED_ON = date(2026, 12, 29)


class Manager:
    """Changes the rules as somebody, one transaction each."""

    def __init__(self, database, who):
        self.database, self.who = database, who

    def does(self, verb, *values):
        with self.database.work(self.who) as act:
            return verb(act, *values)

    def draft(self):
        with self.database.reading(self.who) as act:
            return rules.draft(act)

    def asks(self, *, running=False, why="Our procedure 3.2 says so."):
        draft = self.draft()
        return Publication(why, running, draft.in_force.version, draft.rules.version)

    def publishes(self, *, running=False):
        return self.does(rules.publish, self.asks(running=running))

    def in_force(self):
        with self.database.reading(self.who) as act:
            return published_rules.in_force(act.session, self.who.authority, act.at)

    def brings_back(self, number):
        with self.database.work(self.who) as act:
            rules.bring_back(act, published_rules.find(act, number))


@pytest.fixture
def mina(database, people):
    return Manager(database, people.mina)


def due_dates(database, referral):
    """When each clock of the case that has not lapsed falls due."""
    with database.reading(SYSTEM) as act:
        case = ledger.case_of(act.session, referral.id)
        return {key: row.due_at for key, row in case.running.items() if row.status(act.at) != "lapsed"}


def test_a_draft_holds_nothing(database, mina, people):
    mina.does(rules.set_limit, BY_THE_HOUR)

    assert mina.draft().rules.by_key["evaluation_decision"] == BY_THE_HOUR
    assert mina.in_force().version == NATIONAL.version
    with database.reading(people.olive) as act:
        assert practices.in_force(act.session, people.olive.authority, act.at).rules.version == NATIONAL.version


def test_a_draft_is_its_authors_own(database, mina, people):
    mina.does(rules.set_limit, BY_THE_HOUR)

    assert not Manager(database, people.hal).draft().differs


def test_changing_it_back_leaves_no_draft(mina):
    mina.does(rules.set_limit, BY_THE_HOUR)
    mina.does(rules.set_limit, DECISION)

    assert mina.draft().saved_at is None


def test_every_part_can_be_changed(mina):
    rungs = (Rung("service_manager", Wait(2, WaitUnit.OFFICE_HOUR)),)
    office = weekly((time(8), time(18)), (time(8), time(16)))
    mina.does(rules.set_office, office, time(18))
    mina.does(rules.set_warnings, (0.5,))
    mina.does(rules.add_closure, CLOSED_ON, "Moving house")
    key = mina.does(rules.add_ladder, "At weekends!")
    mina.does(rules.set_ladder, key, rungs)
    mina.does(rules.set_ladder, rules.USUAL, rungs)

    found = mina.draft().rules

    assert (found.office, found.day_ends, found.warnings) == (office, time(18), (0.5,))
    assert found.closure_days == ((CLOSED_ON, "Moving house"),)
    assert (key, found.ladders[-1].rungs, found.ladder) == ("at_weekends", rungs, rungs)


def test_what_was_added_can_be_taken_away(mina):
    mina.does(rules.add_closure, CLOSED_ON, "Moving house")
    mina.does(rules.remove_closure, CLOSED_ON)
    mina.does(rules.remove_ladder, mina.does(rules.add_ladder, "Urgent"))

    assert not mina.draft().differs


@pytest.mark.parametrize(("day", "why"), [(date(2026, 12, 25), "Christmas Day"), (date(2026, 12, 26), "Saturday")])
def test_a_day_without_work_needs_no_closure(mina, day, why):
    with pytest.raises(BadInput, match=f"No working day passes on .* anyway: {why}"):
        mina.does(rules.add_closure, day, "Closed")


def test_what_is_there_already_is_not_added_twice(mina):
    mina.does(rules.add_closure, CLOSED_ON, "Moving house")
    with pytest.raises(BadInput, match="on the list already"):
        mina.does(rules.add_closure, CLOSED_ON, "Again")
    with pytest.raises(BadInput, match="There is a ladder called “After meeting” already"):
        mina.does(rules.add_ladder, "After meeting")
    with pytest.raises(BadInput, match="a name with letters"):
        mina.does(rules.add_ladder, "!")


def test_a_ladder_in_use_stays(mina):
    with pytest.raises(Refused, match="still used by: Planned meeting"):
        mina.does(rules.remove_ladder, "after_meeting")


def test_what_would_be_faulty_is_refused_in_words(mina):
    with pytest.raises(BadInput, match="the limit must be 1 hour or more, not 0"):
        mina.does(rules.set_limit, replace(DECISION, limit=Span(0, Unit.HOUR)))

    assert not mina.draft().differs


@pytest.mark.parametrize("who", ["olive", "bea", "ada", "abe", "dee", "pat"])
def test_only_managers_change_rules(database, people, who):
    somebody = Manager(database, people.everyone[who])
    with pytest.raises(NotAllowed):
        somebody.does(rules.set_warnings, (0.5,))
    with pytest.raises(NotAllowed):
        somebody.does(rules.throw_away)


def test_publishing_is_in_force_at_once_for_new_referrals_only(database, mina, caseload, clock):
    old = caseload.referral()
    before = due_dates(database, old)
    mina.does(rules.set_limit, BY_THE_HOUR)
    number = mina.publishes()
    job.tick(database)
    new = caseload.referral()

    assert mina.in_force().id == number
    assert mina.in_force().why == "Our procedure 3.2 says so."
    assert due_dates(database, old) == before
    assert due_dates(database, new)["evaluation_decision"] == clock.now() + timedelta(hours=24)
    assert not mina.draft().differs


def test_publishing_for_running_cases_brings_them_under_it(database, mina, caseload, clock):
    referral = caseload.referral()
    mina.does(rules.set_limit, BY_THE_HOUR)
    mina.publishes(running=True)
    job.tick(database)

    assert due_dates(database, referral)["evaluation_decision"] == clock.now() + timedelta(hours=24)
    with database.reading(SYSTEM) as act:
        assert verification.verify(act).differences == ()


def test_a_reason_is_needed(mina):
    mina.does(rules.set_limit, BY_THE_HOUR)

    with pytest.raises(BadInput, match="Say why"):
        mina.does(rules.publish, mina.asks(why=" "))


def test_nothing_to_publish_is_said(mina):
    with pytest.raises(Refused, match="nothing to publish"):
        mina.publishes()


def test_what_was_not_seen_is_not_published(mina):
    mina.does(rules.set_limit, BY_THE_HOUR)
    asked = mina.asks()
    mina.does(rules.set_warnings, (0.5,))

    with pytest.raises(Stale):
        mina.does(rules.publish, asked)


def test_of_two_managers_the_second_is_told(database, mina, people):
    hal = Manager(database, people.hal)
    hal.does(rules.set_warnings, (0.5,))
    asked = hal.asks()
    mina.does(rules.set_limit, BY_THE_HOUR)
    mina.publishes()

    with pytest.raises(Stale):
        hal.does(rules.publish, asked)
    assert hal.draft().is_overtaken


def test_an_earlier_version_comes_back_as_a_new_one(database, mina, caseload):
    referral = caseload.referral()
    before = due_dates(database, referral)
    first = mina.in_force().id
    mina.does(rules.set_limit, BY_THE_HOUR)
    mina.publishes(running=True)
    job.tick(database)
    mina.brings_back(first)
    last = mina.publishes(running=True)
    job.tick(database)

    assert due_dates(database, referral) == before
    assert mina.in_force().version == NATIONAL.version
    with database.reading(mina.who) as act:
        there, back = act.session.scalars(select(Change).order_by(Change.id)).all()
        assert next(iter(published_rules.versions(act))).id == last
        assert published_rules.change_of(act.session, mina.in_force()) == back.id
    assert (there.reverts_id, back.reverts_id) == (None, there.id)


def test_what_is_in_force_need_not_come_back(mina):
    with pytest.raises(Refused, match="in force already"):
        mina.brings_back(mina.in_force().id)


UNITS = st.sampled_from(list(Unit))
LIMITS = st.dictionaries(
    st.sampled_from(["evaluation_decision", "meeting", "conclusion", "first_police_review"]),
    st.builds(Span, st.integers(1, 60), UNITS),
    min_size=1,
)


def test_publishing_and_going_back_leaves_every_date_as_it_was(new_council):
    """Whatever changes: a clock that runs and has not lapsed in between is due when it was."""

    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        derandomize=True,
    )
    @given(limits=LIMITS, closed=st.booleans(), moves=st.sampled_from([(), ("meet_threshold",)]))
    def goes_there_and_back(limits, closed, moves):
        database, clock, people = new_council()
        referral = Caseload(database, clock, people.olive).referral(moves)
        mina = Manager(database, people.mina)
        before, first = due_dates(database, referral), mina.in_force().id
        for key, span in limits.items():
            mina.does(rules.set_limit, replace(NATIONAL.by_key[key], limit=span))
        if closed:
            mina.does(rules.add_closure, date(2026, 3, 4), "A burst pipe")
        if not mina.draft().differs:
            return
        mina.publishes(running=True)
        job.tick(database)
        mina.brings_back(first)
        mina.publishes(running=True)
        job.tick(database)

        assert due_dates(database, referral) == before

    goes_there_and_back()
