"""What referrers are promised and told on the way: an update with each meeting and review, and a day for the next."""

from datetime import date, timedelta

from lado.clock import london_day
from lado.council.sitting import Sitting
from lado.services import updates

PROMISED_AT = ("threshold", "meet", "review")
"""The beats after which a day for the next update is promised; at all but the first there is an update too."""

HEARS_AT = ("meet", "review", "tell")
"""The beats at which the referrer hears how it goes on."""

EACH = 3
"""Of so many referrals one is promised updates; of those that a partner follows on line, each."""

LATE_EACH = 9
"""Of so many of them one has its updates a day later than was promised."""

FREE_EACH = 3
"""Of so many promises one is for the very day, the others for a day or two after it."""

AFTER_END = 4
"""Days after the end, at most, for which an update is promised that nobody will live to see."""


def follow(s: Sitting) -> None:
    """Promise the next update, where the sitting is one after which that is done."""
    if s.beat.kind not in PROMISED_AT or (s.story.partner is None and s.story.number % EACH):
        return
    is_given = s.beat.kind != PROMISED_AT[0]
    by_on = _by_on(s)
    if by_on is None:
        updates.give(s.act, s.story.referral, "By telephone.")
    else:
        updates.promise(s.act, s.story.referral, by_on, "By telephone." if is_given else "", given=is_given)


def _by_on(s: Sitting) -> date | None:
    """The day to promise: around the next hearing, after the end of the span for a case that rests; None: no more."""
    turn, tomorrow = s.story.number // EACH, s.today + timedelta(days=1)
    following = next((beat for beat in s.story.beats[s.index + 1 :] if beat.kind in HEARS_AT), None)
    if following is not None:
        days = -1 if turn % LATE_EACH == 0 else turn % FREE_EACH
        return max(london_day(following.at) + timedelta(days=days), tomorrow)
    if s.story.rests_at_end is None:
        return None
    return max(london_day(s.end_at) + timedelta(days=turn % AFTER_END), tomorrow)
