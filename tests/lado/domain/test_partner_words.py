"""Sentences for partners: what may not stand in them, and that those of every procedure may."""

import pytest

from lado.domain.partner_words import LONGEST, NOTHING_OPEN, Words, asked, came_with, problems, tidied
from workflows.registry import PROCEDURES

GOOD = Words("We have your referral.", "Keep your notes safe.", "Nothing more is due.")


@pytest.mark.parametrize(
    ("words", "field", "because"),
    [
        (GOOD._replace(happening=""), "happening", "Say what is happening."),
        (GOOD._replace(to_do=""), "to_do", "Say what the partner should do. If it is nothing, say so."),
        (GOOD._replace(by_when=""), "by_when", "Say by when, or that nothing more is due."),
        (GOOD._replace(happening="x" * (LONGEST + 1)), "happening", "It has 301."),
        (GOOD._replace(happening="We wait for the Police."), "happening", "Leave out “police”"),
        (GOOD._replace(to_do="Ring the detective."), "to_do", "Leave out “detective”"),
        (GOOD._replace(by_when="After the arrest."), "by_when", "Leave out “arrest”"),
    ],
)
def test_what_may_not_stand_in_a_sentence(words, field, because):
    found = problems(words)

    assert list(found) == [field]
    assert because in found[field]


def test_a_sentence_of_exactly_the_longest_is_taken():
    assert problems(GOOD._replace(happening="x" * LONGEST)) == {}


def test_line_breaks_and_spaces_too_many_go():
    assert tidied(Words(" We\n have  it. ", "Wait.\r\n", "\tSoon.")) == Words("We have it.", "Wait.", "Soon.")


@pytest.mark.parametrize("flow", PROCEDURES.values(), ids=lambda flow: flow.name)
def test_every_state_of_a_procedure_comes_with_sentences_that_partners_may_be_told(flow):
    assert {state.key: problems(came_with(state)) for state in flow.states} == {state.key: {} for state in flow.states}


OF_ACTIONS = ("Carry out the actions that were given to you.", "By the date on each action.")
WAIT = ("Do not speak to the person concerned.", "Until we tell you.")


@pytest.mark.parametrize(
    ("approved", "open_actions", "expected"),
    [
        (OF_ACTIONS, 1, ("Carry out your action.", OF_ACTIONS[1])),
        (OF_ACTIONS, 3, ("Carry out your 3 actions.", OF_ACTIONS[1])),
        (OF_ACTIONS, 0, NOTHING_OPEN),
        (WAIT, 2, (f"Carry out your 2 actions. {WAIT[0]}", WAIT[1])),
        (WAIT, 0, WAIT),
    ],
)
def test_nobody_is_told_to_carry_out_what_they_have_done(approved, open_actions, expected):
    assert asked(*approved, open_actions) == expected


def test_each_sentence_on_actions_alone_is_known():
    on_actions = {
        words.to_do
        for flow in PROCEDURES.values()
        for words in map(came_with, flow.states)
        if "actions that" in words.to_do
    }
    assert {asked(words, OF_ACTIONS[1], 0) for words in on_actions} == {NOTHING_OPEN}
