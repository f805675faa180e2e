"""What is on a case beside its clocks: people, allegations, meetings, strands, actions, who was told, notes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from lado.queries.case_file import CaseFile
from lado.queries.telling import Audience, audiences
from lado.web.components import Place, TimelineItem
from lado.web.due import due_words, point
from lado.web.referrals.clock_words import address
from lado.web.referrals.corrected import at_intake, shown, told_in_words, when_held
from lado.web.referrals.events import Teller
from lado.web.referrals.words import ROLES, code, lines, texts
from lado.web.templating import day, moment_full
from workflows import events as e
from workflows.facts import ONWARD_BODIES

NOT_YET = "Not recorded yet"
LINK = Markup('<a class="govuk-link" href="{}">{}</a>')


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the case; `empty` is what to say while it has no rows, `add` a link to the move that adds one."""

    id: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    add: Place | None = None
    empty: str = "None recorded yet."


class Contents:
    """The sections of one case, made for one instant. `moves` is the address of the moves, `may` those one may make."""

    def __init__(self, file: CaseFile, teller: Teller, moves: str, may: Collection[str], at: datetime) -> None:
        """Find for each recorded thing the words that were given with it last."""
        self.file = file
        self.case = file.case
        self.teller = teller
        self.moves = moves
        self.may = may
        self.at = at
        self.words: dict[tuple[type, Any], dict[str, Any]] = {}
        self.held = when_held(file)
        self.due = {clock.key: clock.due_at for clock in file.clocks}
        for entry, words in file.entries():
            self.words[type(entry.event), _about(entry.event)] = words

    def sections(self) -> tuple[Section, ...]:
        """All sections, in the order in which they are needed."""
        return (
            self.actions(),
            self.allegations(),
            self.people(),
            self.meetings(),
            self.strands(),
            self.told(),
            self.onward(),
        )

    def actions(self) -> Section:
        """The actions, open ones first and the most urgent of them first."""
        open_first = sorted(self.case.actions, key=lambda n: (self.case.actions[n].is_done, self._due(n), n))
        rows = tuple(self._action(number) for number in open_first)
        return Section(
            "actions", "Actions", ("Action", "Who", "By when", "State"), rows, self.link("set_action", "Set an action")
        )

    def allegations(self) -> Section:
        """Each allegation with its harm category, its children and its outcome."""
        rows = []
        for number, allegation in self.case.allegations.items():
            children = [self.teller.people.get(child) or f"Child {child}" for child in allegation.children]
            rows.append(
                (
                    f"{number}. {code('category', allegation.category)}",
                    _kept(texts(_own(self.file, e.AllegationAdded, number))),
                    ", ".join(children) or "None named",
                    _outcome(allegation.outcome, allegation.proposed),
                )
            )
        return Section(
            "allegations",
            "Allegations",
            ("Harm", "What is alleged", "Children", "Outcome"),
            tuple(rows),
            self.link("add_allegation", "Add an allegation"),
        )

    def people(self) -> Section:
        """Everybody named on the case."""
        rows = []
        for number, role in self.case.people.items():
            own = _own(self.file, e.PersonAdded, number)
            more = {name: value for name, value in own.items() if name != "name"}
            name = own.get("name") or "Name not known"
            rows.append((name, ROLES.get(role, role.capitalize()), _kept(lines(more, self.file.names))))
        return Section(
            "people", "People", ("Name", "Part", "What is known"), tuple(rows), self.link("add_person", "Add a person")
        )

    def meetings(self) -> Section:
        """Meetings and reviews, planned and held."""
        rows = []
        for number, meeting in enumerate(self.case.meetings, start=1):
            words = self.words.get((e.MeetingHeld, number)) or self.words.get((e.MeetingArranged, number), {})
            held = self.held.get(number, "Not held yet")
            planned = moment_full(meeting.planned_at) if meeting.planned_at else "Not planned ahead"
            rows.append((f"{meeting.kind.capitalize()} {number}", planned, held, _kept(texts(words))))
        return Section("meetings", "Meetings and reviews", ("Which", "Planned for", "Held", "Notes"), tuple(rows))

    def strands(self) -> Section:
        """The parallel strands and where each stands."""
        rows = tuple(
            (code("strand", key), code("status", status), _kept(texts(self.words.get((e.StrandChanged, key), {}))))
            for key, status in self.case.strands.items()
        )
        return Section(
            "strands",
            "Strands",
            ("Strand", "Stands", "Notes"),
            rows,
            self.link("change_strand", "Record where a strand stands"),
        )

    def told(self) -> Section:
        """Who was told, or that it is not recorded yet."""
        return Section(
            "told",
            "Who was told",
            ("Who", "Told", "How, or why not"),
            tuple(map(self._told, audiences(self.file))),
            Place("Who may be told what, and who agreed it", url_for("telling.home", reference=self.file.reference)),
        )

    def onward(self) -> Section:
        """The decisions to refer on."""
        rows = tuple(
            (
                code("body", body),
                code("decision", self.case.onward[body]) if body in self.case.onward else NOT_YET,
                _kept(texts(self.words.get((e.OnwardDecided, body), {}))),
            )
            for body in dict.fromkeys((*ONWARD_BODIES, *self.case.onward))
        )
        return Section(
            "onward",
            "Referrals onward",
            ("Body", "Decision", "Reasons"),
            rows,
            self.link("decide_onward", "Record a decision to refer on"),
        )

    def notes(self) -> tuple[TimelineItem, ...]:
        """Notes, the newest first."""
        return tuple(reversed(list(self._notes())))

    def link(self, move: str, text: str) -> Place | None:
        """The way to a move, where it is open to this person."""
        return Place(text, f"{self.moves}/{move}") if move in self.may else None

    def _notes(self) -> Iterator[TimelineItem]:
        for made in self.file.made:
            event = made.head.event
            if isinstance(event, e.Noted) and event.kind == "add_note":
                by = self.teller.officer(made.head.actor_id)
                yield TimelineItem("Note", made.head.recorded_at, by, "\n".join(texts(made.head.words)))

    def _due(self, number: int) -> datetime:
        return self.due[f"action:{number}"]

    def _action(self, number: int) -> tuple[Any, ...]:
        action = self.case.actions[number]
        given = self.words.get((e.ActionSet, number), {})
        words = {name: said for name, said in given.items() if name != "reason"}  # said with the clock that is paused
        holder = code("holder", action.holder) if action.user is None else self.teller.officer(action.user)
        due = due_words(self._due(number), self.at, self.file.practice.calendar)
        if action.is_done:
            return f"{number}. {' '.join(texts(words))}", holder, point(self._due(number), self.at), "Done"
        link = self._ending(number) if "complete_action" in self.may else ""
        done: Any = Markup("{}. {}").format(due.status, link) if link else due.status
        return f"{number}. {' '.join(texts(words))}", holder, due.text, done

    def _ending(self, number: int) -> Markup:
        """Where an action is ended: its own form, or for the review of a pause the page of the clock."""
        paused = next((clock for clock in self.case.running.values() if clock.review == number), None)
        if paused is not None:
            return LINK.format(address(self.file, paused), f"Review pause {number}")
        return LINK.format(f"{self.moves}/complete_action?number={number}", f"Action {number} is done")

    def _told(self, audience: Audience) -> tuple[Any, ...]:
        who, telling = code("audience", audience.key), audience.telling
        if telling is None:
            link = LINK.format(f"{self.moves}/tell?audience={audience.key}", "Record it")
            return who, NOT_YET, link if "tell" in self.may else ""
        return who, told_in_words(telling), _kept(texts(telling.words))


def facts_of(file: CaseFile) -> list[tuple[str, str]]:
    """The facts of the referral itself, each under its name: its four dates apart from each other."""
    opened, said = file.opened, file.made[0].head.words
    received = shown(*at_intake(file, "received_at"), moment_full)
    found = [
        ("Received", f"{received}, {code('channel', opened.channel).lower()}"),
        ("Recorded", moment_full(opened.recorded_at) + (" (a late entry)" if opened.late_entry else "")),
        ("What shows the date", code("evidence", opened.evidence)),
        ("Incident", _incident(file)),
        ("The employer learnt of it", _aware(file)),
        ("Source", code("source", opened.source) if opened.source else "Not known"),
        ("Setting", file.setting or "Not known"),
        ("Sector", code("sector", opened.sector) if opened.sector else "Not known"),
    ]
    labelled = (line.partition(": ") for line in lines({k: v for k, v in said.items() if k != "setting"}, file.names))
    return found + [(name, text) for name, _, text in labelled]


def limbs_of(file: CaseFile) -> tuple[str, tuple[str, ...], str]:
    """The threshold decision, the limbs that are met, and the reasons."""
    decided: Mapping[str, Any] = {}
    limbs: tuple[str, ...] = ()
    for entry, words in file.entries():
        if isinstance(entry.event, e.ThresholdDecided):
            limbs = tuple(f"Limb {limb}: {code('limbs', limb)}" for limb in entry.event.limbs)
            decided = words
    state = {"met": "Met", "not met": "Not met"}.get(file.case.threshold, "No decision recorded yet")
    return state, limbs, "\n".join(texts(decided))


def _kept(said: Iterable[str]) -> Markup:
    """Lines one below the other, as they were written."""
    return Markup("<br>").join(line for text in said for line in text.splitlines())


def _about(event: e.Event) -> Any:
    """The thing that an event is about: its first field names it."""
    return next(iter(event), None)


def _own(file: CaseFile, kind: type, number: int) -> dict[str, Any]:
    """The words sealed with the very entry, such as a person's name."""
    for made in file.made:
        for entry in made.entries:
            if isinstance(entry.event, kind) and _about(entry.event) == number:
                return entry.words
    return {}


def _outcome(outcome: str, proposed: str) -> str:
    if outcome:
        return code("outcome", outcome)
    return f"Proposed: {code('outcome', proposed).lower()}" if proposed else "No outcome recorded yet"


def _aware(file: CaseFile) -> str:
    now, was = at_intake(file, "employer_aware_at")
    return shown(now, was, moment_full) if was else "Not known"


def _incident(file: CaseFile) -> str:
    first, was_first = at_intake(file, "incident_from_on")
    last, was_last = at_intake(file, "incident_to_on")
    if first is None:
        return "Not known"
    if last is not None:
        return f"Between {shown(first, was_first, day)} and {shown(last, was_last, day)}"
    about = "About " if file.opened.incident_precision == "approximate" else ""
    return f"{about}{shown(first, was_first, day)}"
