"""What the night recorded reaches the day once: taken by one officer, or raised once to whoever leads and is there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from lado.errors import BadInput, NotAllowed, Refused
from lado.jobs import nights as job
from lado.models import Account, EdtAuthority, NightRung, Notice
from lado.queries import ledger, night_contacts
from lado.queries import nights as reading
from lado.services import accounts, drafts, nights
from tests.support.routes import a_night
from tests.support.tampering import every_right, refusal

FRIDAY_NIGHT = datetime(2026, 3, 6, 22, 30, tzinfo=UTC)
MONDAY_NINE = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
def friday(caseload, people, clock):
    """A contact of Friday night at Northbrook, about no case."""
    clock.move_to(FRIDAY_NIGHT)
    return a_night(caseload, people, clock)


def contact_of(database, people, number):
    with database.reading(people.olive) as act:
        return night_contacts.find(act, number)


def test_a_contact_waits_for_the_day_service_of_its_council_alone(database, people, friday):
    with database.reading(people.olive) as act:
        waiting = night_contacts.waiting(act)
    with database.reading(people.sam) as act:
        elsewhere = night_contacts.waiting(act), night_contacts.find(act, friday)

    assert [(one.id, one.reference, one.due_at) for one in waiting] == [(friday, "", MONDAY_NINE)]
    assert elsewhere == ([], None)


def test_about_a_case_it_is_noted_there_at_once(database, caseload, people, clock):
    case = caseload.referral()
    number = a_night(caseload, people, clock, reference=case.reference)

    with database.reading(people.olive) as act:
        referral = act.session.merge(case, load=True)
        act.session.refresh(referral, ["sealing_key"])
        said = ledger.entries(act, referral)[-1]
    assert type(said.event).__name__ == "Noted"
    assert said.actor_id == people.edie.id
    assert "The child stays with her aunt tonight." in said.words["note"]
    assert contact_of(database, people, number).words["asks"] == "Ring the police station."


def test_a_case_of_another_council_answers_as_one_that_is_not(caseload, people, clock):
    southmeres, northbrooks = caseload.referral(who=people.sam), caseload.referral()
    closed = caseload.referral(("advise",))
    words = []
    for reference in (southmeres.reference, closed.reference, "NB-222222-2"):
        with pytest.raises(BadInput) as bad:
            a_night(caseload, people, clock, reference=reference)
        words.append(bad.value.problems)

    assert words == [words[0]] * 3
    assert a_night(caseload, people, clock, reference=northbrooks.reference)


def test_a_team_that_two_councils_share_records_for_both(caseload, people, clock, database):
    southmere = people.sam.authority
    case = caseload.referral(who=people.sam)

    number = a_night(caseload, people, clock, authority=southmere, reference=case.reference)

    with database.reading(people.sam) as act:
        assert [one.id for one in night_contacts.waiting(act)] == [number]


def test_a_worker_records_for_nobody_whom_they_do_not_serve(caseload, people, clock, database):
    alone = replace(people, everyone={**people.everyone, "edie": people.noel})

    with pytest.raises(NotAllowed):
        a_night(caseload, alone, clock, authority=people.olive.authority)


def test_nothing_that_has_not_happened_yet(caseload, people, clock):
    with pytest.raises(BadInput) as bad:
        a_night(caseload, people, clock, happened_at=clock.now() + timedelta(minutes=1))

    assert set(bad.value.problems) == {"happened"}


def test_one_officer_takes_it_over(database, people, friday):
    with database.work(people.olive) as act:
        nights.take(act, friday)
    with database.work(people.olive) as act:
        nights.take(act, friday)
    with database.work(people.dana) as act, pytest.raises(Refused, match="colleague"):
        nights.take(act, friday)

    assert contact_of(database, people, friday).accepted_by == "Olive Officer"


def test_neither_another_council_nor_the_night_itself_takes_it_over(database, people, friday):
    for who in (people.sam, people.edie, people.bea):
        with database.work(who) as act, pytest.raises(refusal(database, who)):
            nights.take(act, friday)


def test_a_referral_begins_with_what_the_night_wrote(database, people, friday):
    with database.work(people.olive) as act:
        nights.begin_referral(act, friday)
    with database.reading(people.olive) as act:
        typed = drafts.kept(act, "referral").fields

    assert typed["caller_name"] == ["PC Example"]
    assert typed["summary"] == ["A carer was arrested at home."]
    assert [typed[f"received-{part}"][0] for part in ("day", "month", "year", "time")] == ["6", "3", "2026", "22:30"]


def test_a_draft_that_is_open_is_not_written_over(database, people, friday):
    with database.work(people.olive) as act:
        drafts.keep(act, "referral", {"summary": ["Mine."]})
    with database.work(people.olive) as act, pytest.raises(Refused, match="draft"):
        nights.begin_referral(act, friday)


def rungs(database):
    with every_right(database) as connection:
        told = connection.execute(select(NightRung.contact_id, NightRung.due_at, NightRung.told_id)).all()
        sent = connection.execute(
            select(Notice.account_id, Notice.subject, Notice.body).where(Notice.message_id.like("night.%"))
        ).all()
    return told, sent


def test_nobody_is_told_before_nine_on_monday(database, clock, friday):
    clock.move_to(MONDAY_NINE - timedelta(seconds=1))
    assert job.tick(database) == 0
    assert rungs(database) == ([], [])


def test_what_nobody_took_reaches_the_service_manager_once(database, people, clock, friday):
    clock.move_to(MONDAY_NINE)
    assert [job.tick(database) for _ in range(3)] == [1, 0, 0]
    clock.advance(days=1)
    assert job.tick(database) == 0

    told, sent = rungs(database)
    assert [(row.contact_id, row.told_id) for row in told] == [(friday, people.mina.id)]
    assert [row.account_id for row in sent] == [people.mina.id]
    assert "09:00 on Monday 9 March 2026" in sent[0].body
    assert not any(word in sent[0].body for word in ("Example", "arrested", "aunt"))


def test_what_was_taken_in_time_is_not_raised(database, people, clock, friday):
    with database.work(people.olive) as act:
        nights.take(act, friday)
    clock.move_to(MONDAY_NINE)

    assert job.tick(database) == 0


def test_while_no_leader_is_there_it_is_asked_again(database, people, clock, friday):
    shut(database, clock.now(), "service_manager", "head_of_service", "director")
    clock.move_to(MONDAY_NINE)
    assert job.tick(database) == 0

    shut(database, None, "director")
    assert job.tick(database) == 1
    assert rungs(database)[0][0].told_id == people.dee.id


def shut(database, at, *roles):
    with database.engine.execution_options(write=True).begin() as connection:
        connection.execute(
            Account.__table__.update().where(Account.role.in_(roles), Account.authority_id == 1).values(disabled_at=at)
        )


def test_only_the_system_raises_it(database, people, friday):
    with database.work(people.mina) as act, pytest.raises(NotAllowed):
        nights.escalate(act, [friday])


def test_a_worker_who_serves_a_council_no_longer_sees_nothing_of_it(database, caseload, people):
    caseload.referral(who=people.sam)
    with database.work(people.system) as act:
        account = act.session.get_one(Account, people.edie.id)
        accounts.serve(act, account, people.sam.authority, is_served=False)
        assert act.session.scalar(select(func.count()).select_from(EdtAuthority)) == 0
    with database.reading(replace(people.edie, serves=())) as act:
        assert [council.key for council in reading.served(act)] == ["northbrook"]
        assert reading.open_cases(act, people.sam.authority).rows == []


def test_only_the_night_serves_another_council_and_only_the_operator_says_so(database, people):
    southmere = people.sam.authority
    with database.work(people.system) as act, pytest.raises(Refused):
        accounts.serve(act, act.session.get_one(Account, people.olive.id), southmere)
    with database.work(people.ada) as act, pytest.raises(NotAllowed):
        accounts.serve(act, act.session.get_one(Account, people.edie.id), southmere)
