"""Changing the rota: hours worked, duty days, changes and swaps, what each changes in words, and what is refused."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import event, select

from lado.domain.cover import on_cover, on_duty
from lado.domain.rota import DutyChange as Change
from lado.errors import BadInput, NotAllowed, NotFound, Refused
from lado.models import Notice
from lado.queries import cover as covers
from lado.queries import swaps as asked
from lado.security.identity import SYSTEM
from lado.services import cover, rotas, swaps
from lado.services.cover import NewAbsence
from lado.services.rota_effects import what_changes
from lado.services.rotas import NewChange, NewDuty, NewPattern
from lado.services.swaps import NewSwap

pytestmark = pytest.mark.database

DAY, HALF = (time(9), time(17)), (time(9), time(13))
FOUR_DAYS = (DAY, DAY, HALF, DAY, None, None, None)
TODAY = date(2026, 3, 2)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def done(database, people):
    """Does something as somebody: a service and what it takes."""

    def run(who, do, *args):
        with database.work(getattr(people, who)) as act:
            return do(act, *args)

    return run


@pytest.fixture
def who(database, people):
    """Who is there for somebody, or on duty, at a time; by name."""
    names = {person.id: name for name, person in people.everyone.items()} | {None: None}

    def ask(subject, when):
        with database.reading(SYSTEM) as act:
            rota = covers.rota(act.session, people.olive.authority, at(when))
            if isinstance(subject, int):
                return names[on_duty(subject, at(when), rota).person]
            return names[on_cover(getattr(people, subject).id, at(when), rota).person]

    return ask


@pytest.fixture
def mondays(done, people):
    """Carl is first on duty on Mondays and Tuesdays, Dana second on Mondays."""
    here = people.mina.authority
    done("mina", rotas.set_duty, NewDuty(here, 1, TODAY, {0: people.carl.id, 1: people.carl.id}))
    return done("mina", rotas.set_duty, NewDuty(here, 2, TODAY, {0: people.dana.id}))


def changed(people, kind, person, by=None, from_at="2026-03-09", until_at="2026-03-10", rank=1):
    ids = [getattr(people, name).id if name else None for name in (person, by)]
    return NewChange(people.mina.authority, kind, rank, ids[0], at(from_at), at(until_at), ids[1])


def test_part_time_is_away_in_office_hours_that_are_not_worked_and_at_no_other_time(done, who, people, mondays):
    saved = done("olive", rotas.set_pattern, NewPattern(people.olive.id, TODAY, FOUR_DAYS))

    assert saved.effect.words.startswith("Nobody is there for Olive Officer from Wednesday 4 March at 13:00")
    assert who("olive", "2026-03-04T12:59") == "olive"
    assert who("olive", "2026-03-04T13:00") is None
    assert who("olive", "2026-03-06T16:00") is None, "Friday is not worked"
    assert who("olive", "2026-03-06T16:30") == "olive", "the office closes then"
    assert who("olive", "2026-03-07T12:00") == "olive", "a Saturday is nobody's working time"


def test_what_comes_again_each_week_is_said_once(done, people, mondays):
    saved = done("mina", rotas.set_duty, NewDuty(people.mina.authority, 1, TODAY, {1: people.olive.id}))

    first = "Olive Officer is first on duty on Tuesday 3 March instead of Carl Cover."
    again = "The same on Tuesday 10 March; on Tuesday 17 March; on Tuesday 24 March; and 8 more times until"
    assert saved.effect.words == f"{first} {again} Tuesday 19 May 2026."


def test_the_newest_pattern_holds_from_its_day_and_all_hours_can_come_back(done, who, people):
    done("olive", rotas.set_pattern, NewPattern(people.olive.id, TODAY, FOUR_DAYS))
    done("mina", rotas.set_pattern, NewPattern(people.olive.id, date(2026, 3, 13), None))

    assert who("olive", "2026-03-06T12:00") is None
    assert who("olive", "2026-03-13T12:00") == "olive"
    again = done("mina", rotas.set_pattern, NewPattern(people.olive.id, date(2026, 3, 13), None))
    assert again.effect.words == "This changes nothing, because Olive Officer works these hours already."


@pytest.mark.parametrize(
    ("from_on", "week", "field"),
    [
        (date(2026, 3, 1), FOUR_DAYS, "from_on"),
        (TODAY, (DAY,), "week"),
        (TODAY, ((time(17), time(9)), *FOUR_DAYS[1:]), "week"),
    ],
)
def test_a_pattern_that_cannot_be_is_refused(done, people, from_on, week, field):
    with pytest.raises(BadInput) as refused:
        done("olive", rotas.set_pattern, NewPattern(people.olive.id, from_on, week))
    assert list(refused.value.problems) == [field]


def test_whoever_is_on_duty_stands_in_for_those_who_named_nobody(done, who, people, mondays, database):
    new = NewAbsence(people.olive.id, "sickness", at("2026-03-09"), at("2026-03-14"))
    words = done("olive", cover.book_leave, new).words

    assert words.startswith(
        "Carl Cover is on duty and covers from Monday 9 March to Tuesday 10 March. Nobody is there from"
    )
    assert who("olive", "2026-03-09T10:00") == "carl"
    done("carl", cover.book_leave, NewAbsence(people.carl.id, "leave", at("2026-03-09"), at("2026-03-10")))
    assert who("olive", "2026-03-09T10:00") == "dana", "the second on duty"
    with database.reading(SYSTEM) as act:
        found = covers.rota(act.session, people.olive.authority, act.at)
        answer = on_cover(people.olive.id, at("2026-03-09T10:00"), found)
    assert (answer.why, answer.passed) == ("is on duty", ("sickness", "leave"))


def test_changes_of_duty_outrank_the_week_and_say_what_they_change(done, who, people, mondays):
    saved = done("mina", rotas.change_duty, changed(people, "replace", "carl", "olive"))

    assert saved.effect.words == "Olive Officer is first on duty on Monday 9 March instead of Carl Cover."
    assert who(1, "2026-03-09T10:00") == "olive"
    done("mina", rotas.change_duty, changed(people, "add", "dana"))
    assert who(1, "2026-03-09T10:00") == "dana", "somebody who is added is asked first"
    done("mina", rotas.change_duty, changed(people, "remove", "dana"))
    assert who(1, "2026-03-09T10:00") == "olive"
    done("mina", rotas.cancel_change, saved.id)
    assert who(1, "2026-03-09T10:00") == "carl"
    with pytest.raises(Refused, match="already"):
        done("mina", rotas.cancel_change, saved.id)
    with pytest.raises(NotFound):
        done("mina", rotas.cancel_change, 10_000)


@pytest.mark.parametrize(
    ("kind", "person", "by", "because"),
    [
        ("remove", "olive", None, "Olive Officer is not first on duty then"),
        ("add", "carl", None, "Carl Cover is first on duty then already"),
        ("add", "dana", None, "Dana Deputy is away then"),
    ],
)
def test_a_change_that_changes_nothing_says_why(done, people, mondays, kind, person, by, because):
    done("dana", cover.book_leave, NewAbsence(people.dana.id, "leave", at("2026-03-09"), at("2026-03-10")))

    saved = done("mina", rotas.change_duty, changed(people, kind, person, by))

    assert saved.effect == ((f"This changes nothing, because {because}.",), ())


def test_what_would_change_is_said_without_saving_it(database, people, mondays, who):
    would_be = Change("replace", 1, at("2026-03-09"), at("2026-03-10"), people.carl.id, people.olive.id)
    with database.reading(people.mina) as act:
        effect = what_changes(act, people.mina.authority, would_be)

    assert effect.words == "Olive Officer is first on duty on Monday 9 March instead of Carl Cover."
    assert who(1, "2026-03-09T10:00") == "carl"


def test_the_same_days_again_change_nothing(done, people, mondays):
    saved = done("mina", rotas.set_duty, NewDuty(people.mina.authority, 2, TODAY, {0: people.dana.id}))

    assert saved.effect.words == "This changes nothing, because the same people have the duty on these days already."


@pytest.mark.parametrize(
    ("new", "fields"),
    [
        (lambda p: changed(p, "swap", "carl"), {"kind"}),
        (lambda p: changed(p, "add", "carl", rank=3), {"rank"}),
        (lambda p: changed(p, "add", "pat"), {"person"}),
        (lambda p: changed(p, "replace", "carl", "carl"), {"by"}),
        (lambda p: changed(p, "replace", "carl", "sam"), {"by"}),
        (lambda p: changed(p, "remove", "carl", "olive"), {"by"}),
        (lambda p: changed(p, "add", "carl", None, "2026-03-10", "2026-03-09"), {"until_at"}),
        (lambda p: changed(p, "add", "carl", None, "2026-02-10", "2026-02-11"), {"until_at"}),
    ],
)
def test_a_change_that_cannot_be_is_refused(done, people, new, fields):
    with pytest.raises(BadInput) as refused:
        done("mina", rotas.change_duty, new(people))
    assert set(refused.value.problems) == fields


@pytest.mark.parametrize(
    ("rank", "from_on", "days", "field"),
    [
        (3, TODAY, {0: None}, "rank"),
        (1, date(2026, 3, 1), {0: None}, "from_on"),
        (1, TODAY, {}, "days"),
        (1, TODAY, {7: None}, "days"),
    ],
)
def test_duty_days_that_cannot_be_are_refused(done, people, rank, from_on, days, field):
    with pytest.raises(BadInput) as refused:
        done("mina", rotas.set_duty, NewDuty(people.mina.authority, rank, from_on, days))
    assert list(refused.value.problems) == [field]


def test_only_the_people_of_the_council_who_own_cases_arrange_its_duty(done, people, mondays):
    for name in ("sam", "ada", "bea"):
        with pytest.raises(NotAllowed):
            done(name, rotas.change_duty, changed(people, "add", "carl"))
        with pytest.raises(NotAllowed):
            done(name, rotas.set_duty, NewDuty(people.mina.authority, 1, TODAY, {0: None}))
        with pytest.raises(NotAllowed):
            done(name, rotas.set_pattern, NewPattern(people.olive.id, TODAY, None))


@pytest.fixture
def swap(done, people, mondays):
    """Carl asks somebody to take his Monday."""
    return done("carl", swaps.ask, NewSwap(people.carl.id, 1, at("2026-03-09"), at("2026-03-10"))).id


def test_a_swap_is_taken_by_one_colleague_and_becomes_a_replacement(done, who, people, swap, database):
    taken = done("olive", swaps.take, swap)

    assert taken.saved.effect.words == "Olive Officer is first on duty on Monday 9 March instead of Carl Cover."
    assert who(1, "2026-03-09T10:00") == "olive"
    with pytest.raises(Refused, match="taken this duty already"):
        done("dana", swaps.take, swap)
    with database.reading(people.carl) as act:
        bodies = act.session.scalars(select(Notice.body).where(Notice.account_id == people.carl.id)).all()
        assert "You are not first on duty on Monday 9 March." in bodies
        assert asked.open_swaps(act) == []
        assert asked.swap(act, swap).state == "taken"
        (change,) = asked.coming_changes(act)
        assert (change.kind, change.account_id, change.by_id) == ("replace", people.carl.id, people.olive.id)
        assert asked.duty_change(act, change.id) == change


def test_every_other_officer_hears_of_a_swap_and_it_can_be_withdrawn(done, people, swap, database):
    with database.reading(people.olive) as act:
        told = set(act.session.scalars(select(Notice.account_id).where(Notice.subject.like("Somebody asks%"))))
        assert [one.id for one in asked.open_swaps(act)] == [swap]
    assert told == {people.olive.id, people.dana.id}
    done("carl", swaps.withdraw, swap)
    with pytest.raises(Refused, match="withdrawn"):
        done("olive", swaps.take, swap)


def test_a_swap_that_makes_no_sense_is_refused(done, people, swap, database):
    for new, field in (
        (NewSwap(people.olive.id, 1, at("2026-03-09"), at("2026-03-10")), "from_at"),
        (NewSwap(people.carl.id, 1, at("2026-03-09"), at("2026-03-10")), "from_at"),
        (NewSwap(people.carl.id, 9, at("2026-03-09"), at("2026-03-10")), "rank"),
        (NewSwap(people.carl.id, 1, at("2026-03-10"), at("2026-03-09")), "until_at"),
    ):
        with pytest.raises(BadInput) as refused:
            done("carl", swaps.ask, new)
        assert list(refused.value.problems) == [field]
    with pytest.raises(Refused, match="own duty"):
        done("carl", swaps.take, swap)
    done("olive", cover.book_leave, NewAbsence(people.olive.id, "leave", at("2026-03-08"), at("2026-03-11")))
    with pytest.raises(Refused, match="away for the whole"):
        done("olive", swaps.take, swap)
    with database.reading(people.sam) as act:
        assert asked.swap(act, swap) is None


def test_a_swap_that_nobody_took_is_past(done, people, swap, database, clock):
    clock.move_to(at("2026-03-10"))

    assert (done("system", swaps.let_go), done("system", swaps.let_go)) == (1, 0)
    with database.reading(people.carl) as act:
        assert asked.swap(act, swap).state == "past"


def statements(database, people):
    """How many statements it takes to read the rota."""
    seen = []

    def note(*told):
        seen.append(told[2])

    with database.reading(SYSTEM) as act:
        event.listen(database.engine, "before_cursor_execute", note)
        covers.rota(act.session, people.olive.authority, act.at)
        event.remove(database.engine, "before_cursor_execute", note)
    return len(seen)


def test_a_rota_takes_as_many_statements_whatever_it_holds(database, people, done, mondays):
    few = statements(database, people)
    for number in range(20):
        done("mina", rotas.change_duty, changed(people, "add", "carl", None, "2026-03-09", f"2026-03-{10 + number}"))
    done("olive", rotas.set_pattern, NewPattern(people.olive.id, TODAY, FOUR_DAYS))

    assert few == statements(database, people) <= 5
