"""The sentences for partners in plain values: as a partner reads them, and who worded them when."""

from collections.abc import Iterable

from flask import url_for
from markupsafe import Markup

from lado.domain.partner_words import Words
from lado.queries.wordings import Proposal, StateWords, state_of
from lado.web.components import Fact, Place
from lado.web.signing_off import LINK, About
from workflows.model import Workflow
from workflows.registry import NAMED

ABOUT = Markup('<br><span class="queue__about">{}</span>')


def facts(words: Words) -> tuple[Fact, ...]:
    """The sentences as a partner reads them."""
    return (
        Fact("What is happening", words.happening),
        Fact("What you need to do", words.to_do),
        Fact("By when", words.by_when),
    )


def versions(flow: Workflow) -> list[Place]:
    """The versions of the procedure, to go between."""
    return [
        Place(f"Version {other.version}", url_for("sentences.home", procedure=name), other.name == flow.name)
        for name, other in NAMED.items()
        if other.key == flow.key
    ]


def state_rows(states: Iterable[StateWords]) -> list[tuple[str | Markup, ...]]:
    """A row for each state: its name with the word that partners are shown, and the three sentences."""
    return [
        (
            LINK.format(href(one), one.state.label) + ABOUT.format(_about(one)),
            one.words.happening,
            one.words.to_do,
            one.words.by_when,
        )
        for one in states
    ]


def about(council: str, one: Proposal) -> About:
    """What a proposal is about."""
    flow, state = state_of(one)
    return About(
        f"{state.label}, version {flow.version}",
        url_for("sentences.show", council=council, procedure=flow.name, state=state.key),
        url_for("sentences.decide", wording_id=one.id),
    )


def _about(one: StateWords) -> str:
    own = ["own words"] if one.words != one.came_with else []
    waiting = ["a proposal waits"] if one.waiting_id else []
    return ", ".join([f"“{one.state.partner_sees}”", *own, *waiting])


def href(one: StateWords) -> str:
    """The page of one state's sentences."""
    return url_for("sentences.show", council=one.council, procedure=one.flow.name, state=one.state.key)
