"""Rehearsing, publishing, and the versions of the rules on their pages."""

from dataclasses import replace

import pytest

from lado.jobs import changes as job
from lado.queries import rules as published_rules
from lado.services import rules
from lado.web.settings.rehearsing import PER_PAGE
from tests.support.browser import words_of
from workflows.rules import NATIONAL
from workflows.spans import Span, Unit

REHEARSAL, PUBLISH, VERSIONS = "/settings/rules/rehearsal", "/settings/rules/publish", "/settings/rules/versions"
WHY = "Decided by the board on 2 March."


@pytest.fixture
def mina(browser):
    return browser.sign_in("mina")


@pytest.fixture
def draft(database, people):
    """Change limits in Mina's draft."""

    def change(**limits):
        for key, span in limits.items():
            with database.work(people.mina) as act:
                rules.set_limit(act, replace(NATIONAL.by_key[key], limit=span))

    return change


@pytest.fixture
def publish(mina):
    """Publish Mina's draft on its page."""

    def do(reach="running"):
        page = mina.get(PUBLISH)
        return mina.post(PUBLISH, {"reach": reach, "why": WHY, **seen(page.text)}, page=page)

    return do


def seen(page):
    """The two versions that the page shows."""
    return {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("seen_in_force", "seen_draft")}


def test_a_rehearsal_names_each_case_and_date(mina, caseload, draft):
    referral = caseload.referral()
    draft(evaluation_decision=Span(24, Unit.HOUR))
    page = words_of(mina.get(REHEARSAL))

    assert "1 date would change." in page
    assert f"{referral.reference} Evaluation and threshold decision" in page
    assert "Now: By the end of Tuesday 3 March Then: By 09:30 on Tuesday 3 March" in page
    assert "Olive Officer, as the accountable officer, with 80% of the time used" in page


def test_a_rehearsal_says_who_would_hear_instead(mina, caseload, database, people):
    caseload.referral()
    with database.work(people.mina) as act:
        rules.set_warnings(act, ())

    page = words_of(mina.get(REHEARSAL))

    assert "No date would change and nobody" not in page
    assert "No date would change." in page
    assert "Then: Olive Officer, as the accountable officer" in page
    assert "0 cases of 1 open would stay as they are." in page


def test_what_touches_nobody_is_said(mina, caseload, draft):
    caseload.referral()
    draft(hearing=Span(10, Unit.WORKING_DAY))

    assert "No date would change and nobody else would be told, in any of the 1 open cases." in words_of(
        mina.get(REHEARSAL)
    )


def test_without_cases_or_without_a_draft_there_is_nothing_to_say(mina, draft):
    assert "nothing would change" in words_of(mina.get(REHEARSAL))
    assert "there is nothing to publish" in words_of(mina.get(PUBLISH))
    draft(evaluation_decision=Span(24, Unit.HOUR))

    assert "No case is open" in words_of(mina.get(REHEARSAL))


def test_a_long_rehearsal_comes_in_pages_at_the_price_of_a_short_one(mina, caseload, draft):
    for _ in range(3):
        caseload.referral()
    draft(evaluation_decision=Span(24, Unit.HOUR))
    mina.get(REHEARSAL)
    short = mina.queries
    for _ in range(PER_PAGE):
        caseload.referral()
    first, second = mina.get(REHEARSAL), mina.get(f"{REHEARSAL}?page=2")

    assert mina.queries <= short + 1  # the cases are read a hundred at a time
    assert first.text.count('class="govuk-link reference"') == PER_PAGE
    assert second.text.count('class="govuk-link reference"') == 3
    assert "page 2 of 2" in second.text
    assert mina.get(f"{REHEARSAL}?page=99").text.count('class="govuk-link reference"') == 3


def test_published_for_new_referrals_only(mina, caseload, draft, publish):
    caseload.referral()
    draft(evaluation_decision=Span(24, Unit.HOUR))
    page = words_of(publish("new"))

    assert "Published. These rules are in force now." in page
    assert f"Mina Manager: {WHY}" in page
    assert "Evaluation and threshold decision: limit 1 working day 24 hours (changed)" in page
    assert "Published for new referrals only." in page


def test_published_for_running_cases_with_progress(mina, caseload, draft, publish, database):
    referral = caseload.referral()
    draft(evaluation_decision=Span(24, Unit.HOUR))
    page = words_of(publish("running"))
    assert "0 of 1 open cases looked at" in page
    assert "See how far it is" in page
    job.tick(database)
    version = mina.get(VERSIONS).text.split('href="/settings/rules/versions/')[1].split('"')[0]

    assert "1 of 1 open cases looked at: 1 brought under these rules" in words_of(mina.get(f"{VERSIONS}/{version}"))
    assert "09:30 on Tuesday 3 March" in words_of(mina.get(f"/referrals/{referral.reference}"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"reach": ""}, "Choose for which cases the new rules hold."), ({"why": ""}, "Say why the rules change.")],
)
def test_what_is_missing_is_asked_for(mina, draft, typed, said):
    draft(evaluation_decision=Span(24, Unit.HOUR))
    page = mina.get(PUBLISH)
    answer = mina.post(PUBLISH, {"reach": "new", "why": WHY, **seen(page.text), **typed}, page=page, status=400)

    assert words_of(answer).count(said) == 2


def test_what_changed_meanwhile_is_shown_before_it_is_published(mina, draft):
    draft(evaluation_decision=Span(24, Unit.HOUR))
    page = mina.get(PUBLISH)
    draft(meeting=Span(3, Unit.WORKING_DAY))
    sent = {"reach": "new", "why": WHY, **seen(page.text)}
    answer = mina.post(PUBLISH, sent, page=page, status=409)

    assert "have changed since you saw what they would do" in words_of(answer)
    assert WHY in answer.text
    assert "First meeting: limit" in words_of(answer)
    assert "Published" in words_of(mina.post(PUBLISH, {**sent, **seen(answer.text)}, page=answer))


def test_the_same_form_twice_publishes_once(mina, draft, database, people):
    draft(evaluation_decision=Span(24, Unit.HOUR))
    page = mina.get(PUBLISH)
    sent = {"reach": "new", "why": WHY, **seen(page.text)}
    mina.post(PUBLISH, sent, page=page)
    mina.post(PUBLISH, sent, page=page)

    with database.reading(people.mina) as act:
        assert len(published_rules.versions(act)) == 2


def test_every_version_says_who_when_and_why(mina, browser, draft, publish):
    draft(evaluation_decision=Span(24, Unit.HOUR))
    publish()
    page = words_of(mina.get(VERSIONS))

    assert "Monday 2 March 2026 at 09:30 In force" in page
    assert "Evaluation and threshold decision: limit: 1 working day became 24 hours." in page
    assert f"Mina Manager: {WHY}" in page
    assert "The first rules." in page


def test_everyone_of_the_council_reads_the_versions_and_only_managers_bring_one_back(browser, people, database):
    with database.reading(people.mina) as act:
        number = published_rules.in_force(act.session, people.mina.authority, act.at).id
    browser.sign_in("olive").get(f"{VERSIONS}/{number}")
    page = browser.get("/settings")

    browser.post(f"{VERSIONS}/{number}/bring-back", {}, page=page, status=404)


def test_a_version_is_brought_back_through_a_rehearsal(mina, caseload, draft, publish, database, people):
    caseload.referral()
    with database.reading(people.mina) as act:
        first = published_rules.in_force(act.session, people.mina.authority, act.at).id
    draft(evaluation_decision=Span(24, Unit.HOUR))
    publish()
    job.tick(database)
    page = mina.get(f"{VERSIONS}/{first}")
    page = words_of(mina.post(f"{VERSIONS}/{first}/bring-back", {}, page=page))
    assert "Your draft now says what that version said." in page
    assert "Now: By 09:30 on Tuesday 3 March Then: By the end of Tuesday 3 March" in page
    publish()

    assert NATIONAL.version in words_of(mina.get("/settings"))
    page = mina.get(f"{VERSIONS}/{first}")
    assert "Bring these rules back" not in words_of(page)
    answer = mina.post(f"{VERSIONS}/{first}/bring-back", {}, page=mina.get("/settings/rules/change/warnings"))
    assert "in force already" in words_of(answer)


def test_versions_cost_the_same_however_many(mina, draft, publish):
    draft(meeting=Span(4, Unit.WORKING_DAY))
    publish("new")
    mina.get(VERSIONS)
    few = mina.queries
    for count in (3, 6, 7):
        draft(meeting=Span(count, Unit.WORKING_DAY))
        publish("new")
    mina.get(VERSIONS)

    assert mina.queries == few


def test_a_version_of_another_council_is_not_found(browser, database, people):
    with database.reading(people.sam) as act:
        southmere = published_rules.in_force(act.session, people.sam.authority, act.at).id

    browser.sign_in("mina").get(f"{VERSIONS}/{southmere}", status=404)
    browser.get(f"{VERSIONS}/{9**40}", status=404)


def test_a_version_that_another_overtook_does_not_promise_to_go_on(mina, caseload, draft, publish, database):
    caseload.referral()
    draft(evaluation_decision=Span(24, Unit.HOUR))
    publish()
    overtaken = mina.get(VERSIONS).text.split('href="/settings/rules/versions/')[1].split('"')[0]
    draft(evaluation_decision=Span(36, Unit.HOUR))
    publish()

    page = words_of(mina.get(f"{VERSIONS}/{overtaken}"))

    assert "0 cases brought under these rules and 0 kept as they were, before a later version took their place." in page
    assert "Bring these rules back" in page
