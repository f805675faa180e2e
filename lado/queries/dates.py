"""Reading the dates of one case for people: each with its entry, and every correction with its words and its people."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lado.act import Act
from lado.models import Referral
from lado.queries import accounts, case_file, conflicts, corrections, referrals
from lado.queries.case_file import CaseFile
from lado.queries.corrections import Dates, Deciding
from workflows.case import Correction
from workflows.corrections import Wanted
from workflows.dates import Dated
from workflows.events import CorrectionAsked, CorrectionDecided


@dataclass(frozen=True)
class Story:
    """One correction with what was said: why it was asked for, and what the second person said, empty until then."""

    number: int
    correction: Correction
    asked_by: int | None
    asked_at: datetime
    reason: str
    decided_by: int | None = None
    decided_at: datetime | None = None
    answer: str = ""


@dataclass(frozen=True)
class DatesFile:
    """One case, its dates, and its corrections by number."""

    file: CaseFile
    known: Dates
    stories: Mapping[int, Story]

    @property
    def authority_id(self) -> int:
        """Whose case it is, for the policy."""
        return self.file.authority_id

    def stories_of(self, dated: Dated) -> list[Story]:
        """The corrections of one date, in order."""
        place = dated.entry, dated.name
        return [one for one in self.stories.values() if (one.correction.entry, one.correction.name) == place]


@dataclass(frozen=True)
class DateFile:
    """One date of a case that can be corrected."""

    dates: DatesFile
    dated: Dated

    @property
    def authority_id(self) -> int:
        """Whose case it is, for the policy."""
        return self.dates.authority_id


@dataclass(frozen=True)
class CorrectionFile:
    """One correction of a case."""

    dates: DatesFile
    dated: Dated
    story: Story

    @property
    def authority_id(self) -> int:
        """Whose case it is, for the policy."""
        return self.dates.authority_id

    @property
    def wanted(self) -> Wanted:
        """What the date should be."""
        return Wanted(self.dated.entry, self.dated.name, self.story.correction.value)


def read(act: Act, referral: Referral) -> DatesFile:
    """Read the dates of a case that was found for somebody who may read it."""
    file = case_file.read(act, referral)
    entries = [entry for made in file.made for entry in made.entries]
    known = corrections.dates(act.session, referral, entries, file.case, file.practice)
    return DatesFile(file, known, _stories(file))


def find_date(act: Act, reference: str, entry: int, name: str) -> DateFile | None:
    """The date of this name in this entry of a case of one's own authority, if it can be corrected."""
    referral = referrals.find(act, reference)
    if referral is None:
        return None
    found = read(act, referral)
    dated = found.known.one(entry, name)
    return DateFile(found, dated) if dated else None


def find_correction(act: Act, reference: str, number: int) -> CorrectionFile | None:
    """The correction of this number on a case of one's own authority."""
    referral = referrals.find(act, reference)
    if referral is None:
        return None
    found = read(act, referral)
    story = found.stories.get(number)
    dated = found.known.one(story.correction.entry, story.correction.name) if story else None
    return CorrectionFile(found, dated, story) if story and dated else None


def deciding(act: Act, found: CorrectionFile) -> tuple[Deciding, Mapping[int, str]]:
    """Who may decide the correction and who not, and the names of all of them."""
    known, case = found.dates.known, found.dates.file.id
    answer = corrections.deciding(
        act,
        found.authority_id,
        known,
        found.dated,
        found.story.asked_by,
        known.consequences(found.wanted),
        conflicts.barred_from(act.session, [case]).get(case, frozenset()),
    )
    return answer, accounts.names_of(act, set(answer.managers))


def _stories(file: CaseFile) -> dict[int, Story]:
    found: dict[int, Story] = {}
    for made in file.made:
        for entry in made.entries:
            event, said = entry.event, entry.words.get("reason", "")
            if isinstance(event, CorrectionAsked):
                correction = file.case.corrections[event.number]
                found[event.number] = Story(event.number, correction, entry.actor_id, entry.recorded_at, said)
            elif isinstance(event, CorrectionDecided):
                decided = {"decided_by": entry.actor_id, "decided_at": entry.recorded_at, "answer": said}
                found[event.number] = replace(found[event.number], **decided)
    return found
