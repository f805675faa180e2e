"""Who someone is to the policy: a small value that can be built without a database."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """The roles of a council's allegations service, and the two that are not people of the council."""

    PARTNER = "partner"
    BUSINESS_SUPPORT = "business_support"
    DESIGNATED_OFFICER = "designated_officer"
    COVER_OFFICER = "cover_officer"
    SERVICE_MANAGER = "service_manager"
    HEAD_OF_SERVICE = "head_of_service"
    DIRECTOR = "director"
    EDT_WORKER = "edt_worker"
    AUDITOR = "auditor"
    RECORDS_OFFICER = "records_officer"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """The role as a page says it."""
        return LABELS[self]


LABELS = {
    Role.PARTNER: "Partner",
    Role.BUSINESS_SUPPORT: "Business support",
    Role.DESIGNATED_OFFICER: "Designated officer",
    Role.COVER_OFFICER: "Cover officer",
    Role.SERVICE_MANAGER: "Service manager",
    Role.HEAD_OF_SERVICE: "Head of service",
    Role.DIRECTOR: "Director of children’s services",
    Role.EDT_WORKER: "Emergency duty worker",
    Role.AUDITOR: "Auditor",
    Role.RECORDS_OFFICER: "Records officer",
    Role.ADMINISTRATOR: "Administrator",
    Role.SYSTEM: "The scheduler",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """A person, or the scheduler, as the policy sees them. `authority` is their council (None: the system)."""

    id: int | None
    role: Role
    authority: int | None
    name: str = field(default="", compare=False, repr=False)
    agency: int | None = None
    login: str = field(default="", compare=False)
    """The signing-in that this person acts under, for the record; empty for commands and the scheduler."""
    opened: tuple[int, ...] = field(default=(), compare=False, repr=False)
    """The restricted cases that two people let them read for a while, as it stood a moment ago."""
    serves: tuple[int, ...] = field(default=(), compare=False, repr=False)
    """The authorities that an emergency duty worker serves besides their own."""
    is_let_in: bool = field(default=False, compare=False, repr=False)
    """Whether what they are at is a restricted case that two people opened to them: then they read, and no more."""


SYSTEM = Identity(None, Role.SYSTEM, None, "The scheduler")
"""The scheduler: it escalates and keeps the record, and reads nothing."""
