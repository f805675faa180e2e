"""Arranging cover: what is refused and in which words, what follows from it, and who is told."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from lado.errors import BadInput, NotAllowed, NotFound, Refused, Stale
from lado.models import Account, Notice
from lado.queries import cover as covers
from lado.security.identity import SYSTEM
from lado.services import accounts, cover
from lado.services.cover import NewAbsence


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


MONDAY, WEDNESDAY, SATURDAY = at("2026-03-09"), at("2026-03-11"), at("2026-03-14")


@pytest.fixture
def book(database, people):
    """Books an absence by name, as the person themselves unless said otherwise."""

    def arrange(name, covered_by=None, from_at=MONDAY, until_at=SATURDAY, who=None, kind="leave"):
        covering = getattr(people, covered_by).id if covered_by else None
        with database.work(getattr(people, who or name)) as act:
            new = NewAbsence(getattr(people, name).id, kind, from_at, until_at, covering)
            return cover.book_leave(act, new)

    return arrange


@pytest.fixture
def told(database, people):
    """Who was written to, by name, and the body."""

    def read():
        names = {person.id: name for name, person in people.everyone.items()}
        with database.reading(SYSTEM) as act:
            rows = act.session.execute(select(Notice.account_id, Notice.body).order_by(Notice.id))
            return [(names[account], body) for account, body in rows]

    return read


def test_leave_with_a_named_cover(book, told, people):
    arranged = book("olive", "carl")

    assert arranged.words == "Carl Cover covers from Monday 9 March to Friday 13 March."
    assert arranged.gaps == ()
    assert told() == [("carl", "You cover for a colleague from Monday 9 March to Friday 13 March.")]


def test_the_cover_of_the_cover_is_said(book):
    book("carl", "dana", at("2026-03-10"), at("2026-03-11"))

    assert book("olive", "carl").words == (
        "Carl Cover covers on Monday 9 March. "
        "Dana Deputy covers Carl Cover on Tuesday 10 March. "
        "Carl Cover covers from Wednesday 11 March to Friday 13 March."
    )


def test_nobody_is_said_and_raised_to_the_service_manager(book, told):
    arranged = book("olive")

    assert arranged.words == "Nobody is there from Monday 9 March to Friday 13 March."
    assert told() == [
        ("mina", "Nobody is there for a colleague from Monday 9 March to Friday 13 March. Please name who covers.")
    ]


def test_a_manager_who_goes_without_cover_is_raised_to_the_head_of_service(book, told):
    book("mina")

    assert [name for name, _ in told()] == ["hal"]


def test_an_absence_that_leaves_others_without_cover_says_so(book, told):
    book("olive", "carl")

    arranged = book("carl", None, at("2026-03-12"), at("2026-03-13"))

    assert arranged.words == (
        "Nobody is there on Thursday 12 March. Nobody is there for Olive Officer on Thursday 12 March."
    )
    assert told()[-1] == (
        "mina",
        "Nobody is there for a colleague on Thursday 12 March. Please name who covers.",
    )


def test_a_circle_of_two_is_refused_with_the_days_on_which_it_would_be_one(book):
    book("carl", "olive")

    with pytest.raises(BadInput) as refused:
        book("olive", "carl", at("2026-03-12"), at("2026-03-17"))

    assert refused.value.problems["cover"].startswith(
        "They are away from Thursday 12 March to Friday 13 March, and the person you enter this for covers"
    )
    book("olive", "carl", SATURDAY, at("2026-03-17"))


def test_going_sick_in_the_middle_of_a_day_is_said_with_its_time(book):
    arranged = book("olive", "carl", at("2026-03-02T10:15"), at("2026-03-03"), kind="sickness")

    assert arranged.words == "Carl Cover covers from Monday 2 March at 10:15 to the end of Monday 2 March."


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"until_at": at("2026-03-08")}, "until_at", "ends before it begins"),
        ({"until_at": MONDAY}, "until_at", "ends before it begins"),
        ({"from_at": at("2026-02-01"), "until_at": at("2026-02-05")}, "until_at", "is over already"),
        ({"kind": "holiday"}, "kind", "Select why"),
        ({"covered_by": "olive"}, "cover", "cover for themselves"),
        ({"covered_by": "pat"}, "cover", "Choose an officer or a manager"),
        ({"covered_by": "ada"}, "cover", "Choose an officer or a manager"),
        ({"covered_by": "sam"}, "cover", "Choose an officer or a manager"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(book, told, changes, field, words):
    with pytest.raises(BadInput) as refusal:
        book("olive", **changes)

    assert list(refusal.value.problems) == [field]
    assert words in refusal.value.problems[field]
    assert told() == []


def test_every_problem_is_said_at_once(book):
    with pytest.raises(BadInput) as refusal:
        book("olive", "olive", kind="", until_at=at("2026-03-01"))

    assert set(refusal.value.problems) == {"kind", "until_at", "cover"}


def test_a_cover_who_is_away_for_all_of_it_is_refused_and_for_part_of_it_is_not(book):
    book("carl", "dana")

    with pytest.raises(BadInput) as refusal:
        book("olive", "carl", at("2026-03-10"), at("2026-03-12"))
    assert "away themselves for the whole of it" in refusal.value.problems["cover"]
    book("olive", "carl", at("2026-03-10"), at("2026-03-17"))


def test_two_absences_of_one_person_do_not_overlap(book):
    book("olive", "carl")

    with pytest.raises(BadInput) as refusal:
        book("olive", "dana", at("2026-03-13"), at("2026-03-16"))
    assert refusal.value.problems["from_at"] == (
        "Leave is recorded from Monday 9 March to Friday 13 March already. Change that one, or choose other dates."
    )
    book("olive", "dana", SATURDAY, at("2026-03-16"))


def test_a_cover_whose_account_is_shut_is_refused(book, database, people):
    with database.work(people.ada) as act:
        accounts.disable(act, act.session.get_one(Account, people.carl.id))

    with pytest.raises(BadInput):
        book("olive", "carl")


@pytest.mark.parametrize("who", ["pat", "abe", "sam"])
def test_only_officers_and_managers_of_the_council_arrange_cover(book, who):
    with pytest.raises(NotAllowed):
        book("olive", "carl", who=who)


def test_someone_else_can_record_that_a_colleague_is_ill_and_the_colleague_is_told(book, told):
    book("olive", "carl", who="mina", kind="sickness")

    assert [name for name, _ in told()] == ["olive", "carl"]


def test_partners_and_strangers_have_no_leave_here(database, people):
    for account in (people.pat.id, 9999):
        with database.work(people.mina) as act, pytest.raises(NotFound):
            cover.book_leave(act, NewAbsence(account, "leave", MONDAY, SATURDAY))


def test_changing_the_cover_tells_the_old_and_the_new_one(book, told, database, people):
    absence = book("olive", "carl").absence

    with database.work(people.olive) as act:
        new = NewAbsence(people.olive.id, "leave", MONDAY, WEDNESDAY, people.dana.id)
        arranged = cover.change(act, absence.id, new, seen=absence.version)

    assert arranged.words == "Dana Deputy covers from Monday 9 March to Tuesday 10 March."
    assert [name for name, _ in told()[1:]] == ["carl", "dana"]
    with database.reading(people.olive) as act:
        (kept,) = covers.absences_between(act.session, people.olive.authority, MONDAY, SATURDAY)
        assert (kept.cover_id, kept.until_at) == (people.dana.id, WEDNESDAY)


def test_a_change_made_on_an_older_version_is_stale(book, database, people):
    absence = book("olive", "carl").absence
    new = NewAbsence(people.olive.id, "leave", MONDAY, WEDNESDAY, people.dana.id)
    with database.work(people.mina) as act:
        cover.change(act, absence.id, new, seen=absence.version)

    with database.work(people.olive) as act, pytest.raises(Stale):
        cover.change(act, absence.id, new, seen=absence.version)


def test_a_cancelled_absence_is_none(book, told, database, people):
    absence = book("olive", "carl").absence

    with database.work(people.olive) as act:
        cover.cancel(act, absence.id)

    with database.reading(people.olive) as act:
        assert covers.absences_between(act.session, people.olive.authority, MONDAY, SATURDAY) == []
        assert covers.rota(act.session, people.olive.authority, act.at).absences == ()
    assert told()[-1] == ("carl", "You no longer cover for a colleague from Monday 9 March to Friday 13 March.")
    with database.work(people.olive) as act, pytest.raises(Refused):
        cover.cancel(act, absence.id)


def test_an_absence_of_another_council_is_not_ours_to_change(book, database, people):
    absence = book("olive", "carl").absence

    with database.work(people.sam) as act, pytest.raises(NotAllowed):
        cover.cancel(act, absence.id)


def test_what_a_page_shows_of_the_cover(book, database, people, caseload, clock):
    caseload.referral()
    book("olive", "carl", at("2026-03-02"), at("2026-03-07"))
    book("carl", "dana", at("2026-03-03"), at("2026-03-04"))
    book("dana", None, at("2026-03-05"), at("2026-03-06"))
    clock.move_to(at("2026-03-03T12:00"))

    with database.reading(people.dana) as act:
        here = people.dana.authority
        officers = covers.officers(act, here)
        covered = covers.covering(act.session, here, people.dana.id, act.at)
        gaps = covers.gaps(act.session, here, [officer.id for officer in officers], act.at, SATURDAY)

        assert [officer.name for officer in officers][:2] == ["Carl Cover", "Dana Deputy"]
        assert {row.person: row.chain[1:] for row in covered} == {
            people.olive.id: (people.carl.id, people.dana.id),
            people.carl.id: (people.dana.id,),
        }
        assert [(gap.person, gap.stretch.from_at) for gap in gaps] == [(people.dana.id, at("2026-03-05"))]
        assert covers.uncovered(act.session, here, act.at) == []


def test_who_is_uncovered_now_and_how_many_cases_wait(book, database, people, caseload, clock):
    caseload.referral()
    caseload.referral()
    book("olive", None, at("2026-03-02"), at("2026-03-07"))
    book("carl", None, at("2026-03-02"), at("2026-03-07"))

    with database.reading(people.mina) as act:
        (found,) = covers.uncovered(act.session, people.mina.authority, act.at)

    assert (found.owner, found.cases) == (people.olive.id, 2), "Carl is away too, but owns no open case"


def test_a_second_cover_is_told_and_asked_when_the_first_is_not_there(book, told, database, people):
    book("carl", None, at("2026-03-10"), at("2026-03-11"))
    with database.work(people.mina) as act:
        new = NewAbsence(people.olive.id, "leave", MONDAY, SATURDAY, people.carl.id, people.dana.id)
        arranged = cover.book_leave(act, new)

    assert arranged.words == (
        "Carl Cover covers on Monday 9 March. Dana Deputy covers on Tuesday 10 March. "
        "Carl Cover covers from Wednesday 11 March to Friday 13 March."
    )
    assert (
        "dana",
        "You cover from Monday 9 March to Friday 13 March when the first who covers is not there.",
    ) in told()


@pytest.mark.parametrize(
    ("covered_by", "second", "words"),
    [("carl", "carl", "somebody else"), (None, "carl", "who covers first"), ("carl", "olive", "for themselves")],
)
def test_a_second_cover_that_makes_no_sense_is_refused(database, people, covered_by, second, words):
    ids = [getattr(people, name).id if name else None for name in (covered_by, second)]
    with database.work(people.mina) as act, pytest.raises(BadInput) as refused:
        cover.book_leave(act, NewAbsence(people.olive.id, "leave", MONDAY, SATURDAY, *ids))

    assert words in refused.value.problems["second"]


def test_a_colleague_takes_cover_and_the_next_is_second_and_a_third_is_not_needed(book, told, database, people):
    absence = book("olive").absence.id
    for name in ("carl", "dana"):
        with database.work(getattr(people, name)) as act:
            taken = cover.take(act, absence)

    assert (taken.absence.cover_id, taken.absence.second_id) == (people.carl.id, people.dana.id)
    assert ("olive", "You are away from Monday 9 March to Friday 13 March.") in told()
    for name, words in (("dana", "already"), ("mina", "Two colleagues")):
        with database.work(getattr(people, name)) as act, pytest.raises(Refused, match=words):
            cover.take(act, absence)
    with database.work(people.sam) as act, pytest.raises(NotAllowed):
        cover.take(act, absence)


def test_a_manager_arranges_cover_for_somebody_who_is_away_already(book, database, people):
    absence = book("olive", None, at("2026-03-02"), SATURDAY, kind="sickness").absence.id

    with database.work(people.mina) as act:
        arranged = cover.arrange(act, absence, people.dana.id)

    assert arranged.words == "Dana Deputy covers from Monday 2 March to Friday 13 March."
    assert "Dana Deputy is there for Olive Officer from Monday 2 March" in arranged.effect.words
    with database.work(people.mina) as act:
        again = cover.arrange(act, absence, people.dana.id)
        second = cover.arrange(act, absence, people.dana.id, people.carl.id)
    assert again.effect.words == "This changes nothing, because it is recorded so already."
    assert second.effect.words.endswith("asked only while the first is not there, and the first is there all the time.")
