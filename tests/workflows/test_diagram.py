"""The drawn procedure says what the rows say: every state, move and clock, well-formed, and the same text each time."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from workflows.diagram import limit_in_words, svg, table
from workflows.registry import CURRENT
from workflows.rules import NATIONAL

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def picture():
    return ET.fromstring(svg(CURRENT))  # noqa: S314 - our own text


def test_the_picture_has_a_text_alternative(picture):
    title, description = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert "Allegation" in title.text
    assert description.text.startswith("The usual way: Received, then Threshold decision pending")
    assert all(state.label in description.text for state in CURRENT.states)


def test_the_picture_carries_no_inline_style(picture):
    assert not [element for element in picture.iter() if element.get("style")]


def test_every_state_is_drawn_once_and_lies_within_the_picture(picture):
    groups = picture.findall(f"{SVG}g")
    assert len(groups) == len(CURRENT.states)
    _, _, width, height = map(int, picture.get("viewBox").split())
    places = [tuple(int(group.find(f"{SVG}rect").get(name)) for name in ("x", "y")) for group in groups]
    assert all(0 < x < width - 200 and 0 < y < height - 40 for x, y in places)
    assert len(set(places)) == len(places)


def test_every_step_of_the_main_path_is_an_arrow(picture):
    titles = [title.text for path in picture.findall(f"{SVG}path") if (title := path.find(f"{SVG}title")) is not None]
    assert "Threshold met: Threshold decision pending to Threshold met: initial evaluation" in titles
    assert "Pause for the police: Review held to Paused for police" in titles
    assert "Re-open the case: Closed to Re-opened" in titles


def test_the_same_procedure_gives_the_same_text():
    assert svg(CURRENT) == svg(CURRENT)
    assert table(CURRENT, NATIONAL) == table(CURRENT, NATIONAL)


def test_the_table_names_every_state_move_and_clock():
    text = table(CURRENT, NATIONAL)
    for row in (*CURRENT.states, *CURRENT.moves, *NATIONAL.timescales):
        assert f"| {row.label} |" in text
    for move in CURRENT.moves:
        assert f"`{move.needs}`" in text
    assert "| Merge as a duplicate | any open state | Merged with another case |" in text
    assert "| Log the referral | the first contact | Received |" in text


def test_a_source_cannot_break_the_table():
    rules = replace(NATIONAL, timescales=(replace(NATIONAL.by_key["hearing"], source="one | two"),))
    assert "| one \\| two |" in table(CURRENT, rules)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("evaluation_decision", "1 working day"),
        ("minutes_sent", "28 calendar days"),
        ("first_police_review", "4 weeks"),
        ("delay_reason_review", "1 calendar month, 3 calendar months after the start, and again each time"),
        ("action", "a date that the officer gives"),
    ],
)
def test_a_limit_in_words(key, words):
    assert limit_in_words(NATIONAL.by_key[key]) == words
