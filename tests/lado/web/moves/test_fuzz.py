"""Whatever is sent to the form of a move, the answer is a page: saved or refused, and never a fault."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lado.domain import codes
from lado.web.moves.forms import MOVE_FORMS
from tests.support.browser import judge
from tests.support.move_forms import address, send

NAMES = re.compile(r'name="([^"]+)"')
CODES = sorted(
    {
        *(str(limb) for limb in codes.LIMBS),
        *codes.OUTCOMES,
        *codes.AUDIENCES,
        *codes.BODIES,
        *codes.STRANDS,
        *codes.STRAND_STATUSES,
        *codes.ONWARD_DECISIONS,
        *codes.EVENTS,
        *codes.DELAY_REASONS,
        *codes.CATEGORIES,
        *codes.PERSON_ROLES,
        *("told", "not_told", "not_concerned", "family", "officer", "partner", "outsider", "children_safe", "y"),
    }
)
FIGURES = [
    "",
    "0",
    "1",
    "2",
    "3",
    "28",
    "29",
    "30",
    "31",
    "32",
    "12",
    "13",
    "1900",
    "2025",
    "2026",
    "2027",
    "2100",
    "9999",
]
TIMES = ["00:00", "01:30", "9:05", "2359", "24:00", "１２:00"]
NASTY = ["\x00", "\ud7ff", "\u202e", "’", "<b>", "{{ 7*7 }}", "%00", "None", "-1", "1e9", "٣", "a" * 201, "x" * 5_001]
VALUES = st.one_of(st.sampled_from([*FIGURES, *TIMES, *NASTY, *CODES]), st.text(max_size=40))
TOKENS = {"csrf_token", "form_token", "seen"}


@settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(move=st.sampled_from(sorted(MOVE_FORMS)), data=st.data())
def test_no_input_is_a_fault(signed_in, desk, move, data):
    referral = desk.case_at(move)
    page = signed_in.client.get(address(referral, move))
    names = sorted(set(NAMES.findall(page.text)) - TOKENS - {"viewport", "theme-color", "robots"})
    typed = {name: data.draw(st.one_of(VALUES, st.lists(VALUES, min_size=2, max_size=2))) for name in names}

    answer = send(signed_in, referral, move, page, typed)

    assert answer.status_code in (302, 400, 409), f"{move}: {answer.status_code}"
    if answer.status_code != 302:
        judge(answer.text)
        assert "There is a problem" in answer.text


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(move=st.sampled_from(sorted(MOVE_FORMS)), data=st.data())
def test_no_single_wrong_answer_in_a_filled_form_is_a_fault(signed_in, desk, move, data):
    """Deeper than noise goes: everything is right but one box, so that what is typed there reaches the rules."""
    referral, typed = desk.case_at(move), desk.typed(move)
    name = data.draw(st.sampled_from(sorted(typed)))
    page = signed_in.client.get(address(referral, move))

    answer = send(signed_in, referral, move, page, {**typed, name: data.draw(VALUES)})

    assert answer.status_code in (302, 400, 409), f"{move}: {answer.status_code}"
