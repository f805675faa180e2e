"""Logging a referral: what has to be said, what may be left out, what is refused, and what follows."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lado.models import Grant, LedgerEntry, Notice, Referral
from lado.queries import ledger
from lado.services import cover
from lado.services.cover import NewAbsence
from tests.support.browser import hidden, words_of
from workflows.events import AllegationAdded, Opened, PersonAdded

CALL = {
    "source": "education",
    "caller_name": "Jo Head",
    "subject_name": "Robin Sample",
    "setting": "Willow Lane Primary School",
    "category": "physical",
    "summary": "Is said to have pulled a child by the arm.",
    "received-day": "2",
    "received-month": "3",
    "received-year": "2026",
    "received-time": "09:10",
    "channel": "call",
    "evidence": "call_note",
    "children_safe": "yes",
}
"""The least that has to be said of a telephone call."""


def log(browser, status=200, **changes):
    return browser.post("/referrals/new", CALL | changes, status=status)


def saved(database, people):
    """Every referral that was saved, oldest first, with what its record says."""
    with database.reading(people.olive) as act:
        referrals = act.session.scalars(select(Referral).order_by(Referral.id)).all()
        for referral in referrals:
            act.session.refresh(referral, ["sealing_key"])
        return [(referral, ledger.entries(act, referral)) for referral in referrals]


def only(database, people):
    found = saved(database, people)
    assert len(found) == 1
    return found[0]


def events_of(entries, kind):
    return [entry for entry in entries if isinstance(entry.event, kind)]


def nothing_written(database, people):
    with database.reading(people.olive) as act:
        count = act.session.scalar(select(func.count()).select_from(LedgerEntry))
        return count == 0 and act.session.scalar(select(func.count()).select_from(Referral)) == 0


def test_a_call_is_logged_with_its_least_answers(browser, database, people):
    answer = log(browser.sign_in("olive"))

    referral, entries = only(database, people)
    assert f"/referrals/{referral.reference}/logged" == answer.request.path
    assert referral.reference in answer.text
    assert referral.owner_id == people.olive.id
    assert "Threshold decision" in answer.text
    assert "by the end of Tuesday 3 March" in answer.text
    assert events_of(entries, PersonAdded)[0].words["name"] == "Robin Sample"


def test_at_most_ten_answers_have_to_be_given(browser, database, people):
    browser.sign_in("olive")

    answer = browser.post("/referrals/new", dict.fromkeys(CALL, ""), status=400)

    summary = answer.text.split("govuk-error-summary__list")[1].split("</ul>")[0]
    assert 1 <= summary.count("<li>") <= 10
    assert nothing_written(database, people)


def test_everything_that_can_be_said_is_kept(browser, database, people):
    log(
        browser.sign_in("olive"),
        caller_role="Head teacher",
        caller_agency="Willow Lane Primary School",
        caller_phone="01632 960 100",
        caller_email="jo@willow.example",
        subject_role="Teacher",
        sector="primary",
        known_as="Bobby Sample",
        basis="permanent",
        other_roles="Coaches football.",
        late_reason="",
        notes="Ring back at three.",
        safety_steps="The children are with another teacher.",
        **{
            "born_on-day": "17",
            "born_on-month": "5",
            "born_on-year": "1980",
            "incident-day": "26",
            "incident-month": "2",
            "incident-year": "2026",
            "incident-precision": "range",
            "incident-to-day": "27",
            "incident-to-month": "2",
            "incident-to-year": "2026",
            "employer_aware-day": "27",
            "employer_aware-month": "2",
            "employer_aware-year": "2026",
            "children-0-name": "Kim Example",
            "children-0-born_on-day": "1",
            "children-0-born_on-month": "9",
            "children-0-born_on-year": "2017",
            "children-0-flags": ["looked_after", "placed"],
            "children-1-name": "Lee Example",
        },
    )

    _, entries = only(database, people)
    opened = events_of(entries, Opened)[0]
    assert (opened.event.incident_precision, str(opened.event.incident_to_on)) == ("range", "2026-02-27")
    assert opened.event.employer_aware_precision == "approximate"
    assert opened.words["notes"] == "Ring back at three."
    assert opened.words["safety_steps"] == "The children are with another teacher."
    subject, referrer, *children = (entry.words for entry in events_of(entries, PersonAdded))
    assert subject["born_on"] == "1980-05-17"
    assert subject["known_as"] == "Bobby Sample"
    assert referrer["email"] == "jo@willow.example"
    assert children == [
        {"name": "Kim Example", "born_on": "2017-09-01", "flags": ["looked_after", "placed"]},
        {"name": "Lee Example"},
    ]
    assert events_of(entries, AllegationAdded)[0].event.children == (3, 4)


def test_a_request_for_advice_names_nobody(browser, database, people):
    answer = log(browser.sign_in("olive"), is_advice_call="y", subject_name="")

    referral, entries = only(database, people)
    assert referral.is_advice_call
    assert events_of(entries, PersonAdded)[0].words.get("name", "") == ""
    assert "Request for advice logged" in answer.text


@pytest.mark.parametrize(
    "named", [{"subject_name": "Robin Sample"}, {"subject_name": "", "known_as": "Bobby"}], ids=["name", "known as"]
)
def test_a_name_in_a_request_for_advice_is_pointed_out(browser, database, people, named):
    answer = log(browser.sign_in("olive"), status=400, is_advice_call="y", **named)

    assert "kept without the adult’s name" in answer.text
    assert nothing_written(database, people)


def test_a_name_may_be_not_known_yet(browser, database, people):
    log(browser.sign_in("olive"), subject_name="", subject_unknown="y")

    assert only(database, people)[0].is_advice_call is False


def test_a_late_entry_asks_why(browser, database, people):
    browser.sign_in("olive")

    answer = log(browser, status=400, **{"received-time": "07:00"})

    assert "Say why it is entered now" in answer.text
    assert nothing_written(database, people)
    log(browser, late_reason="The system was down.", **{"received-time": "07:00"})
    assert events_of(only(database, people)[1], Opened)[0].event.late_entry is True


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"received-time": "09:31"}, "cannot have been received in the future"),
        ({"incident-day": "3", "incident-month": "3", "incident-year": "2026"}, "cannot be in the future"),
        (
            {
                "source": "employer",
                "employer_aware-day": "2",
                "employer_aware-month": "3",
                "employer_aware-year": "2026",
                "employer_aware-time": "09:20",
            },
            "cannot have learned of it after the referral was received",
        ),
    ],
)
def test_dates_that_cannot_be_are_refused_in_words(browser, database, people, changes, message):
    answer = log(browser.sign_in("olive"), status=400, **changes)

    assert message in answer.text
    assert "Is said to have pulled" in answer.text
    assert nothing_written(database, people)


def test_an_employer_may_learn_of_it_after_us_when_somebody_else_told_us(browser, database, people):
    aware = {"employer_aware-day": "2", "employer_aware-month": "3", "employer_aware-year": "2026"}

    log(browser.sign_in("olive"), source="parent", **aware, **{"employer_aware-time": "09:20"})

    assert only(database, people)


def test_a_made_up_date_of_birth_is_a_warning_and_no_bar(browser, database, people):
    made_up = {"born_on-day": "1", "born_on-month": "1", "born_on-year": "1900"}

    answer = log(browser.sign_in("olive"), **made_up)

    assert "looks like a placeholder" in answer.text
    assert only(database, people)


LONG = "x" * 10_000


@pytest.mark.parametrize(
    "changes",
    [
        {"summary": LONG},
        {"caller_name": LONG},
        {"setting": "  "},
        {"source": "nonsense"},
        {"category": "nonsense"},
        {"children_safe": "perhaps"},
        {"channel": "", "evidence": ""},
        {"owner": "999999"},
        {"owner": "abc"},
        {"partner": "1"},
        {"sector": LONG},
        {"received-day": "0"},
        {"received-day": LONG},
        {"received-year": "٢٠٢٦"},
        {"received-time": "25:00"},
        {"received-time": ""},
        {"received-day": "", "received-month": "", "received-year": "", "received-time": ""},
        {"received-year": "99999"},
        {"incident-precision": "nonsense", "incident-day": "1"},
        {"incident-day": "31", "incident-month": "2", "incident-year": "2026"},
        {"incident-precision": "range", "incident-day": "1", "incident-month": "2", "incident-year": "2026"},
        {"employer_aware-precision": "nonsense", "employer_aware-day": "1"},
        {"employer_aware-time": "12:00"},
        {"employer_aware-day": "1", "employer_aware-month": "1", "employer_aware-year": "9999"},
        {"children-0-name": LONG},
        {"children-0-flags": "nonsense"},
        {"children-0-born_on-day": "x"},
        {"caller_email": "nobody"},
        {"summary": "a\x00b"},
        {"summary": ["one", "two"]},
        {"received-day": ["1", "2"]},
        {"children-0-name": ["A", "B"]},
        {"form_token": "short"},
        {"subject_unknown": "y"},
    ],
    ids=lambda changes: ",".join(changes),
)
def test_what_cannot_be_taken_is_said_kept_and_not_written(browser, database, people, changes):
    answer = log(browser.sign_in("olive"), status=400, **changes)

    assert "There is a problem" in answer.text
    assert "Robin Sample" in answer.text
    assert nothing_written(database, people)


@pytest.mark.parametrize("name", ["children-x-name", "children--1-name", "children-999999999999-name", "unheard-of"])
def test_fields_that_nobody_asked_for_do_no_harm(browser, name):
    log(browser.sign_in("olive"), **{name: "x"})


def test_a_form_without_its_token_is_refused_and_gives_back_what_was_typed(browser, database, people):
    answer = log(browser.sign_in("olive"), status=400, csrf_token="stale")

    assert "Is said to have pulled a child" in answer.text
    assert nothing_written(database, people)


def test_a_session_that_ended_gives_back_what_was_typed(browser, clock, database, people):
    page = browser.sign_in("olive").get("/referrals/new")
    clock.advance(minutes=16)

    answer = browser.post("/referrals/new", CALL, page=page, status=401)

    assert "Is said to have pulled a child" in answer.text
    assert "/sign-in?next=/referrals/new" in answer.text
    assert nothing_written(database, people)


def test_a_double_click_logs_one_referral(browser, database, people):
    page = browser.sign_in("olive").get("/referrals/new")

    first = browser.post("/referrals/new", CALL, page=page)
    second = browser.post("/referrals/new", CALL, page=page)

    assert first.request.path == second.request.path
    assert only(database, people)


def test_another_child_is_added_without_a_script_and_nothing_is_saved(browser, database, people):
    answer = browser.sign_in("olive").post("/referrals/new", CALL | {"children-0-name": "Kim", "add_child": "yes"})

    assert 'name="children-1-name"' in answer.text
    assert 'value="Kim"' in answer.text
    assert nothing_written(database, people)


def test_children_end_somewhere(browser):
    many = {f"children-{number}-name": "Kim" for number in range(40)}

    answer = browser.sign_in("olive").post("/referrals/new", CALL | many | {"add_child": "yes"})

    assert 'name="children-19-name"' in answer.text
    assert 'name="children-20-name"' not in answer.text


def test_by_when_to_decide_stands_on_the_page(browser):
    assert (
        "If received at 09:30 today, decide by the end of Tuesday 3 March."
        in browser.sign_in("olive").get("/referrals/new").text
    )


@pytest.mark.parametrize(
    ("day", "time", "words"),
    [
        ("2", "09:10", "If received at 09:10 today, decide by the end of Tuesday 3 March."),
        ("27", "15:40", "still to come"),
        ("2", "10:00", "still to come"),
        ("2", "06:00", "say below the date why"),
        ("", "", "Enter when this reached us"),
        ("x", "9", "Enter when this reached us"),
    ],
)
def test_by_when_to_decide_is_worked_out_while_typing(browser, day, time, words):
    browser.sign_in("olive")

    answer = browser.post(
        "/referrals/new/decide-by",
        {"received-day": day, "received-month": "3", "received-year": "2026", "received-time": time},
        page=browser.get("/referrals/new"),
    )

    assert words in words_of(answer)


def test_by_when_to_decide_skips_the_weekend_and_says_when_it_has_passed(browser):
    browser.sign_in("olive")

    answer = browser.post(
        "/referrals/new",
        CALL | {"received-day": "20", "received-month": "2", "received-time": "15:40", "check": "yes"},
    )

    assert "If received at 15:40 on Friday 20 February, decide by the end of Monday 23 February." in answer.text
    assert "has passed already" in answer.text


@pytest.mark.parametrize(
    ("subject", "setting", "why"),
    [
        ("Robin Sample", "Willow Lane Primary School", "Same name, same setting"),
        ("ROBIN  SAMPLE", "Elsewhere", "Same name"),
        ("Roberta Sample", "Elsewhere", "Similar name"),
        ("Somebody Else", "willow lane primary school", "Same setting"),
        ("Kim Example", "Elsewhere", "The name occurs in this case"),
    ],
)
def test_earlier_contacts_are_shown_before_and_after_saving(browser, caseload, subject, setting, why):
    earlier = caseload.referral()
    browser.sign_in("olive")
    call = {"subject_name": subject, "setting": setting}

    checked = browser.post("/referrals/new", CALL | call | {"check": "yes"})
    typed = browser.post("/referrals/new/earlier", call, page=checked)
    after = log(browser, **call)

    for answer in (checked, typed, after):
        assert earlier.reference in answer.text
        assert why in answer.text
    assert "R.S." in after.text


def test_a_first_name_alone_is_no_earlier_contact(browser, caseload):
    caseload.referral()

    answer = log(browser.sign_in("olive"), subject_name="Robin Other", setting="Elsewhere")

    assert "Nothing earlier was found" in answer.text


def test_earlier_contacts_of_another_council_are_not_shown(browser, caseload, people):
    earlier = caseload.referral(who=people.sam)

    assert earlier.reference not in log(browser.sign_in("olive")).text


def test_the_page_after_saving_opens_no_name_of_an_earlier_case(browser, caseload):
    caseload.referral(subject={"name": "Robert Sample"})

    assert "Robert" not in log(browser.sign_in("olive")).text


def test_business_support_logs_for_whoever_is_on_duty(browser, database, people, clock):
    with database.work(people.olive) as act:
        until_at = clock.now() + timedelta(days=3)
        cover.book_leave(act, NewAbsence(people.olive.id, "leave", clock.now(), until_at, people.carl.id))

    answer = log(browser.sign_in("bea"))

    assert only(database, people)[0].owner_id == people.dana.id
    assert "Dana Deputy is told by e-mail" in answer.text
    with database.reading(people.olive) as act:
        told = act.session.scalars(select(Notice.account_id).where(Notice.referral_id.is_not(None))).all()
        assert told == [people.dana.id]


def test_business_support_may_choose_another_officer(browser, database, people):
    log(browser.sign_in("bea"), owner=str(people.carl.id))

    assert only(database, people)[0].owner_id == people.carl.id


def test_the_referrer_may_be_given_access(browser, database, people):
    answer = log(browser.sign_in("olive"), partner=str(people.pat.id))

    assert "Pat Partner can follow it on line" in answer.text
    with database.reading(people.olive) as act:
        assert act.session.scalars(select(Grant.account_id)).all() == [people.pat.id]


@pytest.mark.parametrize("who", ["abe", "ada", "dee", "pat"])
def test_those_who_take_no_calls_may_not(browser, who):
    browser.sign_in(who)

    browser.get("/referrals/new", status=403)


def test_the_page_after_saving_is_for_one_council(browser, caseload):
    referral = caseload.referral()

    browser.sign_in("sam").get(f"/referrals/{referral.reference}/logged", status=404)


def test_the_pages_cost_the_same_with_thirty_earlier_cases_as_with_three(browser, caseload):
    browser.sign_in("olive")
    counts = []
    for number in (3, 27):
        for _ in range(number):
            referral = caseload.referral()
        browser.get("/referrals/new")
        form = browser.queries
        browser.get(f"/referrals/{referral.reference}/logged")
        counts.append((form, browser.queries))

    assert counts[0] == counts[1]


def test_the_form_names_nobody_in_its_title(browser, caseload):
    page = log(browser.sign_in("olive"))

    assert "Sample" not in re.search(r"<title>(.*?)</title>", page.text)[1]
    assert hidden(browser.get("/referrals/new"), "form_token")
