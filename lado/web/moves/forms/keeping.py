"""Forms that keep the record and change no state: notes, facts, people, allegations, strands, what the employer did."""

from typing import Any

from wtforms import BooleanField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from lado.domain.codes import CATEGORIES, EVENTS, PERSON_ROLES, STRAND_STATUSES, STRANDS
from lado.web.moves.forms.base import NOT_SHOWN, MoveForm, Step, from_list, line, moment, one_of, text
from workflows.facts import FACTS, RECORDABLE


class AddNote(MoveForm):
    """A note, at any time."""

    help = "A note changes nothing else. It stands in the record under your name and cannot be changed later."
    done = "The note is on the record."
    button = "Add the note"
    note = text("Note", "Write the note.")
    is_police = BooleanField(
        "This is police information",
        description="Tick this for what the police said. Only those who work the case can read the note afterwards.",
    )

    def step(self, move: str) -> Step:
        """That it is police information is said of those notes alone that are."""
        made = super().step(move)
        return made._replace(answers={name: answer for name, answer in made.answers.items() if answer})


class RecordFact(MoveForm):
    """Something that the page showed as missing."""

    help = "Record these in your own time and order. None of them holds the case up."
    done = "Recorded."
    button = "Record it"
    presets = ("fact",)
    fact = from_list("What do you want to record?", "Choose what you want to record.")
    note = text("What is there to say about it?", hint="Who did it, when, and what came of it.")

    def prepare(self) -> None:
        """Everything that can be recorded; what has been so far says so."""
        done = self.sheet.case.recorded
        self.fact.choices = [
            SelectChoice("", "Choose"),
            *(
                SelectChoice(name, _sentence(name) + (" (recorded before)" if name in done else ""))
                for name in RECORDABLE
            ),
        ]


class AddPerson(MoveForm):
    """A person on the case."""

    help = "Add a child, a witness or someone else. A case has one subject: another adult is another referral."
    done = "The person is on the case."
    button = "Add the person"
    role = one_of("What is their part?", "Choose their part in the case.", PERSON_ROLES)
    name = line("Name", "Enter the name, or “not known”.")
    about = text("Anything else about them?", hint="For example, how to reach them, or the school of a child.")

    def step(self, move: str) -> Step:
        """The part in plain, the name in words."""
        person = {"name": self["name"].data, "about": self.about.data}
        said = {name: words for name, words in person.items() if words}
        return Step(move, {"people": (self.role.data,)}, {"people": [said]})


class AddAllegation(MoveForm):
    """One more allegation against the same adult."""

    help = "Each allegation has an outcome of its own. An allegation against another adult is another referral."
    done = "The allegation is on the case."
    button = "Add the allegation"
    summary = text("What is alleged?", "Say what is alleged.")
    category = one_of("What kind of harm is it about?", "Choose the kind of harm.", CATEGORIES)
    children = SelectMultipleField("Which children?", invalid_choice_message=NOT_SHOWN)

    def prepare(self) -> None:
        """The children on the case; the question goes when there is none."""
        children = {number: person.name for number, person in self.sheet.people.items() if person.role == "child"}
        if children:
            self.children.choices = [
                SelectChoice(str(number), name or f"Child {number}") for number, name in children.items()
            ]
            self.children.label.text = "Which children does it concern? (optional)"
        else:
            del self["children"]

    def step(self, move: str) -> Step:
        """Category and children in plain, what is alleged in words."""
        children = self["children"].data if "children" in self else ()
        plain = {"category": self.category.data, "children": tuple(int(number) for number in children or ())}
        return Step(move, {"allegations": (plain,)}, {"allegations": [{"summary": self.summary.data}]})


class ChangeStrand(MoveForm):
    """Where one of the parallel strands stands."""

    help = (
        "Police, social care, employer and regulator work side by side. Record when one begins, ends or is not needed."
    )
    done = "The strand is recorded."
    button = "Record it"
    presets = ("strand", "status")
    strand = one_of("Which strand?", "Choose the strand.", STRANDS)
    status = one_of("Where does it stand?", "Choose where it stands.", STRAND_STATUSES)
    police_ended_at = moment(
        "When did the police end their part?",
        hint="Only for the police, when they have ended: time limits count from then. Without it, from now.",
    )
    note = text("What came of it, or what is planned?")

    def prepare(self) -> None:
        """Say where each strand stands now."""
        self.strand.choices = [
            SelectChoice(code, words, {"hint": self._so_far(code)}) for code, words in STRANDS.items()
        ]

    def step(self, move: str) -> Step:
        """The moment counts for the police only, and is now where none is given."""
        made = super().step(move)
        plain = {name: value for name, value in made.answers.items() if name != "police_ended_at"}
        if (self.strand.data, self.status.data) == ("police", "ended"):
            plain["police_ended_at"] = made.answers.get("police_ended_at", self.sheet.at)
        return made._replace(answers=plain)

    def _so_far(self, code: str) -> str:
        status = self.sheet.case.strands.get(code)
        return f"So far: {STRAND_STATUSES.get(status, status).lower()}." if status else "Nothing recorded so far."


class RecordEvent(MoveForm):
    """What the employer or the provider did; some of these start and end time limits."""

    help = "Some time limits run for the employer. They start and end with what you record here."
    done = "Recorded."
    button = "Record it"
    presets = ("event",)
    event = one_of("What happened?", "Choose what happened.", EVENTS)
    happened_at = moment("When did it happen?", "Enter the day and the time at which it happened.")
    note = text("What is there to say about it?")

    def step(self, move: str) -> Step:
        """The moment also stands under the event's own name: that is what its clocks read."""
        made = super().step(move)
        happened_at = made.answers["happened_at"]
        return made._replace(answers={**made.answers, f"{made.answers['event']}_at": happened_at})


class SendReceipt(MoveForm):
    """That the referrer was told that the referral arrived."""

    help = "A receipt says that the referral arrived, its reference, and whom to ring. It says nothing of the decision."
    done = "The receipt is recorded as sent."
    button = "Record that it was sent"
    note = text("How was it sent, and to whom?")


def _sentence(name: str) -> str:
    words: Any = FACTS[name].missing
    return f"{words[0].upper()}{words[1:]}"
