"""The officers' side of a case's partners in plain values: who follows it, what they saw, and what waits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from markupsafe import Markup

from lado.domain.codes import OUTCOMES
from lado.domain.partner_outcomes import RELEASED, WITHHELD, Release
from lado.queries.partner_views import Follower, Message, Seen
from lado.queries.partner_waiting import Ending, NeverOpened, WaitingMessage
from lado.web.components import Fact, Tone
from lado.web.templating import day, moment_full
from lado.web.who_has import name_of

LINK = Markup('<a class="govuk-link" href="{}">{}</a>')
EMAILS: Mapping[bool | None, str] = {
    True: "They get one when there is something new",
    False: "None about news: they chose not to get any. Ring them",
    None: "None about news: they have not chosen yet. Ring them",
}
NO_EMAILS = "No e-mails about news: ring them"
NOT_YET = "Not yet"
NOT_READ = "They have not said that they have read it"
TOLD_BY_EMAIL = "An e-mail tells them that there is something to read."
NOT_TOLD = "They get no e-mails about news, so ring them."
OUTSIDE = "Their access has ended. They see nothing of this case now."


@dataclass(frozen=True, slots=True)
class FollowerView:
    """One person who follows the case, or did."""

    account_id: int
    name: str
    agency: str
    is_following: bool
    facts: tuple[Fact, ...]
    href: str
    stage: str
    is_decided: bool


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message as officers read it; `settle_href` where it waits for an answer."""

    by: str
    is_mine: bool
    sent_at: datetime
    words: str
    note: str
    tone: Tone
    settle_href: str


def follower_view(reference: str, one: Follower) -> FollowerView:
    """One person, in the facts that an officer looks for."""
    facts = [
        Fact("Opened this case", moment_full(one.opened_at) if one.opened_at else NOT_YET),
        Fact("Saw it in their list", moment_full(one.listed_at) if one.listed_at else NOT_YET),
        Fact("The outcome", outcome_words(one.release)),
        Fact("E-mails", EMAILS[one.wants_news]),
    ]
    if one.waiting:
        facts.append(Fact("Waits for us", _messages(one.waiting, "of theirs")))
    if one.unopened:
        facts.append(Fact("Not opened by them", _messages(one.unopened, "to them")))
    href = url_for("partners.show", reference=reference, partner_id=one.account_id)
    return FollowerView(
        one.account_id,
        one.name,
        one.agency,
        one.is_following,
        tuple(facts),
        href,
        one.release.stage,
        one.release.is_decided,
    )


def outcome_words(found: Release) -> str:
    """How the outcome stands for one partner."""
    if found.stage == RELEASED and found.since_at is not None:
        read = f"Read by them, {moment_full(found.acknowledged_at)}" if found.acknowledged_at else NOT_READ
        return f"Released to them, {moment_full(found.since_at)}\n{read}"
    if found.stage == WITHHELD and found.since_at is not None:
        return f"Kept from them since {moment_full(found.since_at)}"
    return "Decided, not released to them" if found.is_decided else "None decided yet"


def outcome_facts(found: Release) -> tuple[Fact, ...]:
    """The outcome of each allegation, for the officer who decides whether it is released."""
    outcomes = [(number, OUTCOMES[outcome]) for number, outcome in sorted(found.outcomes.items())]
    label = "Outcome of allegation {}" if len(outcomes) > 1 else "Outcome"
    return tuple(Fact(label.format(number), words) for number, words in outcomes)


def message_views(
    reference: str, found: Iterable[Message], partner: Follower, names: Mapping[int, str]
) -> list[MessageView]:
    """The messages with one partner, each with who wrote it and what became of it."""
    return [_message(reference, one, partner, names) for one in found]


def _message(reference: str, one: Message, partner: Follower, names: Mapping[int, str]) -> MessageView:
    if one.is_from_partner:
        if one.settled_at:
            return MessageView(partner.name, True, one.sent_at, one.words, "Dealt with", "met", "")
        href = url_for("partners.settle", reference=reference, message=one.number)
        return MessageView(partner.name, True, one.sent_at, one.words, "Waits for an answer", "soon", href)
    author = name_of(one.author_id, names)
    if one.settled_at:
        opened = f"Opened {moment_full(one.settled_at)}"
        return MessageView(author, False, one.sent_at, one.words, opened, "quiet", "")
    return MessageView(author, False, one.sent_at, one.words, "Not opened yet", "soon", "")


def seen_rows(seen: Iterable[Seen]) -> list[tuple[str, ...]]:
    """What a partner saw, a row for each sentence: from when to when, where, and word for word."""
    return [
        (
            _when(one),
            "Their list" if one.is_list else "This case",
            one.status,
            " ".join((one.happening, one.to_do, one.by_when)),
            one.answer or "–",
        )
        for one in seen
    ]


def waiting_rows(found: Iterable[WaitingMessage], names: Mapping[int, str]) -> list[tuple[str | Markup, ...]]:
    """A row for each message that waits for an answer, the oldest first."""
    return [
        (
            LINK.format(_href(one.reference, one.account_id), one.reference),
            f"{one.partner}, {one.agency}",
            moment_full(one.sent_at),
            name_of(one.owner_id, names),
        )
        for one in found
    ]


def unopened_rows(found: Iterable[NeverOpened], names: Mapping[int, str]) -> list[tuple[str | Markup, ...]]:
    """A row for each partner who has not opened the answer."""
    return [
        (
            LINK.format(_href(one.reference, one.account_id), one.reference),
            f"{one.partner}, {one.agency}" + ("" if one.is_emailed else f". {NO_EMAILS}"),
            f"The outcome, released {moment_full(one.released_at)}" if one.released_at else "That it has concluded",
            name_of(one.owner_id, names),
        )
        for one in found
    ]


def ending_rows(found: Iterable[Ending], names: Mapping[int, str]) -> list[tuple[str | Markup, ...]]:
    """A row for each access that ends by itself soon, the first to end first."""
    return [
        (
            LINK.format(url_for("access.home", reference=one.reference), one.reference),
            f"{one.partner}, {one.agency}",
            f"To the end of {day(one.ends_at - timedelta(seconds=1))}",
            name_of(one.owner_id, names),
        )
        for one in found
    ]


def _href(reference: str, account_id: int) -> str:
    return url_for("partners.show", reference=reference, partner_id=account_id)


def told_how(one: Follower) -> str:
    """How somebody hears of what was just put on their page, in a sentence for the officer who put it there."""
    return TOLD_BY_EMAIL if one.wants_news else NOT_TOLD


def _messages(count: int, whose: str) -> str:
    return f"One message {whose}" if count == 1 else f"{count} messages {whose}"


def _when(one: Seen) -> str:
    if one.times == 1:
        return moment_full(one.first_at)
    return f"{one.times} times, from {moment_full(one.first_at)} to {moment_full(one.last_at)}"
