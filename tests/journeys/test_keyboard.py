"""Without a mouse: sign in and log a referral with Tab, Space and Enter alone, always seeing where one is."""

from tests.support.journey import Traveller
from tests.support.people import PASSWORD, code_of, email_of

HERE = "document.activeElement"
WHERE = f"(() => {{ const e = {HERE}; return (e.labels?.[0] ?? e).textContent.trim().replace(/\\s+/g, ' '); }})()"
IS_SEEN = f"""(() => {{
  const e = {HERE};
  const style = getComputedStyle(...(e.matches("[type=radio], [type=checkbox]") ? [e.labels[0], "::before"] : [e]));
  return style.boxShadow !== "none" || (style.outlineStyle !== "none" && style.outlineWidth !== "0px");
}})()"""
FURTHEST = 80
"""Tabs to the next thing at most: a page on which it is farther is no page for a keyboard."""


def test_signing_in_and_logging_a_referral_with_the_keyboard_alone(arrive, clock):
    olive = arrive()
    olive.go("/sign-in")
    tab_to(olive, "E-mail address", words=email_of("olive"))
    tab_to(olive, "Password", words=PASSWORD)
    enter(olive)
    tab_to(olive, "Code from your authenticator app", words=code_of("olive", clock.now()))
    enter(olive)
    tab_to(olive, "Log a referral")
    enter(olive)

    tab_to(olive, "Who is the caller?", words="Edu")
    tab_to(olive, "Name of the caller", words="Pat Partner")
    tab_to(olive, "Name of the adult", words="Robin Sample")
    tab_to(olive, "Employer or setting", words="Willow Lane Primary School")
    tab_to(olive, "What happened, in the caller’s words", words="Is said to have pulled a child by the arm.")
    tab_to(olive, "Physical", words=" ")
    tab_to(olive, "Yes", words=" ")
    tab_to(olive, "Save the referral")
    enter(olive)

    olive.sees("Referral logged")
    olive.sees("Tuesday 3 March")


def test_the_skip_link_comes_first_and_leads_past_the_navigation(arrive):
    olive = arrive()
    olive.sign_in("olive")
    olive.page.keyboard.press("Tab")
    assert olive.page.evaluate(WHERE) == "Skip to main content"
    box = olive.page.locator(".govuk-skip-link").bounding_box()
    assert box
    assert box["width"] > 100, "it shows itself once it is reached"
    olive.page.keyboard.press("Enter")
    assert olive.page.evaluate(f"{HERE}.id") == "main-content"
    olive.page.keyboard.press("Tab")
    assert olive.page.evaluate(WHERE) == "Log a referral"


def tab_to(someone: Traveller, name: str, words: str = "") -> None:
    """Press Tab until this has the focus, which is seen on every stop of the way; then type the words."""
    for _ in range(FURTHEST):
        someone.page.keyboard.press("Tab")
        where = someone.page.evaluate(WHERE)
        assert someone.page.evaluate(IS_SEEN), f"the focus cannot be seen on “{where}”"
        if where == name:
            break
    else:
        raise AssertionError(f"“{name}” is not within {FURTHEST} tabs")
    someone.page.keyboard.type(words)


def enter(someone: Traveller) -> None:
    """Press Enter and judge the page it leads to."""
    with someone.page.expect_navigation():
        someone.page.keyboard.press("Enter")
    someone.judge()
