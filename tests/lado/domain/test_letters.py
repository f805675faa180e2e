"""Wording with placeholders: what may stand in it, how it is filled in, and that no name is ever evaluated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lado.domain.codes import AUDIENCES
from lado.domain.letter_texts import SHIPPED
from lado.domain.letters import (
    EMAIL,
    EXAMPLE,
    OCCASIONS,
    PLACEHOLDERS,
    SCHOOLS,
    Kind,
    Text,
    clean,
    filled,
    gap,
    gaps_in,
    one_line,
    problems,
    publicity,
    tidied,
    whole,
)

LETTER, MAIL = Kind("parents", "outcome"), Kind("referrer", EMAIL)
AWKWARD = (
    "{outcome}",
    "{{7*7}}",
    "{0}{}",
    "%s %(x)s",
    "\\1 \\g<0>",
    "O’Brien & Sons <b>",
    "שרה כהן",
    "\u202eabc",
    "x" * 2_000,
    "a\r\nb\x00c\ud800",
)


def test_what_comes_with_the_product_is_for_known_people_and_has_no_fault():
    for kind, text in SHIPPED.items():
        assert kind.audience in AUDIENCES
        assert kind.occasion in OCCASIONS
        assert tidied(text) == text
        assert problems(kind, text) == {}, kind
        assert gaps_in(filled(text, EXAMPLE)) == [], kind


def test_everybody_is_told_what_was_concluded():
    assert {kind.audience for kind in SHIPPED if kind.occasion == "outcome"} == set(AUDIENCES)


def test_no_email_that_comes_with_the_product_holds_a_word_of_the_case():
    values = whole({name: f"zq{name}qz" for name in PLACEHOLDERS})
    for kind, text in SHIPPED.items():
        if kind.is_email:
            said = " ".join(filled(text, values))
            held = {name for name in PLACEHOLDERS if f"zq{name}qz" in said}
            assert held <= {"reference", "council", "telephone", "next_update"}


@pytest.mark.parametrize("audience", ["parents", "employer", "subject"])
def test_where_it_is_about_a_school_they_are_told_what_may_not_be_published(audience):
    for kind, text in SHIPPED.items():
        if kind.audience == audience and kind.occasion == "decision":
            about = {name: filled(text, {**EXAMPLE, "publicity": publicity(name)}) for name in ("primary", "fostering")}
            assert "social media counts as publishing" in about["primary"].body
            assert "social media" not in about["fostering"].body
            assert "\n\n\n" not in about["fostering"].body


def test_the_law_on_publishing_is_said_of_schools_alone():
    assert all(publicity(sector) for sector in SCHOOLS)
    assert not any(publicity(sector) for sector in ("early_years", "fostering", "health", ""))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "Write the text."),
        ("x" * 10_001, "Shorten this to 10,000 characters or fewer. It has 10,001."),
        ("{oucome}", "{oucome} cannot stand in a letter or an e-mail."),
        ("{ outcome }", "{ outcome } cannot stand in"),
        ("{outcome.__class__}", "{outcome.__class__} cannot stand in"),
        ("It is {outcome", "There is a { or } that belongs to no placeholder."),
        ("{{outcome}}", "There is a { or } that belongs to no placeholder."),
    ],
)
def test_what_cannot_be_filled_in_is_refused(body, said):
    assert problems(LETTER, Text("A heading", body))["body"].startswith(said)


@pytest.mark.parametrize(
    "body", ["About {subject}", "By {officer}", "{outcome}", "It is unfounded.", "Of an allegation"]
)
def test_an_email_names_nobody_and_tells_nothing(body):
    assert "body" in problems(MAIL, Text("{reference}", body))
    assert "heading" in problems(MAIL, Text(body, "There is news."))


@pytest.mark.parametrize("name", AWKWARD)
def test_a_name_is_printed_as_it_is_and_never_looked_at_again(name):
    made = filled(
        Text("To {subject}", "Dear {subject},\n\nIt is {outcome}."), whole({"subject": name, "outcome": "False"})
    )

    assert made.heading == f"To {one_line(name)}"
    assert made.body == f"Dear {one_line(name)},\n\nIt is False."


@given(st.dictionaries(st.sampled_from(sorted(PLACEHOLDERS)), st.text(max_size=60), max_size=6))
def test_whatever_a_case_holds_the_letter_stays_a_letter(values):
    wording = Text("{reference}", "\n\n".join(f"<{{{name}}}>" for name in PLACEHOLDERS))

    made = filled(wording, whole(values))

    assert made == tidied(made)
    for name in PLACEHOLDERS:
        assert f"<{whole(values)[name]}>" in made.body


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)


def test_what_is_not_known_leaves_a_gap_that_is_found():
    made = filled(Text("{reference}", "It is {outcome}. {publicity}"), whole({"reference": "NB-1"}))

    assert gaps_in(made) == [gap("outcome")]
