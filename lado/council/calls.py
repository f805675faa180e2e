"""The first call: what is written down when a referral or a request for advice is logged."""

from datetime import date, datetime, time, timedelta
from random import Random

from lado.act import Act
from lado.clock import london_day
from lado.council.beats import Beat, Story
from lado.council.cast import Cast
from lado.security.identity import Identity
from lado.services import referrals
from lado.services.referrals import NewReferral
from workflows.london import instant_on

LATE_REASONS = (
    "Taken by telephone between two meetings and typed up afterwards.",
    "The e-mail lay in the shared mailbox over lunch.",
    "Noted on paper at a school visit.",
)
ANSWERING_MACHINE = "Left on the answering machine at the weekend; heard on Monday morning."
HOW = (("call", "call_note"), ("call", "call_note"), ("email", "email"), ("form", "form"))
KNOWS_FIRST = frozenset({"employer", "education", "early_years", "voluntary", "faith", "health"})
"""Sources that belong to the employer, who therefore knew before."""


def log(act: Act, story: Story, owner: Identity, cast: Cast, draw: Random) -> None:
    """Log the contact of this story with its accountable officer, and keep what it is called from now on."""
    new = said(act.at, story, owner, cast, draw)
    referral = referrals.log(act, new)
    story.referral, story.reference, story.owner_id = referral.id, referral.reference, referral.owner_id or 0


def said(at: datetime, story: Story, owner: Identity, cast: Cast, draw: Random) -> NewReferral:
    """What the caller says, as it is typed in."""
    scene, call = story.scene, story.beat("call")
    received_at = call.at if call else at - timedelta(minutes=draw.randint(0, 12))
    came_at = received_at - timedelta(days=story.typed_late)
    first, last, precision = _incident(draw, london_day(came_at))
    aware_at = _aware(draw, came_at) if scene.source in KNOWS_FIRST else None
    channel, evidence = ("police_notice", "email") if scene.source == "police" else draw.choice(HOW)
    late_reason = draw.choice(LATE_REASONS) if call else ""
    if call and call.more.get("machine"):
        channel, evidence, late_reason = "call", "call_note", ANSWERING_MACHINE
    is_advice = story.ending == "advice"
    children = () if is_advice else scene.children
    numbers = tuple(range(3, 3 + len(children)))
    more = [
        {"category": scene.category, "summary": "The same again with another child.", "children": numbers[1:]}
        for _ in story.outcomes[1:]
    ]
    return NewReferral(
        received_at=received_at,
        channel=channel,
        evidence=evidence,
        source=scene.source,
        category=scene.category,
        summary="Asks what to do about conduct that may be below the threshold." if is_advice else scene.summary,
        subject={} if is_advice else scene.subject,
        setting=scene.setting,
        referrer=scene.referrer,
        sector=scene.sector,
        incident_from_on=first,
        incident_to_on=last,
        incident_precision=precision,
        employer_aware_at=aware_at,
        employer_aware_precision="exact" if aware_at else "unknown",
        late_reason=late_reason,
        children_safe=draw.choice(("yes", "yes", "yes", "not_known")),
        children=children,
        is_advice_call=is_advice,
        owner=owner.id,
        partner=cast.people[story.partner].id if story.partner else None,
        more_allegations=tuple(more),
    )


def evening_before(beat: Beat, first_on: date, draw: Random) -> datetime | None:
    """The evening before a beat's day, when the emergency duty team takes the call; None before the first day."""
    day = london_day(beat.at) - timedelta(days=1)
    if day < first_on:
        return None
    return instant_on(day, time(draw.randint(18, 22), draw.randint(0, 59)))


def _incident(draw: Random, received_on: date) -> tuple[date | None, date | None, str]:
    """When it happened: mostly days ago, sometimes years, sometimes not known."""
    chance = draw.random()
    if chance < 0.1:
        return None, None, "unknown"
    if chance < 0.2:
        first = received_on - timedelta(days=draw.randint(3 * 365, 15 * 365))
        return first, first + timedelta(days=draw.randint(30, 300)), "range"
    first = received_on - timedelta(days=draw.randint(0, 21))
    return first, None, "approximate" if chance < 0.35 else "exact"


def _aware(draw: Random, received_at: datetime) -> datetime:
    """When the employer learned of it: as a rule within a working day before, and not always."""
    hours = draw.uniform(30, 120) if draw.random() < 0.2 else draw.uniform(0.3, 20)
    return received_at - timedelta(minutes=int(hours * 60))
