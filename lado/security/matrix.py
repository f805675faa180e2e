"""Who may do what, as tables to read: asked of the policy itself, so that the page cannot say anything else."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from lado.security.identity import SYSTEM, Identity, Role
from lado.security.permissions import Permission
from lado.security.policy import can

PEOPLE = tuple(role for role in Role if role is not Role.SYSTEM)
YES, COUNCIL, COLLEAGUES, OWN, NO = "yes", "own council’s", "colleagues’", "their own", "–"
SIGNED_OUT = "Not signed in"

INTRODUCTION = f"""# Who may do what

Written by `flask permissions draw` from the policy table (`lado/security/policy.py`) and from what each page
declares. Every cell is tried by a test, and the app does not start with a page that declares nothing.

*{YES}*: without limit. *{COUNCIL}*: what belongs to the person’s own authority. *{COLLEAGUES}*: of that, what is not
about themselves or was not asked for by them. *{OWN}*: cases that they
are accountable for, actions that they hold, referrals granted to them by name, conflicts of interest that they
declared, their own duty and telephone numbers. *{NO}*: refused; of one thing that may not be known, the answer is that
of a thing that does not exist. Lists show exactly what the permission reaches.
Drafts and sessions are always one’s own. A case from which a conflict of interest keeps somebody does not exist for
them, whatever they may do.
"""


class Page(NamedTuple):
    """One address and method: what it needs (None: it is for anybody), and whether it looks one thing up."""

    method: str
    path: str
    needs: Permission | None
    finds: bool


class _Asked(NamedTuple):
    """A thing that the policy is asked about, known by nothing but to whom it belongs."""

    authority_id: int
    owner_id: int | None = None
    holder_id: int | None = None
    follower_id: int | None = None
    declared_for_id: int | None = None
    account_id: int | None = None


class Relation(StrEnum):
    """How a case, or what belongs to one, stands to whoever asks for it."""

    OWN = "own"
    CASELOAD = "of the caseload"
    COVERED = "of whom they cover"
    OTHER = "another council’s"
    RESTRICTED = "kept from them"


ASKED = {
    Relation.OWN: _Asked(1, 1, 1, 1, 1, 1),
    Relation.CASELOAD: _Asked(1),
    Relation.COVERED: _Asked(1, owner_id=2),
    Relation.OTHER: _Asked(2, owner_id=3),
}
"""An example of each relation to the person 1 of the authority 1. What is kept from them is never found to be asked."""

REACHES: Mapping[str, tuple[Relation, ...]] = {
    YES: (Relation.OWN, Relation.CASELOAD, Relation.COVERED, Relation.OTHER),
    COUNCIL: (Relation.OWN, Relation.CASELOAD, Relation.COVERED),
    COLLEAGUES: (Relation.CASELOAD, Relation.COVERED),
    OWN: (Relation.OWN,),
    NO: (),
}
"""What each word of the tables means for a thing of each relation."""


def relations(role: Role, permission: Permission) -> tuple[Relation, ...]:
    """For which relations the policy lets this role do this to a thing."""
    return tuple(relation for relation, thing in ASKED.items() if can(_someone(role), permission, thing))


def reach(role: Role, permission: Permission) -> str:
    """How far a permission goes for a role: everything, their own council's, their own, or nothing."""
    found = relations(role, permission)
    if not found:  # asked about no thing at all, it may yet be for everybody's own
        return YES if can(_someone(role), permission) else NO
    return next(word for word, reached in REACHES.items() if reached == found)


def cell(role: Role, page: Page) -> str:
    """What a page says to a role: a page that looks nothing up opens, and shows what the permission reaches."""
    if page.needs is None:
        return YES
    if not page.finds and not can(_someone(role), page.needs):
        return NO
    return reach(role, page.needs)


def _someone(role: Role) -> Identity:
    return SYSTEM if role is Role.SYSTEM else Identity(1, role, 1)


def document(pages: Iterable[Page], moves: Iterable[tuple[str, Permission]]) -> str:
    """The tables as a Markdown document; `moves` are the steps of the procedure in words, with what each needs."""
    permissions = [
        [f"`{permission}`", *(reach(role, permission) for role in (*PEOPLE, Role.SYSTEM))] for permission in Permission
    ]
    addresses = [
        [
            page.method,
            f"`{page.path}`",
            f"`{page.needs}`" if page.needs else "anybody",
            YES if page.needs is None else NO,
            *(cell(role, page) for role in PEOPLE),
        ]
        for page in sorted(pages, key=lambda page: (page.path, page.method))
    ]
    steps = [[label, f"`{needs}`", *(reach(role, needs) for role in PEOPLE)] for label, needs in moves]
    names = [role.label for role in PEOPLE]
    meanings = [
        [word, *(YES if relation in reached else NO for relation in Relation)] for word, reached in REACHES.items()
    ]
    return "\n".join(
        [
            INTRODUCTION,
            "## What a word reaches",
            "",
            "Of a page that looks one thing up, by how that thing stands to whoever asks.",
            "What is refused answers as what does not exist.",
            "",
            *_table(["Word", *Relation], meanings),
            "",
            "## Permissions",
            "",
            *_table(["Permission", *names, Role.SYSTEM.label], permissions),
            "",
            "## Pages",
            "",
            *_table(["Method", "Address", "Needs", SIGNED_OUT, *names], addresses),
            "",
            "## Moves on a case",
            "",
            "The page of a move needs this besides being able to read the case.",
            "",
            *_table(["Move", "Needs", *names], steps),
            "",
        ]
    )


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [_line(columns), _line(["---"] * len(columns)), *(_line(row) for row in rows)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
