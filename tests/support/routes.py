"""Every address and method of the app, with an example of each: a new page fails until its example is here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from lado.adapters.bank_holidays import england
from lado.cli.permissions import pages_of
from lado.clock import FixedClock
from lado.domain.letters import Kind, Text
from lado.domain.partner_words import Words
from lado.domain.self_check import Check
from lado.jobs import changes, escalation
from lado.models import Account, Conflict, Escalation, HolidayReview, Notice, PartnerMessage, Referral, UnusualLook
from lado.queries import letter_wordings, lost_factors
from lado.queries.portal_words import Place
from lado.security.identity import SYSTEM, Identity, Role
from lado.security.matrix import Page
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import (
    accounts,
    attachments,
    conflicts,
    corrections,
    cover,
    factors,
    installation,
    letter_words,
    letters,
    nights,
    notices,
    on_call,
    online_drafts,
    recovery,
    roles,
    rotas,
    swaps,
    unusual,
)
from lado.services.conflicts import NewConflict
from lado.services.corrections import NewCorrection
from lado.services.cover import NewAbsence
from lado.services.nights import NewContact
from lado.services.on_call import NewShift
from lado.services.partner_messages import write
from lado.services.partner_words import NewWording, propose
from lado.services.rotas import NewChange
from lado.services.swaps import NewSwap
from tests.support.builders import Caseload
from tests.support.files import PDF
from tests.support.partners import settle_partners
from tests.support.people import People, seed_of
from workflows.calendar import Calendar
from workflows.registry import CURRENT

Value = str | int

PUBLIC = frozenset(
    {
        "directory.back",
        "directory.begin",
        "directory.sign_out_there",
        "directory.signed_out",
        "feeds.read",
        "health.live",
        "health.ready",
        "invited.accept",
        "policy_reports.report",
        "refer.begin",
        "refer.sent",
        "refer.start",
        "recovering.asked",
        "recovering.forgotten",
        "recovering.new_password",
        "second_step.code",
        "second_step.passkey",
        "sessions.sign_in",
        "set_up.begin",
        "set_up.factor",
        "static",
    }
)
"""The whole list of what is answered to somebody who has not signed in."""

NOTHING_THERE = frozenset(
    {
        "directory.back",
        "directory.begin",
        "directory.sign_out_there",
        "directory.signed_out",
        "feeds.read",
        "invited.accept",
        "kept.show",
        "kept.throw_away",
        "mail.show",
        "recovering.new_password",
        "restrictions.answer",
        "set_up.begin",
        "set_up.factor",
    }
)
"""Pages whose example is of nothing: no mail is caught in a test, and nobody was given such a secret address, of a
calendar or of an invitation, no council has a directory, and nobody asks to be let into a restricted case. Whoever
may look is told that it is not there."""

SIGNED_OUT = "nobody"


@dataclass(frozen=True)
class World:
    """Cases to ask about: one that Pat follows and holds an action on, one that Pol does, one of another council."""

    pats: Referral
    pols: Referral
    nobodys: Referral
    southmeres: Referral
    absence_id: int
    duty_change_id: int
    swap_id: int
    escalation_id: int
    contact_id: int
    shift_id: int
    notice_id: int
    late_day: "LateDay"
    conflict_id: int
    declared_for_id: int
    wording_id: int
    letter_wording_id: int
    partner_id: int
    message: int
    finding_id: int
    partners: Mapping[str, int]

    @property
    def values(self) -> Mapping[str, Value]:
        """An example of each thing that an address may name, all about the first case."""
        return {
            "reference": self.pats.reference,
            "clock": "conclusion",
            "adjustment": "extend",
            "occurrence": 1,
            "number": 1,
            "entry": 1,
            "name": "received_at",
            "absence_id": self.absence_id,
            "duty_change_id": self.duty_change_id,
            "swap_id": self.swap_id,
            "account_id": self.declared_for_id,
            "conflict_id": self.conflict_id,
            "rule": "evaluation_decision",
            "ladder": "after_meeting",
            "published_id": 1,
            "procedure": "allegation_v2",
            "state": "received",
            "partner_id": self.partner_id,
            "message": self.message,
            "wording_id": self.wording_id,
            "letter_wording_id": self.letter_wording_id,
            "audience": "parents",
            "occasion": "outcome",
            "change_id": self.late_day.change_id,
            "review_id": self.late_day.review_id,
            "escalation_id": self.escalation_id,
            "glass_id": 999_999,
            "contact_id": self.contact_id,
            "shift_id": self.shift_id,
            "council": "northbrook",
            "notice_id": self.notice_id,
            "finding_id": self.finding_id,
            "stamp": 1,
            "kept_id": 1,
            "form": "referral",
            "move": "add_note",
            "part": "you",
            "secret": "nobody-was-given-this-one",
            "filename": "app.css",
            **self.partners,
        }


@dataclass(frozen=True)
class LateDay:
    """A bank holiday that was announced after the day: the change of the calendar, and a clock to be looked at."""

    change_id: int
    review_id: int


@dataclass(frozen=True)
class Visit:
    """One address and method to try, and what the page declares."""

    page: Page
    endpoint: str
    path: str

    @property
    def name(self) -> str:
        """The method and the rule, for a failing test to say."""
        return f"{self.page.method} {self.page.path}"


def settle_world(caseload: Caseload, people: People, clock: FixedClock) -> World:
    """Make the cases, each where an application leads them."""
    pats = caseload.referral(("meet_threshold", "hold_meeting"), partner=people.pat.id)
    pols = caseload.referral(partner=people.pol.id)
    _files(caseload, people, pats)
    _letter(caseload, people, pats)
    for referral, holder in ((pats, people.pat), (pols, people.pol)):
        due_on = (clock.now() + timedelta(days=7)).date()
        answers = {"due_on": due_on, "holder": "partner", "user": holder.id}
        caseload.make(referral, "set_action", answers, {"action": "Send the training record."})
    next_week = clock.now() + timedelta(days=7)
    leave = NewAbsence(people.carl.id, "leave", next_week, next_week + timedelta(days=5), people.dana.id)
    with caseload.database.work(people.olive) as act:
        absence_id = cover.book_leave(act, leave).absence.id
    ask_to_correct(caseload, clock.now(), pats)
    nobodys, southmeres = caseload.referral(), caseload.referral(who=people.sam)
    escalation_id = _lapse(caseload, clock, nobodys)
    duty_change_id, swap_id = _duty(caseload, people, clock)
    return World(
        pats=pats,
        pols=pols,
        nobodys=nobodys,
        southmeres=southmeres,
        absence_id=absence_id,
        duty_change_id=duty_change_id,
        swap_id=swap_id,
        escalation_id=escalation_id,
        contact_id=a_night(caseload, people, clock),
        shift_id=put_on_call(caseload, people, clock),
        notice_id=_fail(caseload, people, nobodys),
        late_day=_announce_late(caseload, clock, pols),
        conflict_id=_declare(caseload, people.carl),
        declared_for_id=people.carl.id or 0,
        wording_id=_propose(caseload, people),
        letter_wording_id=_word_a_letter(caseload, people),
        partner_id=people.pat.id or 0,
        message=message_about(caseload, people, pats),
        finding_id=_brake(caseload, people),
        partners=settle_partners(caseload, people, pats) | _people(caseload, people),
    )


def _brake(caseload: Caseload, people: People) -> int:
    """Have the brake stop Carl, which his manager is to ask about."""
    with caseload.database.work(people.carl) as act:
        unusual.tell_of_bulk(act)
        return act.session.scalars(select(UnusualLook.id)).one()


def _files(caseload: Caseload, people: People, referral: Referral) -> None:
    """Let a file come with the case, and another with what Pat is writing."""
    checked = attachments.check("Note.pdf", PDF, None)
    with caseload.database.work(people.olive) as act:
        attachments.put_to_case(act, referral.id, [checked])
    with caseload.database.work(people.pat) as act:
        online_drafts.begin(act, Check("no", "yes", ("1",), "yes"))
        online_drafts.add_file(act, checked)


def _letter(caseload: Caseload, people: People, referral: Referral) -> None:
    """Let Olive make a letter to the parents."""
    new = letters.NewLetter(Kind("parents", "outcome"), "Alex Adult", Text("What was concluded", "It is concluded."))
    with caseload.database.work(people.olive) as act:
        letters.make(act, referral.id, new)


def _duty(caseload: Caseload, people: People, clock: FixedClock) -> tuple[int, int]:
    """Give Carl a duty next week, and let him ask for a swap. The numbers of the change and of the swap."""
    span = clock.now() + timedelta(days=6), clock.now() + timedelta(days=7)
    carl = people.carl.id or 0
    with caseload.database.work(people.carl) as act:
        new = NewChange(people.carl.authority or 0, "add", 1, carl, *span)
        return rotas.change_duty(act, new).id, swaps.ask(act, NewSwap(carl, 1, *span)).id


def _declare(caseload: Caseload, who: Identity) -> int:
    """Let somebody declare a link to a person whom no case is about. The number of the declaration."""
    with caseload.database.work(who) as act:
        conflicts.declare(act, NewConflict(who.id or 0, "person", "Nobody Inparticular"))
        mine = select(Conflict.id).where(Conflict.account_id == who.id).order_by(Conflict.id.desc())
        return act.session.scalars(mine.limit(1)).one()


def message_about(caseload: Caseload, people: People, referral: Referral) -> int:
    """Let Pat write to the officers. The number of the entry on the case."""
    with caseload.database.work(people.pat) as act:
        write(act, referral.reference, "May we tell the parents?")
        return act.session.scalars(select(PartnerMessage.number).where(PartnerMessage.referral_id == referral.id)).one()


def _propose(caseload: Caseload, people: People) -> int:
    """Let Olive propose other sentences for partners. The number of the proposal."""
    place = Place(people.olive.authority or 0, "allegation", 2, "deciding")
    words = Words("An officer is deciding.", "You do not need to do anything now.", "You hear from us tomorrow.")
    with caseload.database.work(people.olive) as act:
        return propose(act, NewWording(place, words, "Shorter."))


def _word_a_letter(caseload: Caseload, people: People) -> int:
    """Let Olive propose other wording for a letter. The number of the proposal."""
    kind, text = Kind("parents", "outcome"), Text("What we concluded", "It is {outcome}.")
    place = letter_wordings.Place(people.olive.authority or 0, kind)
    with caseload.database.work(people.olive) as act:
        return letter_words.propose(act, letter_words.NewWording(place, text, "Shorter."))


def _fail(caseload: Caseload, people: People, referral: Referral) -> int:
    """Let a message about the case fail, and say its number."""
    with caseload.database.work(SYSTEM) as act:
        notices.queue(act, people.olive.id or 0, referral, "A message", "Words.", key="failed", failure="refused")
        return act.session.scalars(select(Notice.id).where(Notice.message_id == "failed")).one()


def a_night(caseload: Caseload, people: People, clock: FixedClock, **changes: Any) -> int:
    """Let Edie record a contact out of hours, by default a new matter at Northbrook. The number of it."""
    plain = NewContact(
        authority=people.olive.authority or 0,
        happened_at=clock.now(),
        reference="",
        caller="PC Example",
        phone="01632 960 200",
        about="A carer was arrested at home.",
        done="The child stays with her aunt tonight.",
        asks="Ring the police station.",
        in_danger="no",
    )
    with caseload.database.work(people.edie) as act:
        return nights.record(act, replace(plain, **changes)).id


def _people(caseload: Caseload, people: People) -> dict[str, int]:
    """Let an administrator ask that Bea be an auditor, say that Lena lost her second step, and leave."""
    bea, council = people.bea.id or 0, people.ada.authority or 0
    amos = accounts.NewAccount("amos@example.test", "Amos Admin", Role.ADMINISTRATOR, council)
    lena = accounts.NewAccount("lena@example.test", "Lena Lost", Role.BUSINESS_SUPPORT, council)
    with caseload.database.work(SYSTEM) as act:
        left, locked_out = (accounts.add(act, one, token_urlsafe(16)) for one in (amos, lena))
        accounts.disable(act, left)
        factors.keep_codes(act, locked_out, seed_of("lena"))
    with caseload.database.work(Identity(left.id, Role.ADMINISTRATOR, council)) as act:
        asked = roles.ask_for(act, bea, roles.Wanted(Role.AUDITOR, "She goes through the records this spring."))
        recovery.lost(act, act.session.get_one(Account, locked_out.id))
        (lost,) = lost_factors.waiting(act, people.ada.authority)
    return {"person_id": bea, "role_request_id": asked, "account_link_id": lost.id}


def put_on_call(caseload: Caseload, people: People, clock: FixedClock) -> int:
    """Let Hal be on call for a day."""
    shift = NewShift(people.hal.id or 0, "01632 960 009", clock.now(), clock.now() + timedelta(days=1))
    with caseload.database.work(people.mina) as act:
        return on_call.put(act, shift).id


def _announce_late(caseload: Caseload, clock: FixedClock, referral: Referral) -> LateDay:
    """Let yesterday turn out to have been a bank holiday: clocks that lapsed over it wait for a manager."""
    known, yesterday = england(), (clock.now() - timedelta(days=1)).date()
    days = {**known.holidays, yesterday: "Announced late"}
    with caseload.database.work(SYSTEM) as act:
        installation.keep_holidays(act, Calendar.of(known.name, days, known.known_from, known.known_to))
    changes.tick(caseload.database)
    with caseload.database.reading(SYSTEM) as act:
        query = select(HolidayReview).where(HolidayReview.referral_id == referral.id).order_by(HolidayReview.id)
        found = act.session.scalars(query.limit(1)).one()
        return LateDay(found.change_id, found.id)


def ask_to_correct(caseload: Caseload, came_at: datetime, referral: Referral) -> None:
    """Let a correction of the received date wait for a second person."""
    wanted = NewCorrection(1, "received_at", came_at - timedelta(minutes=20), "The note of the call says so.")
    with caseload.database.work(caseload.officer) as act:
        corrections.ask(act, referral.id, wanted)


def _lapse(caseload: Caseload, clock: FixedClock, referral: Referral) -> int:
    """Let the case go past its first due moment, and tell whoever is there. The number of the first telling."""
    clock.advance(days=2)
    escalation.run_pass(caseload.database)
    with caseload.database.reading(caseload.officer) as act:
        told = select(Escalation.id).where(Escalation.referral_id == referral.id).order_by(Escalation.id).limit(1)
        return act.session.scalars(told).one()


def visits(app: Flask, world: World) -> Iterator[Visit]:
    """Every address and method with its example; signing out comes last, so that a walk through all can end."""
    rules: dict[tuple[str, str], Rule] = {
        (rule.rule, method): rule for rule in app.url_map.iter_rules() for method in rule.methods or ()
    }
    address = app.url_map.bind("localhost")
    for page in sorted(pages_of(app), key=lambda page: (page.path == "/sign-out", page.path, page.method)):
        rule = rules[page.path, page.method]
        unknown = set(rule.arguments) - set(world.values)
        assert not unknown, f"give an example of {unknown} of {page.path} in tests/support/routes.py"
        path = address.build(rule.endpoint, {name: world.values[name] for name in rule.arguments}, method=page.method)
        yield Visit(page, rule.endpoint, path)


@dataclass(frozen=True)
class Thing:
    """What the policy is asked about for an example: the first case, Pat's action on it, Pat's grant."""

    authority_id: int
    owner_id: int | None
    holder_id: int | None
    follower_id: int | None
    declared_for_id: int | None = None
    account_id: int | None = None


def may(who: Identity | None, visit: Visit, world: World) -> bool:
    """Whether the policy lets this person have this example: asked of the table, with what the page declares."""
    page = visit.page
    if page.needs is None:
        return True
    if who is None:
        return False
    whose = who.id if who.name == "Pat Partner" else None
    example = Thing(
        world.pats.authority_id, world.pats.owner_id, whose, whose, world.declared_for_id, world.declared_for_id
    )
    thing = example if page.finds else None
    return can(who, page.needs, thing) and all(can(who, needed, thing) for needed in ALSO_NEEDS.get(visit.endpoint, ()))


ALSO_NEEDS: Mapping[str, tuple[Permission, ...]] = {
    # The page of a move needs what the move itself needs, besides being able to read the case.
    "moves.make": (Permission(CURRENT.move_by_key["add_note"].needs),),
}
