"""A referral on line, part by part: kept through the services as its writer left it, or written in a browser."""

from collections.abc import Mapping
from typing import Any

from lado.db import Database
from lado.domain.self_check import Check
from lado.security.identity import Identity
from lado.services import online_drafts
from tests.support.journey import Traveller

CHECKED: Mapping[str, Any] = {"danger": "no", "works": "yes", "harms": ["1", "3"], "here": "yes"}
"""What is answered to the four questions."""

CHOSEN = "three words of my own"
"""The password that a new partner chooses."""

PARTS: Mapping[str, Mapping[str, Any]] = {
    "you": {"source": "education", "role": "Head teacher", "phone": "01632 960 100", "reach": "After school"},
    "adult": {"subject_name": "Robin Sample", "subject_role": "Teacher", "setting": "Willow Lane Primary School"},
    "what": {
        "summary": "He is said to have pulled a child by the arm.",
        "category": "physical",
        "incident-day": "27",
        "incident-month": "2",
        "incident-year": "2026",
    },
    "children": {"children_safe": "yes", "safety_steps": "Moved to another class.", "children-0-name": "Kim Example"},
    "told": {"told": ["parents"], "told_more": "The parents rang us first."},
}
"""What is typed into each part, as its form sends it."""


def write(database: Database, who: Identity, *parts: str, **changes: Mapping[str, Any]) -> None:
    """Let a partner write these parts of a referral, or all of them."""
    with database.work(who) as act:
        online_drafts.begin(act, Check(**CHECKED))
        for part in parts or PARTS:
            typed = {**PARTS[part], **changes.get(part, {})}
            fields = {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
            online_drafts.keep(act, part, fields, is_whole=True)


def answer_the_four_questions(who: Traveller) -> None:
    """Let somebody at a browser answer the questions before a referral, so that it is for the officer."""
    who.choose("Is a child in danger now?", "No")
    who.choose("Does the adult work or volunteer with children?", "Yes")
    who.choose("What may they have done?", "Harmed a child, or may have harmed one")
    who.choose("Do they work with children in this council’s area?", "Yes")
    who.press("Continue")


def write_what_else_is_needed(who: Traveller) -> None:
    """Write the parts about the adult, the children and who knows, from the list of parts and back to it."""
    who.follow("The adult it is about")
    who.type("Name of the adult", "Robin Sample")
    who.type("Where do they work or volunteer with children?", "Willow Lane Primary School")
    who.press("Save and continue")
    who.follow("The children")
    who.choose("Are the children safe now?", "Yes")
    who.press("Save and continue")
    who.follow("Who knows about it")
    who.choose("Who knows about this already?", "Nobody yet")
    who.press("Save and continue")


def accept(who: Traveller, path: str, address: str, *, news: bool = False, wrong: str = "") -> None:
    """Choose a password with the link of an invitation, and e-mails about news or not yet, and sign in with it."""
    who.go(path)
    who.sees("You see what is happening, what you need to do and by when, and nobody else’s referrals.")
    if wrong:
        who.type("Choose a password", wrong)
        who.press("Save my password")
        who.sees("Use a password of at least 15 characters.")
    who.type("Choose a password", CHOSEN)
    if news:
        who.choose("May we e-mail you when there is something new? (optional)", "Yes, e-mail me")
    who.press("Save my password")
    who.sees("Your password is set.")
    who.enter_code("Save and sign in")


def sign_in_again(who: Traveller, address: str) -> None:
    """Sign in on the page that asks for it, with the password that was chosen."""
    who.type("E-mail address", address)
    who.type("Password", CHOSEN)
    who.press("Sign in")
    who.enter_code()


def reads_the_outcome(who: Traveller, page: str) -> None:
    """See the outcome that was released and say that it was read."""
    who.go(page)
    who.sees("The outcome has been released to you: Substantiated.")
    who.press("I have read this")
    who.sees("The officer sees that you have read the outcome.")
    who.sees("You read it:")
