"""What partners are told in each state of a procedure: three sentences, and what may not stand in them."""

from collections.abc import Mapping
from typing import NamedTuple

from workflows.model import State

LONGEST = 300
"""Characters of one sentence: it is read on a phone, by somebody under stress."""

GIVES_AWAY = ("police", "arrest", "constable", "detective", "custody")
"""Words that would tell a partner that the police are at work, whom “Waiting for another agency” hides."""

OF_ACTIONS = ("Carry out the actions that were given to you.", "Finish the actions that were given to you.")
"""Approved sentences that speak of actions alone: who holds no open one is told `NOTHING_OPEN`."""

OWN_ACTIONS_SAY_IT = (*OF_ACTIONS, "You do not need to do anything now.")
"""Approved sentences that one's own open actions take the place of; any other (do not speak to ...) stays beside."""

MISSING: Mapping[str, str] = {
    "happening": "Say what is happening.",
    "to_do": "Say what the partner should do. If it is nothing, say so.",
    "by_when": "Say by when, or that nothing more is due.",
}


class Words(NamedTuple):
    """What is happening, what the partner should do, and by when: one sentence or two each."""

    happening: str
    to_do: str
    by_when: str


def came_with(state: State) -> Words:
    """The sentences that came with the procedure."""
    return Words(state.partner_happening, state.partner_do, state.partner_by)


class Asked(NamedTuple):
    """What a partner should do, and by when."""

    to_do: str
    by_when: str


NOTHING_OPEN = Asked("You have no action to carry out now.", "Nothing is due from you now.")


def asked(to_do: str, by_when: str, open_actions: int) -> Asked:
    """What is asked of a partner who holds so many open actions, from the approved sentences on both.

    What waits for them by name comes first; and who has done all of theirs is not told to do it again.
    """
    if open_actions:
        own = "Carry out your action." if open_actions == 1 else f"Carry out your {open_actions} actions."
        return Asked(own if to_do in OWN_ACTIONS_SAY_IT else f"{own} {to_do}", by_when)
    return NOTHING_OPEN if to_do in OF_ACTIONS else Asked(to_do, by_when)


def tidied(words: Words) -> Words:
    """The same without line breaks and spaces too many."""
    return Words(*(" ".join(sentence.split()) for sentence in words))


def problems(words: Words) -> dict[str, str]:
    """What is wrong with sentences, by field (happening, to_do, by_when); nothing when partners may be told them."""
    found: dict[str, str] = {}
    for name, sentence in words._asdict().items():
        given_away = [word for word in GIVES_AWAY if word in sentence.casefold()]
        if not sentence:
            found[name] = MISSING[name]
        elif len(sentence) > LONGEST:
            found[name] = f"Shorten this to {LONGEST} characters or fewer. It has {len(sentence)}."
        elif given_away:
            found[name] = f"Leave out “{given_away[0]}”: a partner is not told which other agency is at work."
    return found
