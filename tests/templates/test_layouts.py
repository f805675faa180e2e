"""The frame of every page, and the pages for when something went wrong."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.templates.pages import Who, context, every, render, sample_form, small_app, strict_page

STAFF = """{% extends "layouts/staff.html" %}{% block page_title %}Home{% endblock %}
{% block content %}<h1>Home</h1>{% endblock %}"""
PORTAL = STAFF.replace("staff", "portal")
ERRORS = ("400", "403", "404", "405", "409", "409_stale", "413", "429", "500", "503")


def links(tree: Any) -> list[str]:
    return [link.get("href") for link in every(tree, "a")]


def test_an_officers_page() -> None:
    tree = strict_page(render(STAFF, path="/cover", alarms=["The scheduler has been silent since 09:12."]))
    said = " ".join("".join(tree.itertext()).split())
    assert tree.find(".//title").text == "Home – LADO referral tracker – Ashbourne Council"
    assert "Amara Okafor, designated officer" in said
    assert "Demonstration The people here are invented." in said
    assert "Warning: The scheduler has been silent since 09:12." in said
    assert "01632 960 001" in said
    assert [link.get("href") for link in every(tree, "a") if link.get("aria-current")] == ["/cover"]
    assert "/mail" in links(tree)
    sign_out = tree.find(".//form")
    assert (sign_out.get("method"), sign_out.get("action")) == ("post", "/sign-out")


def test_the_crown_and_its_font_are_nowhere() -> None:
    markup = render(STAFF).lower()
    assert not [word for word in ("crown", "gov.uk", "gds transport") if word in markup]


def test_a_partners_page_leads_to_their_referrals_to_referring_and_to_their_sign_ins_only() -> None:
    tree = strict_page(render(PORTAL, who=Who("Sam Reed", "head teacher", True)))
    assert set(links(tree)) == {"#main-content", "/portal", "/portal/refer", "/my-sessions/home"}


def test_nobody_signed_in_sees_no_places_and_no_sign_out() -> None:
    tree = strict_page(render(STAFF, who=None, demonstration=False))
    assert set(links(tree)) == {"#main-content", "/"}
    assert tree.find(".//form") is None


def test_every_script_and_style_carries_the_nonce() -> None:
    tree = strict_page(render(STAFF))
    assert [tag.get("nonce") for tag in every(tree, "script", "style")] == ["n0nce"] * 4


def test_the_errors_of_the_pages_form_come_first() -> None:
    tree = strict_page(render(STAFF, form=sample_form(errors=True)))
    assert tree.find(".//title").text.startswith("Error: ")
    first = tree.find(".//main")[0]
    assert first.get("class") == "govuk-error-summary"


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("who", [None, Who(), Who(is_partner=True)])
def test_error_pages_say_what_to_do(name: str, who: Who | None) -> None:
    stale = {
        "their_name": "Ben Iqbal",
        "their_at": datetime(2026, 11, 26, 15, 40, tzinfo=UTC),
        "changes": [{"label": "Role", "theirs": "Teacher", "mine": "Teaching assistant"}],
        "again_url": "/referrals/AB12-C",
    }
    app = small_app()
    with app.test_request_context("/"):
        page = app.jinja_env.get_template(f"errors/{name}.html").render(**context(who=who, code="7f3a"), **stale)
    tree = strict_page(page)
    assert len(list(every(tree, "h1"))) == 1
    assert tree.find(".//title").text.startswith(tree.find(".//h1").text)
    assert name == "409_stale" or "7f3a" in page


@pytest.mark.parametrize("name", ["400", "409"])
def test_a_refusal_says_what_is_missing(name: str) -> None:
    app = small_app()
    with app.test_request_context("/"):
        page = app.jinja_env.get_template(f"errors/{name}.html").render(**context(words="Record the outcome first."))
    strict_page(page)
    assert "Record the outcome first." in page


@pytest.mark.parametrize("name", ["500", "503"])
def test_the_last_pages_ask_for_nothing(name: str) -> None:
    app = small_app()
    with app.test_request_context("/"):
        strict_page(app.jinja_env.get_template(f"errors/{name}.html").render())
