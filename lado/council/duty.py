"""Who is at their desk: who takes a call, who becomes accountable, and who does the work on a case that day."""

from collections.abc import Mapping
from datetime import date
from random import Random

from lado.act import Act
from lado.council.beats import Beat, Story
from lado.council.cast import Cast
from lado.domain.cover import Rota, on_cover
from lado.queries import cover
from lado.security.identity import Identity, Role

OFFICERS = (Role.DESIGNATED_OFFICER, Role.COVER_OFFICER)
WORKS_ON_CASES = frozenset({*OFFICERS, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE})
SHARES: Mapping[Role, int] = {Role.DESIGNATED_OFFICER: 4, Role.COVER_OFFICER: 1}
"""How the cases are shared out: cover officers own few."""

TAKES_CALLS = 0.2
"""How often business support takes the call."""


class Duty:
    """The people of a council as they are there or covered, by the one resolver; the rota is read once a day."""

    def __init__(self, people: Cast, draw: Random) -> None:
        """Know the people; draw by chance where more than one could."""
        self.people = people
        self.draw = draw
        self._by_id = people.by_id()
        self._rotas: dict[tuple[int, date], Rota] = {}

    def forget(self) -> None:
        """An absence was recorded: read the rotas again."""
        self._rotas.clear()

    def is_there(self, act: Act, person: Identity) -> bool:
        """Whether the person themselves is at work."""
        return self._found(act, person) == person

    def seer(self, act: Act, person: int) -> Identity | None:
        """The person if they are at work and work on cases; who was told and is away sees it when they are back."""
        found = self._by_id.get(person)
        return found if found and found.role in WORKS_ON_CASES and self.is_there(act, found) else None

    def manager_of(self, person: Identity) -> Identity:
        """The service manager of the person's council."""
        return next(
            other
            for other in self._by_id.values()
            if other.authority == person.authority and other.role is Role.SERVICE_MANAGER
        )

    def caller_taker(self, act: Act, story: Story, beat: Beat, owner: Identity) -> Identity:
        """Who logs the contact: by day business support or the owner, in the evening the owner at home."""
        if beat.more.get("in_the_evening"):
            return self._found(act, owner)
        support = self.people.of(story.council, Role.BUSINESS_SUPPORT)
        if support and self.draw.random() < TAKES_CALLS:
            return support[0]
        return self._found(act, owner)

    def owner(self, act: Act, story: Story) -> Identity:
        """Who becomes accountable: the officer the story names, else one who is there."""
        if story.owner is not None:
            return self.people.people[story.owner]
        officers = self.people.of(story.council, *OFFICERS)
        there = [officer for officer in officers if self.is_there(act, officer)]
        if not there:
            return self._found(act, officers[0])
        return self.draw.choices(there, [SHARES[officer.role] for officer in there])[0]

    def worker(self, act: Act, story: Story, beat: Beat) -> Identity:
        """Who does the work of a beat: the partner whose action it is, a manager, else the owner or their cover."""
        if beat.kind == "done" and story.done < len(story.tasks) and story.tasks[story.done] and story.partner:
            return self.people.people[story.partner]
        if beat.kind == "agree":
            return self._leader(act, story.council)
        return self._found(act, self._by_id[story.owner_id])

    def _leader(self, act: Act, council: str) -> Identity:
        """The service manager, or the head of service when the manager is away."""
        leaders = (*self.people.of(council, Role.SERVICE_MANAGER), *self.people.of(council, Role.HEAD_OF_SERVICE))
        return next((person for person in leaders if self.is_there(act, person)), leaders[0])

    def _found(self, act: Act, person: Identity) -> Identity:
        """The person, or who is there for them; when nobody is, the service manager sees to it."""
        found = on_cover(person.id or 0, act.at, self._rota(act, person.authority or 0)).person
        if found is not None:
            return self._by_id[found]
        return self.manager_of(person)

    def _rota(self, act: Act, authority: int) -> Rota:
        place = authority, act.today
        if place not in self._rotas:
            self._rotas = {known: rota for known, rota in self._rotas.items() if known[1] == act.today}
            self._rotas[place] = cover.rota(act.session, authority, act.at)
        return self._rotas[place]
