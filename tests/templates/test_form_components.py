"""The form components: what was typed comes back unchanged and escaped, errors stand in both places, ids fit."""

import pytest

from tests.templates.pages import NASTY, component, every, render, sample_form, strict_fragment

EVERY_FIELD = (
    "text_input(form.caller, hint='As they give it', width=20, autocomplete='name', inputmode='text')",
    "textarea(form.words, rows=6, hint='In their words')",
    "textarea(form.words, maxlength=4000)",
    "radios(form.threshold, hint='On what is known now', small=true, conditional={'met': 'More' | e})",
    "radios(form.threshold, inline=true)",
    "checkboxes(form.told, hint='All that apply', conditional={'police': 'More' | e})",
    "checkboxes(form.safe, hint='As far as is known')",
    "select(form.setting, hint='Where the adult works')",
    "date_input(form.received, hint='For example, 27 3 2026', time=true)",
    "date_input(form.received)",
    "precise_date(form.incident, hint='As near as is known', time=true)",
    "time_input(form.at)",
    "text_input(form.password, type='password', autocomplete='current-password')",
)


@pytest.mark.parametrize("call", EVERY_FIELD)
@pytest.mark.parametrize("errors", [False, True])
def test_every_field_is_valid_labelled_and_says_its_error(call: str, errors: bool) -> None:
    markup = component(call, form=sample_form(errors))
    tree = strict_fragment(markup)
    said = "".join(tree.itertext())
    assert ("Mend:" in said) is errors
    assert markup.count("govuk-form-group--error") == errors


@pytest.mark.parametrize("call", EVERY_FIELD[:3])
def test_typed_text_comes_back_unchanged_and_harmless(call: str) -> None:
    typed = f"first\n  second {NASTY}" if "words" in call else NASTY
    markup = component(call, form=sample_form(caller=typed, words=typed))
    tree = strict_fragment(markup)
    field = tree.find(".//textarea")
    shown = field.text if field is not None else tree.find(".//input").get("value")
    assert shown == typed
    assert "<script>" not in markup


def test_a_text_area_inside_a_choice_keeps_its_lines() -> None:
    source = """{% from "components/radios.html" import radios %}{% from "components/textarea.html" import textarea %}
    {% from "components/fieldset.html" import fieldset %}
    {% set more %}{{ textarea(form.words) }}{% endset %}
    {% call fieldset("Decision") %}{{ radios(form.threshold, conditional={"met": more}) }}{% endcall %}"""
    tree = strict_fragment(render(source, form=sample_form(words="one\ntwo\n three")))
    assert tree.find(".//textarea").text == "one\ntwo\n three"


def test_a_password_is_never_sent_back() -> None:
    form = sample_form(password="secret words")
    assert "secret" not in component("text_input(form.password, type='password')", form=form)


def test_chosen_values_are_chosen_again() -> None:
    form = sample_form(threshold="advice", told=["police"], setting="school", safe=True)
    checked = {
        call: [
            box.get("value")
            for box in every(strict_fragment(component(call, form=form)), "input", "option")
            if box.get("checked") is not None or box.get("selected") is not None
        ]
        for call in ("radios(form.threshold)", "checkboxes(form.told)", "checkboxes(form.safe)", "select(form.setting)")
    }
    assert list(checked.values()) == [["advice"], ["police"], ["y"], ["school"]]


def test_date_boxes_show_what_was_typed_and_which_box_is_wrong() -> None:
    form = sample_form()
    form.received.boxes |= {"day": "31", "month": NASTY, "year": "26"}
    form.received.errors, form.received.wrong = ["Enter a real date"], ("month",)
    tree = strict_fragment(component("date_input(form.received)", form=form))
    boxes = {box.get("name"): box for box in every(tree, "input")}
    assert [box.get("value") for box in boxes.values()] == ["31", NASTY, "26"]
    assert [name for name, box in boxes.items() if "govuk-input--error" in box.get("class")] == ["received-month"]


def test_a_precise_date_asks_how_exact_and_for_a_last_day() -> None:
    form = sample_form()
    form.incident.boxes["precision"] = "range"
    tree = strict_fragment(component("precise_date(form.incident, time=true)", form=form))
    names = [box.get("name") for box in every(tree, "input") if box.get("type") == "text"]
    assert names == [f"incident-{part}" for part in ("day", "month", "year", "time", "to-day", "to-month", "to-year")]
    chosen = [box.get("value") for box in every(tree, "input") if box.get("checked") is not None]
    assert chosen == ["range"]


FIELD_NAMES = (
    *("text_input", "textarea", "radios", "checkboxes"),
    *("select", "date_input", "precise_date", "time_input"),
)


def test_each_link_of_the_summary_lands_on_an_input() -> None:
    form = sample_form(errors=True)
    form.incident.wrong = ("to-month",)
    names = (*FIELD_NAMES, "error_summary")
    imports = "".join(f'{{% from "components/{name}.html" import {name} %}}' for name in names)
    body = """{{ error_summary(form) }}{{ text_input(form.caller) }}{{ textarea(form.words) }}
    {{ radios(form.threshold) }}
    {{ checkboxes(form.told) }}{{ checkboxes(form.safe) }}{{ select(form.setting) }}{{ date_input(form.received) }}
    {{ precise_date(form.incident) }}{{ time_input(form.at) }}{{ text_input(form.password, type="password") }}"""
    tree = strict_fragment(render(imports + body, form=form))
    targets = [link.get("href").removeprefix("#") for link in every(tree, "a")]
    inputs = {box.get("id") for box in every(tree, "input", "select", "textarea")}
    assert len(targets) == len(list(form))
    assert set(targets) <= inputs
    assert {"received-day", "incident-to-month"} <= set(targets)
    assert "These answers do not fit together" in "".join(tree.itertext())


def test_no_summary_when_nothing_is_wrong() -> None:
    assert component("error_summary(form)", form=sample_form()).strip() == ""


def test_a_form_carries_both_tokens_and_its_draft_address() -> None:
    source = """{% from "components/form_wrapper.html" import form_wrapper %}
    {% call form_wrapper("/there", autosave_url="/draft", id="log") %}x{% endcall %}"""
    form = strict_fragment(render(source)).find(".//form")
    hidden = {box.get("name"): box.get("value") for box in every(form, "input")}
    assert hidden == {"csrf_token": "csrf", "form_token": "once"}
    assert (form.get("method"), form.get("action"), form.get("data-autosave-url")) == ("post", "/there", "/draft")


def test_a_search_form_carries_no_token() -> None:
    source = """{% from "components/form_wrapper.html" import form_wrapper %}
    {% call form_wrapper("/search", method="get") %}x{% endcall %}"""
    assert "token" not in render(source)


@pytest.mark.parametrize(
    "call",
    [
        "button('Save', kind='secondary', name='then', value='next')",
        "button_link('Log a referral', '/referrals/new')",
        "details('Why we ask', 'Because')",
        "back_link('/')",
        "notification('Referral logged. Decide by the end of Monday.')",
        "two_versions([{'label': 'Role', 'theirs': 'Teacher', 'mine': 'Teaching assistant'}])",
    ],
)
def test_the_small_ones(call: str) -> None:
    strict_fragment(component(call))
