"""Every misuse that is sown among thirty days of usual work is found, and usual work is seldom asked about."""

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest

from lado.domain import unusual
from lado.domain.pace import MOST_IN_LONG, MOST_IN_SHORT, OtherCases
from lado.domain.unusual import Around, Finding, Kind, Look, Search, Stood
from workflows.london import instant_on

MONDAY = date(2026, 3, 2)
OFFICERS, MANAGER, NIGHT = range(1, 6), 8, 9
CASES, THEIRS = range(1, 201), 40
OWNERS = {case: (case - 1) // THEIRS + 1 for case in CASES}
DAYS, SOWN, MOST_FALSE_A_WEEK = 30, 100, 5
KINDS = tuple(Kind)


def opening(day: date) -> tuple[datetime, datetime] | None:
    return None if day.weekday() > 4 else (instant_on(day, time(9)), instant_on(day, time(17)))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return instant_on(day, time(hour, minute))


class Month:
    """Thirty days of usual work of five officers, a manager and a night worker, with misuses sown among them."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.looks: list[Look] = []
        self.searches: list[Search] = []
        self.stood: list[Stood] = []
        self.bound: set[tuple[int, int]] = set()
        self.surnames: set[tuple[int, int]] = set()
        self.names: set[tuple[int, int]] = set()
        self.sown: list[tuple[Kind, int, date]] = []
        self.days = [MONDAY + timedelta(days=number) for number in range(DAYS)]
        for day in self.days:
            if opening(day):
                self.usual(day)
        for number in range(SOWN):
            self.misuse(KINDS[number % len(KINDS)], number)

    def moment(self, day: date, first: int = 9, last: int = 17) -> datetime:
        return at(day, self.chance.randrange(first, last), self.chance.randrange(60))

    def own(self, officer: int) -> int:
        return self.chance.choice([case for case in CASES if OWNERS[case] == officer])

    def usual(self, day: date) -> None:
        """Own cases all day, one on duty who opens any, one covered by another, a late evening, a question asked."""
        duty = OFFICERS[day.toordinal() % len(OFFICERS)]
        self.stood.append(Stood(duty, None, at(day, 9), at(day, 17)))
        away, cover = OFFICERS[(day.toordinal() + 1) % 5], OFFICERS[(day.toordinal() + 2) % 5]
        self.stood.append(Stood(cover, away, at(day, 9), at(day, 17)))
        for officer in OFFICERS:
            if officer != away:
                self.looks += [Look(officer, self.moment(day), self.own(officer)) for _ in range(25)]
                self.looks += [Look(officer, self.moment(day), None) for _ in range(10)]
                self.searches += [Search(officer, self.moment(day), self.chance.randbytes(4)) for _ in range(3)]
        self.looks += [Look(duty, self.moment(day), self.chance.choice(CASES)) for _ in range(15)]
        self.looks += [Look(cover, self.moment(day), self.own(away)) for _ in range(8)]
        self.looks += [Look(MANAGER, self.moment(day), self.chance.choice(CASES)) for _ in range(20)]
        self.looks += [Look(NIGHT, self.moment(day, 0, 6), self.chance.choice(CASES)) for _ in range(2)]
        for officer in self.chance.sample(OFFICERS, 2):  # stays a little, or comes early, and sees to their own cases
            self.looks.append(Look(officer, self.moment(day, 17, 19), self.own(officer)))
            self.looks.append(Look(officer, at(day, 8, self.chance.randrange(60)), self.own(officer)))
        if self.chance.random() < 0.4:  # a colleague asks across the desk
            self.looks.append(Look(self.chance.choice(OFFICERS), self.moment(day), self.chance.choice(CASES)))
        if self.chance.random() < 0.05:  # a report that has to be done tonight
            self.looks.append(Look(MANAGER, self.moment(day, 20, 23), self.chance.choice(CASES)))

    def misuse(self, kind: Kind, number: int) -> None:
        day = self.chance.choice([day for day in self.days if opening(day)])
        on_duty = {one.person for one in self.stood if one.instead_of is None and one.from_at == at(day, 9)}
        person = self.chance.choice([officer for officer in OFFICERS if officer not in on_duty])
        if kind is Kind.BULK:
            self.looks += [Look(person, at(day, 10, one), one + 1) for one in range(31)]
        elif kind is Kind.SEARCH:
            words = b"same %d" % number
            self.searches += [Search(person, self.moment(day), words) for _ in range(6)]
        elif kind is Kind.HOURS:
            self.looks.append(Look(person, at(day, 2), self.own(person)))
        else:
            case = 1_000 + number  # of no one here: an older case of the council
            self.looks.append(Look(person, self.moment(day), case))
            into = {Kind.OWN: self.names, Kind.SURNAME: self.surnames}.get(kind, set())
            into.add((person, case))
        self.sown.append((kind, person, day))

    def found(self) -> dict[date, list[Finding]]:
        """The findings of each week, as the weekly job makes them."""
        weeks = {}
        for week_on in self.days[::7]:
            from_at, until_at = at(week_on, 0), at(week_on + timedelta(days=7), 0)
            around = Around(
                week_on,
                opening,
                OWNERS,
                frozenset(self.bound),
                tuple(self.stood),
                frozenset(OFFICERS),
                frozenset({NIGHT}),
                frozenset(self.names),
                frozenset(self.surnames),
                {person: {b"own"} for person in OFFICERS},
            )
            looks = [look for look in self.looks if from_at <= look.at < until_at]
            searches = [one for one in self.searches if from_at <= one.at < until_at]
            weeks[week_on] = unusual.findings(looks, searches, around)
        return weeks


@pytest.mark.parametrize("seed", range(3))
def test_a_hundred_misuses_in_thirty_days_are_found_and_false_alarms_are_few(seed: int) -> None:
    month = Month(seed)
    weeks = month.found()

    def says(kind: Kind, person: int, day: date) -> bool:
        return any(
            one.kind is kind and one.person == person and at(day, 0) <= one.last_at and one.first_at <= at(day, 23, 59)
            for found in weeks.values()
            for one in found
        )

    assert len(month.sown) == SOWN
    assert [one for one in month.sown if not says(*one)] == []
    for found in weeks.values():
        false = [one for one in found if is_false(one, month)]
        assert len(false) <= MOST_FALSE_A_WEEK, false


def is_false(one: Finding, month: Month) -> bool:
    """Whether a finding is about usual work: of a kind, person and day on which nothing was sown."""
    if one.case is not None and one.case > 1_000:
        return False
    day = one.first_at.date()
    return not any(
        person == one.person and abs((day - when).days) <= (6 if kind is Kind.SEARCH else 0)
        for kind, person, when in month.sown
        if kind is one.kind or (kind is Kind.BULK and one.kind is Kind.OUTSIDE)
    )


AROUND = Around(MONDAY, opening, {1: 1, 2: 2}, has_caseload={1})


def kinds(looks=(), searches=(), around=AROUND):
    return [one.kind for one in unusual.findings(looks, searches, around)]


def test_ones_own_case_in_office_hours_is_no_finding():
    assert kinds([Look(1, at(MONDAY, 10), 1)]) == []


def test_whoever_covers_the_officer_or_is_on_duty_may_look():
    look = Look(1, at(MONDAY, 10), 2)
    until = at(MONDAY, 12)

    assert kinds([look]) == [Kind.OUTSIDE]
    assert kinds([look], around=replaced(stood=[Stood(1, 2, at(MONDAY, 9), until)])) == []
    assert kinds([look], around=replaced(stood=[Stood(1, None, at(MONDAY, 9), None)])) == []
    assert kinds([look], around=replaced(stood=[Stood(1, None, at(MONDAY, 9), look.at)])) == [Kind.OUTSIDE]
    assert kinds([look], around=replaced(bound={(1, 2)})) == []


def replaced(**values):
    return Around(MONDAY, opening, {1: 1, 2: 2}, has_caseload={1}, **values)


@pytest.mark.parametrize(
    ("hour", "minute", "found"), [(7, 59, True), (8, 0, False), (18, 59, False), (19, 0, True), (3, 0, True)]
)
def test_an_hour_before_and_two_hours_after_the_office_are_usual(hour, minute, found):
    assert kinds([Look(1, at(MONDAY, hour, minute), 1)]) == ([Kind.HOURS] if found else [])


def test_a_closed_day_is_unusual_but_not_for_whoever_works_then():
    sunday = MONDAY - timedelta(days=1)
    assert kinds([Look(1, at(sunday, 11), 1)]) == [Kind.HOURS]
    assert kinds([Look(1, at(sunday, 11), 1)], around=replaced(works_at_night={1})) == []
    assert kinds([Look(1, at(sunday, 11), None)]) == []


def test_of_one_case_the_weightiest_reason_alone_is_said():
    around = replaced(same_name={(1, 2)}, same_surname={(1, 2)})
    assert kinds([Look(1, at(MONDAY, 3), 2)], around=around) == [Kind.OWN]
    assert kinds([Look(1, at(MONDAY, 3), 2)], around=replaced(same_surname={(1, 2)})) == [Kind.SURNAME]


def test_a_search_for_ones_own_name_and_the_same_search_again():
    own = replaced(own_digests={1: {b"me"}})
    assert kinds(searches=[Search(1, at(MONDAY, 10), b"me")], around=own) == [Kind.OWN]
    assert kinds(searches=[Search(1, at(MONDAY, 10), b"x")] * 5) == []
    assert kinds(searches=[Search(1, at(MONDAY, 10), b"x")] * 6) == [Kind.SEARCH]


def test_the_same_looks_have_the_same_marks_however_often_they_are_gone_through():
    looks = [Look(1, at(MONDAY, 3), 2), Look(1, at(MONDAY, 10), 2)]
    marks = {one.mark for one in unusual.findings(looks, [], AROUND)}
    assert marks == {one.mark for one in unusual.findings(looks[::-1], [], AROUND)}


def test_the_brake_stands_at_sixty_in_ten_minutes_and_three_hundred_a_day():
    assert not OtherCases(MOST_IN_SHORT - 1, MOST_IN_LONG - 1).is_braked
    assert OtherCases(MOST_IN_SHORT, 0).is_braked
    assert OtherCases(0, MOST_IN_LONG).is_braked
    assert (MOST_IN_SHORT, MOST_IN_LONG) == (60, 300)


def test_moments_are_those_of_london():
    assert at(date(2026, 7, 1), 9) == datetime(2026, 7, 1, 8, tzinfo=UTC)
