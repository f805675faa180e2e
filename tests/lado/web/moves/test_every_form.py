"""The form of every move: there is one, it saves what was typed, and bad input is refused with the text kept."""

from html import escape

import pytest

from lado.web.fields import Line
from lado.web.moves.forms import MOVE_FORMS
from lado.web.moves.forms.base import MoveForm
from tests.support.browser import words_of
from tests.support.move_forms import FILLED, address, send
from workflows.registry import PROCEDURES

MOVES = sorted(MOVE_FORMS)


def test_every_move_of_every_procedure_but_the_first_has_a_form():
    known = {move.key for flow in PROCEDURES.values() for move in flow.moves}

    assert known - set(MOVE_FORMS) == {"refer"}
    assert set(MOVE_FORMS) == set(FILLED), "and each is filled in by these tests"


def test_every_form_says_what_it_is_for_and_what_has_happened():
    for move, form in MOVE_FORMS.items():
        assert form.help.endswith("."), move
        assert form.done.endswith("."), move
        assert issubclass(form, MoveForm)


BAD = {
    "nothing": lambda typed: {},
    "blanks": lambda typed: dict.fromkeys(typed, "   "),
    "10,000 characters": lambda typed: dict.fromkeys(typed, "ö" * 10000),
    "another type": lambda typed: dict.fromkeys(typed, "{'a': [1]}<script>"),
    "NUL": lambda typed: {name: f"{value}\x00" for name, value in typed.items()},
    "control characters": lambda typed: {name: f"\x1b[2J{value}\x07" for name, value in typed.items()},
    "a huge number": lambda typed: dict.fromkeys(typed, "9" * 4_000),
    "repeated": lambda typed: {name: [value, value] for name, value in typed.items()},
}


@pytest.mark.parametrize("move", MOVES)
def test_bad_input_is_refused_with_the_text_kept_and_nothing_written(signed_in, desk, recorded, move):
    referral, good = desk.case_at(move), desk.typed(move)
    page = signed_in.get(address(referral, move))
    for bad, spoil in BAD.items():
        typed = spoil(good)
        before = recorded()

        answer = send(signed_in, referral, move, page, typed)

        if answer.status_code == 302:
            assert may_save(move, bad, page), f"{bad} was saved"
            assert "]}<script>" not in signed_in.get(f"/referrals/{referral.reference}").text
            referral = desk.case_at(move)
            page = signed_in.get(address(referral, move))
        else:
            signed_in.judged(answer, 400)
            assert recorded() == before, bad
            assert "There is a problem" in answer.text, bad
            assert kept(move, typed, answer.text), bad


WRONG_TOKENS = {
    "a csrf token of another page": {"csrf_token": "ImFiYyI.abc.def"},
    "no csrf token": {"csrf_token": ""},
    "a csrf token of NUL": {"csrf_token": "\x00"},
    "no form token": {"form_token": ""},
    "a short form token": {"form_token": "short"},
    "a form token that is far too long": {"form_token": "x" * 10_000},
    "no entry seen": {"seen": ""},
    "an entry seen that is no number": {"seen": "eleven"},
    "an entry seen before the first": {"seen": "-1"},
    "an entry seen that is not there yet": {"seen": "999"},
    "an entry seen beyond all numbers": {"seen": "9" * 40},
    "an entry seen in other figures": {"seen": "１２"},
    "an entry seen twice": {"seen": ["1", "2"]},
}


@pytest.mark.parametrize("move", MOVES)
def test_a_wrong_token_is_refused_and_the_same_form_saves_with_the_good_one_it_is_given(
    signed_in, desk, recorded, move
):
    referral = desk.case_at(move)
    typed = desk.typed(move)
    page = signed_in.get(address(referral, move))
    assert escape(MOVE_FORMS[move].help, quote=False)[:30] in page.text
    before = recorded()

    for wrong, token in WRONG_TOKENS.items():
        answer = send(signed_in, referral, move, page, {**typed, **token})
        assert answer.status_code == 400, wrong
        assert recorded() == before, wrong
        assert kept(move, typed, answer.text), wrong
        page = answer

    signed_in.judged(page, 400)
    answer = send(signed_in, referral, move, page, typed)
    said = words_of(signed_in.get(answer.location))
    assert recorded() > before
    assert MOVE_FORMS[move].done in said
    assert "Next: " in said or "Nothing more is due." in said


def may_save(move, bad, page) -> bool:
    """Nothing typed is an answer where nothing is asked; odd words are words where only words are asked."""
    if bad in ("nothing", "blanks"):
        return 'class="govuk-radios__input"' not in page.text and "(optional)" in page.text
    return bad in ("another type", "a huge number") and all(is_words(move, name) for name in FILLED[move].data)


def is_words(move, name) -> bool:
    """Whether what is typed into this box is words."""
    unbound = getattr(MOVE_FORMS[move], name, None)
    return unbound is not None and issubclass(unbound.field_class, Line) and name != "merged_into"


def kept(move, typed, text) -> bool:
    """Whether everything that was typed as words stands on the page."""
    for name, value in typed.items():
        said = value[0] if isinstance(value, list) else value
        if is_words(move, name) and escape(said.strip()) not in text.replace("&#34;", "&quot;").replace(
            "&#39;", "&#x27;"
        ):
            return False
    return True
