"""Everything that is meant to happen in a span, drawn before it begins: each contact's story, laid out in time."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from lado.clock import london_day
from lado.council import lives, twists
from lado.council.beats import Beat, Story, lay_out
from lado.council.calls import evening_before
from lado.council.cast import CAST
from lado.council.invented import a_scene
from lado.council.office_time import HOUR, OfficeTime
from lado.council.profiles.profile import Open, Profile
from lado.council.situations import SITUATIONS
from lado.domain.codes import OUTCOMES
from workflows.spans import months_after

TWO_CHILDREN = 0.12
POLICE = 0.22
FIRST_REASON = 3
"""Months after which a reason for the delay is asked for, once a month."""


def stories(draw: Random, profile: Profile, first_on: date, last_on: date, office: OfficeTime) -> list[Story]:
    """The stories of a span, in the order in which they were drawn, their beats with their instants."""
    endings = [ending for ending, count in profile.scaled(first_on, last_on).items() for _ in range(count)]
    again = set(_some(draw, endings, profile.over(profile.again, first_on, last_on)))
    opens = iter(profile.opens * (1 + endings.count("open") // len(profile.opens)))
    found: list[Story] = []
    for number, ending in enumerate(endings):
        kind = next(opens) if ending == "open" else None
        found.append(_story(draw, number, ending, profile, kind, again=number in again))
    for number in range(profile.over(profile.advice_calls, first_on, last_on)):
        found.append(_story(draw, len(endings) + number, "advice", profile, None, again=False))
    for story in found:
        _place(draw, story, office, first_on)
        if story.twist:
            twists.turn(story, story.twist, office)
    _merge_targets(draw, found)
    twists.leave_messages(found, profile.messages, next(iter(profile.councils)), office)
    return found


def _some(draw: Random, endings: list[str], count: int) -> list[int]:
    concluded = [number for number, ending in enumerate(endings) if ending in OUTCOMES]
    return draw.sample(concluded, min(count, len(concluded)))


def _story(draw: Random, number: int, ending: str, profile: Profile, kind: Open | None, *, again: bool) -> Story:
    council = draw.choices(tuple(profile.councils), tuple(profile.councils.values()))[0]
    if kind is not None and (kind.owner or kind.partner):
        council = next(member.council for member in CAST if member.key in (kind.owner, kind.partner))
    partner = kind.partner if kind else _partner(draw, council)
    is_pair = ending in OUTCOMES and draw.random() < TWO_CHILDREN
    setting = next((member.setting for member in CAST if member.key == partner), None)
    scene = a_scene(draw, 2 if is_pair else draw.choice((0, 1, 1)), setting)
    if partner is not None and setting is None:
        scene = replace(scene, source="police")
    story = Story(number, council, ending, scene, [], partner=partner, owner=kind.owner if kind else None)
    story.twist = kind.twist if kind else None
    if ending in OUTCOMES:
        story.outcomes = (ending, _lighter(draw, ending)) if is_pair else (ending,)
    _give_life(draw, story, kind, again=again)
    return story


def _give_life(draw: Random, story: Story, kind: Open | None, *, again: bool) -> None:
    story.is_police = draw.random() < POLICE
    if kind is not None:
        rest = SITUATIONS[kind.situation](draw)
        story.beats, story.rests_at_end, story.is_police = rest.beats, rest.minutes, rest.is_police
        story.counts_from_opening = rest.since_opening
        if story.scene.sector == "early_years" and (evaluated := story.beat("evaluate")):
            story.beats.insert(story.beats.index(evaluated) + 1, Beat("ofsted", HOUR))
        if story.beat("propose") or story.beat("decide"):
            story.outcomes = (draw.choice(("substantiated", "unsubstantiated", "unfounded")),)
    elif story.ending in OUTCOMES:
        story.beats = lives.concluded(draw, story.scene.sector, is_police=story.is_police, again=again)
    else:
        plain = {"advice": lives.advice, "transferred": lives.transferred, "merged": lives.merged}
        build = plain.get(story.ending)
        story.beats = build(draw) if build else lives.below(draw, story.ending)


def _partner(draw: Random, council: str) -> str | None:
    """Every seventh case or so comes from somebody who can follow it."""
    partners = [member.key for member in CAST if member.council == council and member.agency]
    return draw.choice(partners) if partners and draw.random() < 0.15 else None


def _lighter(draw: Random, outcome: str) -> str:
    """An outcome that does not outweigh the case's own."""
    order = tuple(OUTCOMES)
    place = order.index(outcome)
    return draw.choice(order[place : 3 if place < 3 else place + 1])


def _place(draw: Random, story: Story, office: OfficeTime, first_on: date) -> None:
    if story.rests_at_end is not None and story.counts_from_opening:
        story.rests_at_end += office.today()
    lay_out(story, office, draw.random())
    for beat in story.beats:
        if beat.more.get("evening") and (evening := evening_before(beat, first_on, draw)):
            beat.at, beat.more["in_the_evening"] = evening, True
    story.beats = sorted([*story.beats, *_reasons(story, office)], key=lambda beat: beat.at)


def _reasons(story: Story, office: OfficeTime) -> Iterator[Beat]:
    """A reason for the delay each month from the fourth on, until the outcome or another ending."""
    last = story.beat("decide") or story.beats[-1]
    until_at = last.at if last.kind == "decide" or story.rests_at_end is None else office.end_at
    begun_on = london_day(story.beats[0].at)
    month = FIRST_REASON + 1
    while (day := months_after(begun_on, month) - timedelta(days=2)) < london_day(until_at):
        at = office.at(office.minute(_noon(day, story.beats[0].at)))
        if at < until_at and (met := story.beat("threshold")) and met.at < at:
            yield Beat("explain", at=at)
        month += 1


def _noon(day: date, like: datetime) -> datetime:
    return like.replace(year=day.year, month=day.month, day=day.day, hour=12)


def _merge_targets(draw: Random, found: Iterable[Story]) -> None:
    """The duplicate is about the same event as a case that was logged a little before."""
    logged = [story for story in found if story.ending in OUTCOMES]
    for story in found:
        earlier = [
            other for other in logged if other.council == story.council and other.beats[0].at < story.beats[0].at
        ]
        if story.ending == "merged" and earlier:
            story.merges_into = max(earlier, key=lambda other: other.beats[0].at)
            scene = story.merges_into.scene
            story.scene = replace(
                scene, source="parent", referrer={**scene.referrer, "name": "A parent, no name given"}
            )
