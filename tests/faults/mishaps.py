"""What goes wrong in a year, beyond the usual: cases nobody looks at again, teams all away, conflicts, urgency, goings.

Drawn from the seed and done through the services, as the people who would. What a service refuses there and then (the
case was closed meanwhile, somebody else took it over) does not happen.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, time, timedelta
from random import Random
from typing import TypeVar

from sqlalchemy import select

from lado.act import Act
from lado.council import rota
from lado.council.beats import Story
from lado.council.simulation import Council
from lado.errors import LadoError
from lado.models import Absence, Account, Escalation, HandOver, Referral
from lado.queries import conflicts as declared
from lado.security.identity import Identity, Role
from lado.services import accounts, answering, conflicts, cover, handovers, rotas
from lado.services.cover import NewAbsence
from lado.services.rotas import NewChange
from workflows.london import instant_on

FORGOTTEN = 0.15
"""The share of the cases that nobody looks at any more, from some point of their lives on."""
USUAL = "usual"

TEAM = (Role.DESIGNATED_OFFICER, Role.COVER_OFFICER, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE)
BEFORE_THE_MORNING, EARLY, LATE = time(8, 30), time(9, 40), time(15, 20)
LEAVES, GOES = "hal", "dana"
"""Whose account is shut after half of the time, and whose after three quarters."""


T = TypeVar("T")


class NothingThere(LadoError):
    """What was to go wrong has nothing to go wrong with: no case is urgent, nobody is away."""


def forget(stories: list[Story], draw: Random) -> list[Story]:
    """Let nobody look at some of the cases any more, so that their clocks climb to the end of the ladder."""
    for story in stories:
        if draw.random() < FORGOTTEN and story.ending != "advice":
            del story.beats[draw.randint(1, max(1, len(story.beats) - 1)) :]
    return stories


class Mishaps:
    """Everything else, put on a council's agenda."""

    def __init__(self, council: Council, draw: Random, first_on: date, last_on: date) -> None:
        self.council, self.draw, self.first_on, self.last_on = council, draw, first_on, last_on
        self.done: Counter[str] = Counter()

    def plan(self) -> None:
        """Spread them over the span: some every few days, some a few times a year."""
        self.council.agenda[:] = [doing._replace(do=self.tried(USUAL, doing.do)) for doing in self.council.agenda]
        self.once(0, EARLY, self.arrange_the_rota)
        self.once(1, EARLY, self.choose_the_contact)
        days = (self.last_on - self.first_on).days
        for first, every, at, do in (
            (1, 1, BEFORE_THE_MORNING, self.refuse_a_case),
            (2, 2, LATE, self.come_back_later),
            (3, 5, EARLY, self.take_over),
            (4, 6, LATE, self.raise_urgency),
            (9, 9, EARLY, self.lift_urgency),
            (6, 10, LATE, self.declare_a_conflict),
            (13, 23, EARLY, self.end_a_conflict),
            (3, 11, LATE, self.change_duty),
            (12, 33, EARLY, self.cancel_leave),
            (7, 27, LATE, self.all_are_away),
        ):
            for day in range(first, days, every):
                self.once(day, at, do)
        self.once(days // 2, LATE, self.one_leaves)
        self.once(days * 3 // 4, LATE, self.another_leaves)

    def once(self, day: int, at: time, do: Callable[[], None]) -> None:
        """Try something on a day; what is refused does not happen."""
        name = getattr(do, "__name__", "")
        self.council.put(instant_on(self.first_on + timedelta(days=day), at), self.tried(name, do))

    def tried(self, name: str, do: Callable[[], None]) -> Callable[[], None]:
        """Do it where nothing stands against it, and count under its name how often it was done and how often not."""

        def attempt() -> None:
            self.done[f"{name}, not done"] += 1
            with suppress(LadoError):
                do()
                self.done.update({name: 1, f"{name}, not done": -1})

        return attempt

    def arrange_the_rota(self) -> None:
        """Part-time weeks and duty days from the beginning on."""
        for council, manager in rota.managers(self.council.people):
            with self.council.database.work(manager) as act:
                rota.arrange(act, self.council.people, council)

    def choose_the_contact(self) -> None:
        """The director looks after a case from which everybody else is kept."""
        with self.council.database.work(self.of(Role.HEAD_OF_SERVICE)) as act:
            conflicts.choose_contact(act, self.of(Role.DIRECTOR).id or 0)

    def refuse_a_case(self) -> None:
        """Who covers cannot take some of the cases, and now and then nor can the next one, or the one after."""
        with self.council.database.reading(self.of(Role.SERVICE_MANAGER)) as act:
            query = select(HandOver.referral_id, HandOver.to_id).where(HandOver.next_at.is_not(None))
            waiting = act.session.execute(query.order_by(HandOver.referral_id)).all()
        if not waiting:
            raise NothingThere("nothing is handed over that waits")
        for case in self.draw.sample(waiting, (len(waiting) + 1) // 2):
            to = case.to_id
            while to is not None:
                with self.council.database.work(self.person(to)) as act:
                    following = handovers.refuse(act, case.referral_id, "I know the family.")
                to = following if self.draw.random() < 0.6 else None

    def come_back_later(self) -> None:
        """Somebody snoozes what they were told last."""
        told, who = self.a_rung()
        with self.council.database.work(who) as act:
            answering.snooze(act, told, act.at + timedelta(minutes=50), "In a meeting until then.")

    def take_over(self) -> None:
        """Somebody who was told takes the case over."""
        told, who = self.a_rung()
        with self.council.database.work(who) as act:
            answering.take_over(act, told, "I know the school.")

    def raise_urgency(self) -> None:
        """A child's safety is at stake now."""
        case, who = self.a_case(is_urgent=False)
        with self.council.database.work(who) as act:
            answering.raise_urgency(act, case, "The child goes home with the adult tonight.")

    def lift_urgency(self) -> None:
        """It is at stake no longer."""
        case, who = self.a_case(is_urgent=True)
        with self.council.database.work(who) as act:
            answering.lift_urgency(act, case, "The child is with the grandmother.")

    def declare_a_conflict(self) -> None:
        """An owner, and now and then everybody, has a conflict with a case."""
        case, who = self.a_case(is_urgent=None)
        everybody = [one for role in TEAM for one in self.all_of(role)]
        for person in everybody if self.draw.random() < 0.3 else [who]:
            with suppress(LadoError), self.council.database.work(person) as act:
                conflicts.declare_case(act, case, "My sister works there.")

    def end_a_conflict(self) -> None:
        """Somebody's conflict is over."""
        for role in TEAM:
            for person in self.all_of(role):
                with self.council.database.work(person) as act:
                    if standing := declared.own(act):
                        conflicts.end(act, standing[-1], "She has moved on.")
                        return
        raise NothingThere("nobody has a conflict")

    def change_duty(self) -> None:
        """Somebody else has the duty for two days, or one more person."""
        officers = [*self.all_of(Role.DESIGNATED_OFFICER), *self.all_of(Role.COVER_OFFICER)]
        one, other = self.draw.sample(officers, 2)
        kind = self.draw.choice(("add", "remove", "replace"))
        with self.council.database.work(self.of(Role.SERVICE_MANAGER)) as act:
            begins, by = act.at + timedelta(hours=self.draw.randint(1, 30)), other.id if kind == "replace" else None
            until = begins + timedelta(hours=self.draw.randint(20, 60))
            rank, authority = self.draw.choice((1, 2)), act.who.authority or 0
            rotas.change_duty(act, NewChange(authority, kind, rank, one.id or 0, begins, until, by))

    def cancel_leave(self) -> None:
        """Somebody comes to work although they had leave."""
        with self.council.database.work(self.of(Role.SERVICE_MANAGER)) as act:
            query = select(Absence.id).where(Absence.until_at > act.at, Absence.cancelled_at.is_(None))
            cover.cancel(act, self.pick(act.session.scalars(query.order_by(Absence.id)).all()))

    def all_are_away(self) -> None:
        """The whole team is away from this evening for some days, and nobody is named to cover."""
        days = self.draw.choice((2, 3, 4))
        for person in [one for role in TEAM for one in self.all_of(role)]:
            with suppress(LadoError), self.council.database.work(self.of(Role.SERVICE_MANAGER)) as act:
                begins = act.at + timedelta(hours=3)
                cover.book_leave(
                    act, NewAbsence(person.id or 0, "training", begins, begins + timedelta(days=days), None)
                )

    def one_leaves(self) -> None:
        """The head of service leaves, and nobody follows."""
        self.shut(LEAVES)

    def another_leaves(self) -> None:
        """An officer leaves."""
        self.shut(GOES)

    def shut(self, key: str) -> None:
        """Shut an account."""
        with self.council.database.work(self.of(Role.ADMINISTRATOR)) as act:
            accounts.disable(act, act.session.get_one(Account, self.council.people.people[key].id))
        self.council.duty.forget()

    def all_of(self, role: Role) -> tuple[Identity, ...]:
        """The people of the first council in a role."""
        return self.council.people.of(self.council.people.councils[0], role)

    def of(self, role: Role) -> Identity:
        """The first of them."""
        return self.all_of(role)[0]

    def a_rung(self) -> tuple[int, Identity]:
        """Something that somebody was told of in these last days, and that person."""
        with self.council.database.reading(self.of(Role.SERVICE_MANAGER)) as act:
            query = select(Escalation.id, Escalation.told_id).where(
                Escalation.told_id.is_not(None),
                Escalation.acknowledged_at.is_(None),
                Escalation.recorded_at > act.at - timedelta(days=7),
            )
            order = Escalation.recorded_at, Escalation.due_at, Escalation.clock_id, Escalation.rung
            row = self.pick(act.session.execute(query.order_by(*order)).all())
        return row.id, self.person(row.told_id)

    def a_case(self, *, is_urgent: bool | None) -> tuple[int, Identity]:
        """An open case, and who is accountable for it."""
        with self.council.database.reading(self.of(Role.SERVICE_MANAGER)) as act:
            return self.pick(self._open(act, is_urgent))

    def _open(self, act: Act, is_urgent: bool | None) -> list[tuple[int, Identity]]:
        query = select(Referral.id, Referral.owner_id).where(Referral.is_open).order_by(Referral.id)
        if is_urgent is not None:
            query = query.where(Referral.is_urgent == is_urgent)
        return [(row.id, self.person(row.owner_id)) for row in act.session.execute(query)]

    def pick(self, found: Sequence[T]) -> T:
        """One of them. Raises NothingThere when there is none."""
        if not found:
            raise NothingThere("there is nothing to choose from")
        return self.draw.choice(found)

    def person(self, account: int) -> Identity:
        """Somebody by their account."""
        return self.council.people.by_id()[account]
