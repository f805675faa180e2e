"""What is done at each beat: the moves that a person makes in one sitting, through the real services."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from lado.clock import london_day
from lado.council import audiences, endings, twists, updates
from lado.council.sitting import Sitting
from lado.domain.codes import DELAY_REASONS
from lado.services import moves, partners
from workflows.london import instant_on

TEN = time(10)
SATURDAY = 5
NOTES = ("Rang the employer: nothing new.", "Spoke to social care.", "An e-mail came and is filed.")

TASKS = {
    "officer": ("Ring the employer about the plan.", "Ask social care for the result of their check."),
    "partner": ("Send the report of your enquiry.", "Send the training record and the incident log."),
}


def hold(sitting: Sitting) -> None:
    """Do what the beat says: all moves of the sitting together."""
    DO[sitting.beat.kind](sitting)
    if sitting.steps:
        moves.make_all(sitting.act, sitting.story.referral, sitting.steps)
    updates.follow(sitting)


def _ask(s: Sitting) -> None:
    arrives = s.story.beat("arrived", s.index)
    due_on = london_day(arrives.at) if arrives else s.today + timedelta(days=s.beat.more.get("due_in", 3))
    due_on = max(due_on, s.today + timedelta(days=1))
    s.make(
        "ask_information",
        {"information_on": due_on},
        missing_information="The dates, and who else was in the room.",
        information_from=s.story.scene.setting,
    )


def _threshold(s: Sitting) -> None:
    s.note("history_searched")
    limbs = tuple(sorted(s.draw.sample((1, 2, 3, 4), s.draw.choice((1, 1, 1, 2)))))
    answers: dict[str, Any] = {"limbs": limbs}
    if s.beat.more.get("police"):
        answers["police_informed"] = True
    s.make("meet_threshold", answers, rationale="What is said, if true, meets the threshold under the limbs named.")
    s.note("police_consulted", "social_care_consulted")


def _evaluate(s: Sitting) -> None:
    s.make("change_strand", {"strand": "employer", "status": "open"})
    s.note("subject_informed", "family_informed", "suspension_considered")
    audiences.agree_first(s)


def _event(name: str) -> Callable[[Sitting], None]:
    def record(s: Sitting) -> None:
        s.make("record_event", {"event": name, "happened_at": s.act.at, f"{name}_at": s.act.at})

    return record


def _arrange(s: Sitting) -> None:
    held = s.story.beat("meet", s.index)
    moved = s.story.beat("arrange", s.index)
    if "planned_in" in s.beat.more:
        planned_at = _at_ten(s, s.beat.more["planned_in"])
    elif moved is not None and held is not None and moved.at < held.at:
        planned_at = moved.at + timedelta(hours=3)
    else:
        planned_at = held.at if held else _at_ten(s, 2)
    s.make("arrange_meeting", {"planned_at": max(planned_at, s.act.at + timedelta(minutes=5))}, note="By video call.")


def _at_ten(s: Sitting, days: int) -> datetime:
    """Ten in the morning some days on, on a weekday."""
    day = s.today + timedelta(days=days)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return instant_on(day, TEN)


def _oversee(s: Sitting) -> None:
    s.make("oversee", {"review_on": s.review_on()}, plan="The employer looks into it and reports within two weeks.")
    s.note("plan_sent")
    _set_action(s, "officer")


def _meet(s: Sitting) -> None:
    s.make(
        "hold_meeting",
        {"held_at": s.act.at, "review_on": s.review_on()},
        attendance="The employer, the police, children’s social care.",
        decisions="The employer waits for the police; support for the adult and the child is agreed.",
    )
    s.note("attendance_recorded", "rereferral_criteria")
    for number in range(s.beat.more.get("actions", 0)):
        _set_action(s, "partner" if number == 0 and s.story.partner else "officer")
    _go_on(s)


def _go_on(s: Sitting) -> None:
    then = s.beat.more.get("then")
    if then == "investigate":
        s.make("investigate", note="The employer looks into it.")
    elif then == "pause":
        s.make(
            "pause_for_police",
            {"review_on": s.review_on()},
            police_lead="The detective on the case",
            note="Support goes on.",
        )


def _set_action(s: Sitting, holder: str, due_on: date | None = None) -> None:
    story = s.story
    is_partner = holder == "partner" and story.partner is not None
    user = s.cast.people[story.partner].id if is_partner and story.partner else story.owner_id
    due_on = due_on or s.today + timedelta(days=s.draw.choice((5, 7, 10, 14)))
    task = s.draw.choice(TASKS["partner" if is_partner else "officer"])
    s.make(
        "set_action", {"holder": "partner" if is_partner else "officer", "user": user, "due_on": due_on}, action=task
    )
    story.tasks.append(is_partner)


def _action(s: Sitting) -> None:
    on = max(london_day(s.end_at) + timedelta(days=s.beat.more["due_on_end"]), s.today)
    _set_action(s, s.beat.more["holder"], on)


def _done(s: Sitting) -> None:
    """The next open action is done, by the partner who holds it or by an officer."""
    story, number = s.story, s.story.done + 1
    if number > len(story.tasks):
        return
    story.done = number
    if story.tasks[number - 1] and s.act.who.agency is not None:
        partners.complete(s.act, story.reference, sum(story.tasks[:number]), "Sent today, with the attachments.")
    else:
        s.make("complete_action", {"number": number}, note="Done.")


def _done_all(s: Sitting) -> None:
    while s.story.done < len(s.story.tasks):
        _done(s)


def _review(s: Sitting) -> None:
    _done_all(s)
    s.make(
        "hold_review",
        {"held_at": s.act.at, "review_on": s.review_on()},
        progress_employer="Two witnesses have been heard.",
        progress_police="Still looking at it." if s.story.is_police else "",
    )
    for _ in range(s.beat.more.get("actions", 0)):
        _set_action(s, "partner" if s.story.partner and s.draw.random() < 0.5 else "officer")
    _go_on(s)


def _police_end(s: Sitting) -> None:
    s.make("change_strand", {"strand": "police", "status": "ended", "police_ended_at": s.act.at}, note="No charge.")
    if s.beat.more["resume"]:
        s.make("resume", note="The employer can go on.")


def _explain(s: Sitting) -> None:
    reason = "police" if s.story.is_police else s.draw.choice(tuple(DELAY_REASONS))
    s.make("explain_delay", {"delay_reason": reason}, note="Asked again today.")


def _note(s: Sitting) -> None:
    s.make("add_note", note=s.draw.choice(NOTES))


DO: Mapping[str, Callable[[Sitting], None]] = {
    "ask": _ask,
    "arrived": lambda s: s.make("information_arrived", note="It came by e-mail."),
    "threshold": _threshold,
    "evaluate": _evaluate,
    "suspended": _event("suspended"),
    "confirmed": _event("suspension_confirmed"),
    "ofsted": _event("ofsted_informed"),
    "arrange": _arrange,
    "oversee": _oversee,
    "meet": _meet,
    "minutes": lambda s: s.make("send_minutes", note="To everybody who was there."),
    "action": _action,
    "done": _done,
    "done_all": _done_all,
    "review": _review,
    "police_end": _police_end,
    "propose": endings.propose,
    "decide": endings.decide,
    "tell": endings.tell,
    "follow_up": lambda s: s.make("follow_up"),
    "close": endings.close,
    "reopen": endings.reopen,
    "investigate_again": endings.investigate_again,
    "explain": _explain,
    "returned": endings.ending("return_to_employer"),
    "no_further_action": endings.ending("no_further_action"),
    "advice": endings.ending("advise"),
    "offer": endings.offer,
    "accepted": endings.accepted,
    "merge": endings.merge,
    "note": _note,
    "ask_correction": twists.ask_correction,
    "agree": twists.agree,
    "extend": twists.extend,
    "stand_still": twists.stand_still,
}
"""What is done at each kind of beat. The call itself and the logging stand in `calls`."""
