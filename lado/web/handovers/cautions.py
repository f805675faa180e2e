"""What not to do on a case, and who is waiting for what: read from its facts and answers, for whoever inherits it."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from lado.domain.partner_outcomes import RELEASED, WITHHELD
from lado.domain.telling import police_at_work
from lado.queries.case_file import CaseFile
from lado.queries.outcome_told import unreleased
from lado.queries.telling import audiences
from lado.web.referrals.clock_words import clock_name, running
from lado.web.referrals.events import holder_words
from lado.web.referrals.presenters import SCHOOLS, TEACHERS
from lado.web.referrals.words import texts
from lado.web.templating import day
from lado.web.who_has import name_of
from workflows.facts import unanswered

ASKS_POLICE = (
    "The police are involved. Do not tell the adult what is alleged, and do not let the employer ask anybody about it, "
    "before the police agree."
)
NOT_RELEASED = "Do not tell the referrer the outcome: it has not been released to them."
WITHHELD_FROM_THEM = "Do not tell the referrer the outcome: it is kept from them."
NOT_TO_ALL = "Do not speak of the outcome with all who follow the case on line: some of them have not been told it."
OFFERED_ELSEWHERE = "It is offered to another authority. Do not close it: it stays open here until they answer."
DATE_WAITS = "Do not rely on every date: a correction waits for a second person."
NOT_KNOWN = "Do not assume that the adult knows: nobody has recorded that they were told."


WHO: Mapping[str, str] = {
    "referrer": "the referrer",
    "employer": "the employer",
    "subject": "the adult",
    "parents": "the parents or carers",
    "child": "the child",
    "regulator": "the regulator",
    "placing_authority": "the placing authority",
}
"""The audiences in the words of a sentence."""

HELD_BACK: Mapping[str, str] = {
    "nothing_yet": "it was agreed that they are told nothing yet",
    "nothing": "it was agreed that they are told nothing",
}
"""What is agreed that holds a telling back, in the words of a sentence."""


def not_to_do(file: CaseFile, at: datetime, *, is_opened: bool) -> tuple[str, ...]:
    """What not to do. `is_opened`: with the reasons that were given, which stand on the page of one case only."""
    return (
        *_police(file),
        *_not_told(file, is_opened=is_opened),
        *_outcome(file, at, is_opened=is_opened),
        *_by_facts(file),
        *_school(file, is_opened=is_opened),
    )


def waiting_for(file: CaseFile) -> tuple[str, ...]:
    """Who is waiting for what: who has the ball, what stands still, and who has still to hear from us."""
    return (*_ball(file), *_standing_still(file), *_to_be_told(file))


def _police(file: CaseFile) -> Iterator[str]:
    if police_at_work(file.case, file.practice):
        yield ASKS_POLICE


def _not_told(file: CaseFile, *, is_opened: bool) -> Iterator[str]:
    for audience in audiences(file):
        telling = audience.telling
        if telling is not None and telling.decision == "not_told":
            said = " ".join(texts(telling.words)).strip().rstrip(".")
            why = f": {said}" if is_opened and said else " for a recorded reason"
            yield f"Do not tell {WHO[audience.key]}. They are not told{why}."
        elif audience.agreement is not None and audience.agreement.extent in HELD_BACK:
            yield f"Do not tell {WHO[audience.key]}: {HELD_BACK[audience.agreement.extent]}."


def _outcome(file: CaseFile, at: datetime, *, is_opened: bool) -> Iterator[str]:
    found = unreleased(file, at)
    if found.referrer != RELEASED:
        yield WITHHELD_FROM_THEM if found.referrer == WITHHELD else NOT_RELEASED
    if found.others:
        names = " or ".join(name_of(person, file.names) for person in found.others)
        yield f"Do not tell {names} the outcome: it has not been released to them." if is_opened else NOT_TO_ALL


def _by_facts(file: CaseFile) -> Iterator[str]:
    case = file.case
    if not case.advice_call and "subject" not in case.told:
        yield NOT_KNOWN
    if case.transfer == "offered":
        yield OFFERED_ELSEWHERE
    if any(correction.state == "asked" for correction in case.corrections.values()):
        yield DATE_WAITS


def _school(file: CaseFile, *, is_opened: bool) -> Iterator[str]:
    if is_opened and file.opened.sector in SCHOOLS and not file.case.advice_call:
        yield TEACHERS


def _ball(file: CaseFile) -> Iterator[str]:
    holder = _holder(file)
    if holder != "lado":
        yield f"We are waiting for {holder_words(holder)}."


def _standing_still(file: CaseFile) -> Iterator[str]:
    for clock in running(file):
        if clock.paused_at is not None:
            name, holder = clock_name(file, clock), holder_words(clock.holder)
            yield f"“{name}” stands still since {day(clock.paused_at)}: the ball is with {holder}."


def _to_be_told(file: CaseFile) -> Iterator[str]:
    waiting = [WHO[one] for one in unanswered(file.case)]
    if file.case.threshold == "met" and waiting:
        yield f"Still to hear from us: {', '.join(waiting)}."


def _holder(file: CaseFile) -> str:
    return file.practice.flow.state_by_key[file.case.state].holder
