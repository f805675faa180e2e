"""Whatever is booked and answered: each open case of an absent owner is with whom the resolver names, on every page."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lado.domain import escalation
from lado.domain.cover import on_cover
from lado.domain.escalation import Step
from lado.errors import BadInput
from lado.jobs.handovers import Handed, run_pass
from lado.models import CaseClock, HandOver, Referral
from lado.queries import case_file, climbs, home, referrals
from lado.queries import cover as covers
from lado.queries import escalation as climbing
from lado.security.identity import SYSTEM
from lado.services import cover, handovers
from lado.services.cover import NewAbsence
from tests.support.builders import Caseload
from tests.support.passes import at

QUIET = Handed()
STAFF = ("olive", "carl", "dana", "mina", "hal")
OWNER_RUNG = Step("owner", at("2026-03-03T00:00"), "owner")
IS_LIVE = HandOver.ended_at.is_(None)
HALF_A_DAY = timedelta(hours=12)
PERSON = st.sampled_from(("olive", "carl", "dana", "mina"))
SPAN = st.tuples(st.integers(0, 20), st.integers(1, 12))


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    booked=st.lists(st.tuples(PERSON, st.none() | PERSON, SPAN), min_size=1, max_size=5),
    moments=st.lists(st.integers(0, 30), min_size=1, max_size=5),
    answers=st.lists(st.tuples(st.booleans(), st.integers(0, 2)), max_size=4),
)
def test_each_open_case_of_an_absent_owner_is_with_whom_the_resolver_names(new_council, booked, moments, answers):
    database, clock, people = new_council()
    caseload = Caseload(database, clock, people.olive)
    cases = [caseload.referral(), caseload.referral(who=people.dana)]
    start = clock.now().replace(hour=0, minute=0)
    book(database, people, start, booked)
    for moment in sorted(moments):
        clock.move_to(max(clock.now(), start + moment * HALF_A_DAY))
        run_pass(database)
        answer(database, people, cases, answers)
        assert run_pass(database)._replace(raised=0, notices=0) == QUIET
        with database.reading(SYSTEM) as act:
            assert standing(act) == wanted(act, people)
        everything_names_the_same(database, people)


def everything_names_the_same(database, people):
    """The case page, each list, the escalation and everybody's own queue name whom the hand-over was offered to."""
    with database.reading(SYSTEM) as act:
        named = {row.referral_id: row.to_id for row in act.session.scalars(select(HandOver).where(IS_LIVE))}
        clocks = act.session.scalars(select(CaseClock.id).where(CaseClock.ended_at.is_(None))).all()
        asked = [
            (climber.referral_id, party.owner, party.barred)
            for party in climbs.parties(act.session, clocks)
            for climber in party.climbers
        ]
        asked += [
            (case.referral.id, case.case.owner, case.barred)
            for case in climbing.on_ladder(act.session, clocks, act.at, lock=False)
        ]
        team = covers.team(act.session, people.mina.authority, act.at)
        for case, owner, barred in asked:
            find = escalation.find_in(team, owner, act.at, barred=barred)
            assert find(OWNER_RUNG).person == named.get(case, owner)
    covered = {name: queue_of(database, people.everyone[name], named) for name in STAFF}
    for case, person in named.items():
        assert {people.everyone[name].id for name, cases in covered.items() if case in cases} == {person} - {None}
    with database.reading(people.mina) as act:
        for case in home.read(act, home.Show.EVERYONE, None).page.rows:
            file = case_file.read(act, referrals.find(act, case.reference))
            for answer in (
                on_cover(case.owner_id, act.at, file.rota, case.barred),
                on_cover(file.case.owner, act.at, file.rota, file.barred),
            ):
                assert answer.person == named.get(case.id, case.owner_id)


def queue_of(database, who, named):
    """The cases that this person covers by their own queue, which are counted as they are listed."""
    with database.reading(who) as act:
        shown = home.read(act, home.Show.COVERED, None)
        assert shown.shows["covered"] == len(shown.page.rows)
        assert shown.shows["for-me"] == shown.shows["mine"] + shown.shows["covered"]
        return {case.id for case in shown.page.rows} & named.keys()


def book(database, people, start, booked):
    """Book what can be booked; what the council would not take is left out."""
    for name, covered_by, (begin, length) in booked:
        from_at = start + begin * HALF_A_DAY
        covering = getattr(people, covered_by).id if covered_by else None
        new = NewAbsence(getattr(people, name).id, "leave", from_at, from_at + length * HALF_A_DAY, covering)
        with suppress(BadInput), database.work(people.mina) as act:
            cover.book_leave(act, new)


def answer(database, people, cases, answers):
    """Everybody who is asked accepts or refuses."""
    for accepts, which in answers:
        case = cases[which % len(cases)]
        with database.reading(SYSTEM) as act:
            live = act.session.scalars(
                select(HandOver).where(HandOver.referral_id == case.id, HandOver.ended_at.is_(None))
            ).one_or_none()
        if live is None or live.to_id is None:
            continue
        who = next(one for one in people.everyone.values() if one.id == live.to_id)
        with database.work(who) as act:
            if accepts:
                handovers.accept(act, case.id)
            else:
                handovers.refuse(act, case.id, "I cannot.")


def standing(act):
    """What stands: of each case, from whom and to whom. Of each case there is one at most."""
    rows = act.session.scalars(select(HandOver).where(HandOver.ended_at.is_(None))).all()
    assert len({row.referral_id for row in rows}) == len(rows)
    return {row.referral_id: (row.from_id, row.to_id) for row in rows}


def wanted(act, people):
    """What has to stand, asked of the resolver: whoever said why not is passed over, and at last a leader has it."""
    found = {}
    for case in act.session.scalars(select(Referral).where(Referral.is_open)).all():
        rota = covers.rota(act.session, case.authority_id, act.at)
        absence = rota.away(case.owner_id, act.at)
        if absence is None:
            continue
        refused = set(
            act.session.scalars(
                select(HandOver.to_id).where(
                    HandOver.referral_id == case.id,
                    HandOver.absence_id == absence.id,
                    HandOver.refused_at.is_not(None),
                )
            )
        )
        person = on_cover(case.owner_id, act.at, rota, refused).person
        if person is None and refused:
            leaders = [people.mina.id, people.hal.id]
            there = [
                answer.person
                for leader in leaders
                if (answer := on_cover(leader, act.at, rota, {*refused, case.owner_id})).person is not None
            ]
            person = there[0] if there else None
        found[case.id] = (case.owner_id, person)
    return found
