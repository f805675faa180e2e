"""Forms about the outcome: proposed and decided for each allegation, followed up, who was told, referred on, closed."""

from typing import Any, ClassVar

from wtforms.fields.choices import SelectChoice

from lado.domain.codes import AUDIENCES, BODIES, EXTENTS, ONWARD_DECISIONS, OUTCOME_MEANINGS, OUTCOMES, TELLINGS
from lado.domain.telling import ONLY_AGREED, POLICE_AT_WORK, beyond, police_at_work
from lado.queries.moves import Sheet
from lado.web.moves.forms.base import MoveForm, Step, day, from_list, one_of, text
from workflows.facts import telling_of

PREFIX = "outcome_"


class Outcomes(MoveForm):
    """One outcome for each allegation on the case."""

    needs_reasons = True

    @classmethod
    def of(cls, sheet: Sheet) -> type[MoveForm]:
        """A class with a question for each allegation, then the reasons."""
        several = len(sheet.case.allegations) > 1
        fields: dict[str, Any] = {}
        for number in sheet.case.allegations:
            name = f"allegation {number}" if several else "the allegation"
            summary = sheet.allegations.get(number, "")
            question = one_of(f"The outcome of {name}", f"Choose the outcome of {name}.", hint=summary)
            fields[f"{PREFIX}{number}"] = question
        missing = "Give the reasons for the decision." if cls.needs_reasons else ""
        fields["rationale"] = text("Why?", missing, "What shows it, and what the other view was.")
        made: type[MoveForm] = type(cls.__name__, (cls,), fields)
        return made

    def defaults(self) -> dict[str, Any]:
        """What was decided, or else proposed, before."""
        return {
            f"{PREFIX}{number}": allegation.outcome or allegation.proposed or None
            for number, allegation in self.sheet.case.allegations.items()
        }

    def prepare(self) -> None:
        """The five outcomes, each with its meaning."""
        for number in self.sheet.case.allegations:
            self[f"{PREFIX}{number}"].choices = [
                SelectChoice(code, words, {"hint": OUTCOME_MEANINGS[code]}) for code, words in OUTCOMES.items()
            ]

    def step(self, move: str) -> Step:
        """The outcomes by the number of their allegation."""
        made = super().step(move)
        outcomes = {name.removeprefix(PREFIX): code for name, code in made.answers.items() if name.startswith(PREFIX)}
        return made._replace(answers={"outcomes": outcomes})


class ProposeOutcome(Outcomes):
    """What the outcome may be, before it is decided."""

    help = "Propose an outcome for each allegation, for example to your manager or to a meeting. It is not decided yet."
    done = "The outcome is proposed."
    button = "Propose it"
    needs_reasons = False
    mends = ("outcome_proposed_for_each",)


class DecideOutcome(Outcomes):
    """The outcome of each allegation."""

    help = "Decide the outcome of each allegation. The case cannot close without one for each."
    done = "The outcome is decided."
    button = "Record the outcome"
    mends = ("outcome_for_each_allegation",)


class FollowUp(MoveForm):
    """What is still done after the outcome."""

    help = "Use this while people are told and last actions are finished. The closing checks keep their time limit."
    done = "The outcome is being followed up."
    button = "Begin follow-up"
    note = text("What is still to be done?")


class Close(MoveForm):
    """The end of a case that met the threshold."""

    help = (
        "A case closes when each allegation has its outcome and it is recorded who was told and what was referred on."
    )
    done = "The case is closed."
    button = "Close the case"
    closing_note = text(
        "Closing note",
        "Write a closing note.",
        "What was found, what was done, and what was learned, for a later reader.",
    )


class ReleaseOutcome(MoveForm):
    """The referrer may see the outcome."""

    help = (
        "The person who referred sees only that the case is concluded, unless you release the outcome to them here. "
        "Where they follow it on line, the record says that they were told today. It cannot be taken back."
    )
    done = "The outcome is released to the referrer."
    button = "Release the outcome"
    note = text("Anything to record about this?")


class Tell(MoveForm):
    """Who was told, or why not."""

    help = (
        "Each of these is told the outcome, or the reason why not is recorded, before the case closes. The employer "
        "tells the subject, never the designated officer."
    )
    done = "Recorded."
    button = "Record it"
    presets = ("audience",)
    shown_with: ClassVar = {"decision": {"told": ("told_on", "extent", "note"), "not_told": ("reason",)}}
    audience = one_of("Who?", "Choose who this is about.", AUDIENCES)
    decision = one_of("Have they been told?", "Choose whether they have been told.", TELLINGS)
    told_on = day("When were they told?", "Enter the day on which they were told.")
    extent = from_list("How much were they told?", "", {name: EXTENTS[name] for name in ("outcome", "progress")})
    note = text("How, by whom, and what were they told?")
    reason = text("Why not?", "Give the reason why they are not told.", "For example: the police ask us to wait.")

    def defaults(self) -> dict[str, Any]:
        """Today, for whoever says that they were told. Whether they were is never said for the officer."""
        return {"told_on": self.sheet.today}

    def prepare(self) -> None:
        """Say who has been told already."""
        self.audience.choices = [
            SelectChoice(code, words, {"hint": self._so_far(code)}) for code, words in AUDIENCES.items()
        ]

    def _so_far(self, code: str) -> str:
        case = self.sheet.case
        telling = telling_of(case, code)
        said = [f"May be told: {EXTENTS[case.agreed[code]].lower()}."] if code in case.agreed else []
        if telling is not None:
            said.append("Recorded as told." if telling.told else "Recorded as not told, with a reason.")
        if self._asks_police(code):
            said.append("The police are at work: only what they and the others agreed.")
        return " ".join(said)

    def unusual(self) -> str:
        """What went beyond what was agreed, or was told before anything was; it stands all the same."""
        if self.decision.data != "told":
            return super().unusual()
        how = beyond(self.sheet.case.agreed.get(self.audience.data), self.extent.data or "")
        asks = POLICE_AT_WORK if how and self._asks_police(self.audience.data) else ""
        return " ".join(filter(None, (super().unusual(), f"They were told {how}." if how else "", asks)))

    def _asks_police(self, code: str) -> bool:
        return code in ONLY_AGREED and police_at_work(self.sheet.case, self.sheet.practice)


class DecideOnward(MoveForm):
    """Whether to refer on."""

    help = (
        "For each of these the decision is recorded, one way or the other, before the case closes. Where the person "
        "was removed, or would have been, the employer has a duty to refer to the DBS."
    )
    done = "The decision to refer on is recorded."
    button = "Record the decision"
    presets = ("body",)
    body = one_of("To whom?", "Choose to whom this is about.", BODIES)
    decision = one_of("What is decided?", "Choose what is decided.", ONWARD_DECISIONS)
    note = text("Why, and who does what by when?")

    def prepare(self) -> None:
        """Say what is decided already."""
        self.body.choices = [SelectChoice(code, words, {"hint": self._so_far(code)}) for code, words in BODIES.items()]

    def _so_far(self, code: str) -> str:
        decided = self.sheet.case.onward.get(code)
        return f"Decided so far: {ONWARD_DECISIONS.get(decided, decided).lower()}." if decided else ""
