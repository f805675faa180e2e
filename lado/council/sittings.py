"""What is done at each beat: the moves that a person makes in one sitting, through the real services."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from lado.act import Act
from lado.clock import london_day
from lado.council.beats import Beat, Story
from lado.council.cast import COUNCILS, Cast
from lado.domain.codes import DELAY_REASONS
from lado.services import moves, partners
from lado.services.moves import Step
from workflows.facts import AUDIENCES, ONWARD_BODIES
from workflows.london import instant_on

TEN = time(10)
SATURDAY = 5

TASKS = {
    "officer": ("Ring the employer about the plan.", "Ask social care for the result of their check."),
    "partner": ("Send the report of your enquiry.", "Send the training record and the incident log."),
}


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person on one case at one instant, with what was meant to happen."""

    act: Act
    story: Story
    index: int
    draw: Random
    cast: Cast
    end_at: datetime
    steps: list[Step] = field(default_factory=list)

    @property
    def beat(self) -> Beat:
        """The beat that this sitting is for."""
        return self.story.beats[self.index]

    @property
    def today(self) -> date:
        """The day in London."""
        return self.act.today

    def make(self, move: str, answers: Mapping[str, Any] | None = None, /, **words: Any) -> None:
        """Add a move to those of this sitting."""
        self.steps.append(Step(move, answers or {}, words))

    def note(self, *facts: str) -> None:
        """Record facts that a state wants."""
        for fact in facts:
            self.make("record_fact", {"fact": fact}, note="Done, see the note of the call.")

    def review_on(self) -> date:
        """The day for which the next review is promised: around it as a rule, some days too early where it is late."""
        following = self.story.beat("review", self.index)
        more = self.beat.more
        if "due_on_end" in more:
            found = london_day(self.end_at) + timedelta(days=more["due_on_end"])
        elif "review_in" in more:
            found = self.today + timedelta(days=more["review_in"])
        elif following is None:
            found = self.today + timedelta(days=self.draw.choice((14, 21, 28)))
        else:
            late = following.more.get("late", 0)
            found = london_day(following.at) + timedelta(days=-late if late else self.draw.randint(0, 2))
        return max(found, self.today + timedelta(days=1))


def hold(sitting: Sitting) -> None:
    """Do what the beat says: all moves of the sitting together."""
    DO[sitting.beat.kind](sitting)
    if sitting.steps:
        moves.make_all(sitting.act, sitting.story.referral, sitting.steps)


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


def _propose(s: Sitting) -> None:
    s.note("subject_responded", "recommendations_answered")
    s.make("propose_outcome", {"outcomes": _outcomes(s)}, note="On the evidence so far.")


def _decide(s: Sitting) -> None:
    s.make("decide_outcome", {"outcomes": _outcomes(s)}, rationale="On the evidence of the employer’s report.")


def _outcomes(s: Sitting) -> dict[str, str]:
    return {str(number): outcome for number, outcome in enumerate(s.story.outcomes, start=1)}


def _tell(s: Sitting) -> None:
    for audience in AUDIENCES:
        is_told = audience != "family" or s.draw.random() < 0.85
        answers: dict[str, Any] = {"audience": audience, "decision": "told" if is_told else "not_told"}
        s.make("tell", {**answers, **({"told_on": s.today} if is_told else {})}, note="" if is_told else "No contact.")
    found = s.story.outcomes[0] == "substantiated"
    for body in ONWARD_BODIES:
        refers = found and body == "dbs" and s.draw.random() < 0.5
        decision = "employer_refers" if refers else "not_needed"
        s.make("decide_onward", {"body": body, "decision": decision}, rationale="The test is set out in the record.")
    if found:
        s.note("lessons_reviewed")
    s.make("follow_up")
    if s.beat.more.get("release"):
        s.make("release_outcome")


def _close(s: Sitting) -> None:
    s.make("close", closing_note="Everybody concerned has been told. Nothing is left to do here.")


def _reopen(s: Sitting) -> None:
    s.make("reopen", new_information="A second witness has come forward.")


def _investigate_again(s: Sitting) -> None:
    s.make("investigate", {"review_on": s.review_on()}, note="The employer hears the new witness.")


def _explain(s: Sitting) -> None:
    reason = "police" if s.story.is_police else s.draw.choice(tuple(DELAY_REASONS))
    s.make("explain_delay", {"delay_reason": reason}, note="Asked again today.")


def _ending(move: str) -> Callable[[Sitting], None]:
    def end(s: Sitting) -> None:
        s.make(move, rationale="None of the limbs is met on what is known.", told="The caller, by telephone.")

    return end


def _offer(s: Sitting) -> None:
    other = next(council.name for key, council in COUNCILS.items() if key != s.story.council)
    s.make("offer_transfer", {"authority": other}, rationale="The employer is in that council’s area.")


def _accepted(s: Sitting) -> None:
    s.make("accept_transfer", rationale="Accepted by e-mail.", told="The caller, by telephone.")


def _merge(s: Sitting) -> None:
    target = s.story.merges_into
    reference = target.reference if target and target.reference else "an earlier record"
    s.make("merge", {"merged_into": reference}, rationale="The same event, told by somebody else.", told="The caller.")


def _note(s: Sitting) -> None:
    s.make(
        "add_note", note=s.draw.choice(("Rang the employer: nothing new.", "Spoke to social care.", "E-mail filed."))
    )


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
    "propose": _propose,
    "decide": _decide,
    "tell": _tell,
    "follow_up": lambda s: s.make("follow_up"),
    "close": _close,
    "reopen": _reopen,
    "investigate_again": _investigate_again,
    "explain": _explain,
    "returned": _ending("return_to_employer"),
    "no_further_action": _ending("no_further_action"),
    "advice": _ending("advise"),
    "offer": _offer,
    "accepted": _accepted,
    "merge": _merge,
    "note": _note,
}
"""What is done at each kind of beat. The call itself and the logging stand in `calls`."""
