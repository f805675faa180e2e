"""The pictures, lists and small words: valid, unique ids, the same said in words as in colour."""

import pytest

from lado.web.components import DeadlineView, Task
from tests.templates import samples
from tests.templates.pages import NASTY, component, every, strict_fragment

CALLS = (
    "status_tag('Late', 'late')",
    "deadline(s.DEADLINES[0])",
    "deadlines(s.DEADLINES)",
    "timeline_picture(s.PICTURE)",
    "task_list(s.TASKS)",
    "summary_list(s.FACTS)",
    "queue_table(s.QUEUE, 'Lapsed and due')",
    "queue_table(s.QUEUE, 'Mine', show_owner=false)",
    "data_table('Told', ['Who', 'When'], [['Ofsted', '2 Nov 2026'], ['Parents', '']], numeric=(2,))",
    "pagination_by_key('/next', '/previous')",
    "filter_bar(s.PLACES)",
    "sub_navigation(s.PLACES)",
    "identity_bar('LR-7K3M-4', 'T.W.', 'Teacher', 'Under investigation', 'running', s.FACTS)",
    "timeline(s.ITEMS)",
    "calendar_strip(s.STRIP)",
    "calendar_strip(s.STRIP[:1] + s.STRIP[3:])",
    "month_calendar(s.MONTH)",
    "empty_state('Nothing here', 'Cases will stand here.', 'Log a referral', '/referrals/new')",
    "inset('Words')",
    "warning_text('Nobody is on cover')",
    "panel('Referral logged', 'LR-7K3M-4')",
    "steps(['Received', 'Being considered', 'In progress', 'Concluded'], 2)",
)


def words(markup: str) -> str:
    return " ".join(" ".join(strict_fragment(markup).itertext()).split())


@pytest.mark.parametrize("call", CALLS)
def test_every_component_is_valid_with_unique_ids(call: str) -> None:
    strict_fragment(component(call, s=samples))


def test_text_about_people_is_only_text() -> None:
    view = DeadlineView("x", NASTY, samples.TODAY, NASTY, NASTY, "late")
    markup = component("deadline(view)", view=view) + component(
        "task_list([t])", t=Task(NASTY, NASTY, "soon", hint=NASTY)
    )
    strict_fragment(markup)
    assert "<script" not in markup


def test_a_tone_that_does_not_exist_raises() -> None:
    with pytest.raises(KeyError):
        component("status_tag('Late', 'purple')")


def test_a_deadline_says_the_exact_moment_too() -> None:
    said = words(component("deadline(s.DEADLINES[0])", s=samples))
    assert "late by 4 working days" in said
    assert "(exactly Friday 20 November 2026 at 23:59)" in said


def test_the_picture_and_its_tables_say_the_same() -> None:
    tree = strict_fragment(component("timeline_picture(s.PICTURE)", s=samples))
    drawing = tree.find(".//{http://www.w3.org/2000/svg}svg")
    assert drawing.get("role") == "img"
    drawn = "".join(drawing.itertext())
    told = "".join("".join(table.itertext()) for table in every(tree.find(".//details"), "table"))
    for line in samples.LINES:
        assert line.label in drawn
        assert line.says in drawn
        assert line.label in told
        assert line.says in told
    for event in samples.HAPPENINGS:
        assert event.text in drawn
        assert event.text in told


def test_every_card_cell_knows_its_column() -> None:
    for call in CALLS[6:9]:
        tree = strict_fragment(component(call, s=samples))
        assert [cell.attrib for cell in every(tree, "td") if not cell.get("data-label")] == []


def test_the_list_of_a_phone_says_what_the_month_says() -> None:
    tree = strict_fragment(component("month_calendar(s.MONTH)", s=samples))
    table, days = tree.find(".//table"), every(tree, "ol")[0]
    assert [len(every(row, "td")) <= 31 for row in every(table, "tr")] == [True] * 4
    spans = [sum(int(cell.get("colspan", "1")) for cell in every(row, "td")) for row in every(table, "tr")[1:]]
    assert spans == [31, 31, 31]
    christmas_eve = " ".join("".join(days[23].itertext()).split())
    assert christmas_eve == (
        "Thursday 24 December 2026 Amara Okafor: Leave Ben Iqbal: Duty Falls due: LR-7K3M-4 review"
    )


def test_the_working_is_a_calendar_only_when_no_day_is_left_out() -> None:
    assert "strip--weeks" in component("calendar_strip(s.STRIP)", s=samples)
    assert "strip--weeks" not in component("calendar_strip(s.STRIP[:1] + s.STRIP[3:])", s=samples)


def test_no_pages_no_navigation() -> None:
    assert component("pagination_by_key()").strip() == ""


def test_one_step_is_the_present_one() -> None:
    tree = strict_fragment(component("steps(['A', 'B', 'C', 'D'], 2)"))
    states = [span.text for span in every(tree, "span") if span.get("class") == "steps__state"]
    assert states == ["Done", "Now", "Not yet", "Not yet"]
    assert [item.get("aria-current") for item in every(tree, "li")] == [None, "step", None, None]
