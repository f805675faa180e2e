"""The pages of the emergency duty team: both councils that they serve, what keeps people safe, and nothing else."""

import pytest

from lado.models import ReadEntry
from lado.queries import nights
from tests.support.browser import Browser, words_of
from tests.support.tampering import every_right

CASES = "/out-of-hours/councils/northbrook"


@pytest.fixture
def edie(browser):
    return browser.sign_in("edie")


@pytest.fixture
def noel(app, database):
    return Browser(app, database).sign_in("noel")


def test_their_home_is_the_night(edie):
    page = words_of(edie.get("/sign-in"))

    for words in (
        "Out of hours",
        "Northbrook Council",
        "Southmere Council",
        "Nobody: the office is open",
        "Nothing yet",
    ):
        assert words in page
    edie.get("/", status=403)


def test_a_night_on_which_nobody_is_on_call_is_a_warning(edie, app, database, clock):
    clock.advance(hours=10)
    page = Browser(app, database).sign_in("edie").get("/out-of-hours")

    assert page.text.count("Nobody is on call now. Ring the police on 999") == 2


def test_open_cases_of_each_council_and_of_no_other(edie, noel, caseload, people):
    ours, theirs = caseload.referral(), caseload.referral(who=people.sam)
    closed = caseload.referral(("advise",))

    northbrook, southmere = edie.get(CASES).text, edie.get("/out-of-hours/councils/southmere").text
    assert ours.reference in northbrook
    assert theirs.reference in southmere
    assert not {theirs.reference, closed.reference} & set(northbrook.split('"'))
    assert "Robin Sample" not in northbrook

    noel.get(CASES, status=404)
    noel.get(f"/out-of-hours/cases/{ours.reference}", status=404)
    noel.get(f"/out-of-hours/cases/{theirs.reference}")


def test_what_keeps_people_safe_on_one_case(edie, caseload, people):
    case = caseload.referral(
        safety_steps="He stays away from the pool.", children_safe="no", notes="Not for the night."
    )
    caseload.make(case, "record_fact", {"fact": "children_safe"}, {"note": "The pool is locked."})

    page = words_of(edie.get(f"/out-of-hours/cases/{case.reference}"))
    for words in (
        "Robin Sample",
        "He stays away from the pool.",
        "The pool is locked.",
        "Kim Example",
        "Olive Officer",
    ):
        assert words in page
    for words in ("Not for the night", "pulled a child", "Pat Partner"):
        assert words not in page


def test_what_is_late_is_said_to_be_late(edie, app, database, caseload, clock):
    page = f"/out-of-hours/cases/{caseload.referral().reference}"
    assert "Threshold decision Due by the end of Tuesday 3 March" in words_of(edie.get(page))

    clock.advance(days=2)

    late = Browser(app, database).sign_in("edie").get(page)
    assert "Threshold decision Late: was due by the end of Tuesday 3 March" in words_of(late)


def test_a_look_at_a_case_is_written_down(edie, caseload, database):
    case = caseload.referral()
    edie.get(f"/out-of-hours/cases/{case.reference}")

    with every_right(database) as connection:
        last = connection.execute(ReadEntry.__table__.select().order_by(ReadEntry.id.desc())).first()
    assert (last.referral_id, last.role, last.right) == (case.id, "edt_worker", "night:read")


def test_a_case_is_found_by_name_setting_and_reference_in_one_council(edie, caseload, people):
    case = caseload.referral()
    caseload.referral(who=people.sam)

    for words in ("robin sample", "Willow Lane Primary School", case.reference):
        page = edie.post(CASES, {"words": words})
        assert page.text.count("/out-of-hours/cases/") == 1, words
    assert "No open case was found" in edie.post(CASES, {"words": "Nobody Atall"}).text
    assert "Enter what to look for" in edie.post(CASES, {"words": ""}, status=400).text


def filled(**changes):
    return {
        "council": "northbrook",
        "happened-day": "2",
        "happened-month": "3",
        "happened-year": "2026",
        "happened-time": "02:10",
        "caller": "PC Example",
        "phone": "01632 960 200",
        "about": "A carer was arrested at home.",
        "in_danger": "no",
        "done": "The child stays with her aunt.",
        "asks": "Ring the station.",
        **changes,
    }


def test_a_contact_is_recorded_and_handed_over(edie, app, database, caseload):
    case = caseload.referral()
    form = edie.get(f"/out-of-hours/contacts/new?reference={case.reference}")
    assert f'value="{case.reference}"' in form.text
    page = edie.post("/out-of-hours/contacts/new", filled(reference=case.reference), page=form)

    assert "takes it over by 09:00 on Tuesday" not in words_of(page)
    assert "The day service of Northbrook Council sees it" in words_of(page)
    assert case.reference in page.text
    olive = Browser(app, database).sign_in("olive")
    home = olive.get("/")
    assert "From the night: 1 waiting" in home.text
    assert "PC Example" not in home.text
    assert "The child stays with her aunt." in olive.get(f"/referrals/{case.reference}").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"council": ""}, "Choose the council that it is about."),
        ({"council": "nowhere"}, "Choose the council that it is about."),
        ({"happened-time": ""}, "Enter the time like 15:40."),
        ({"happened-day": "3"}, "This time has not come yet."),
        ({"reference": "NB-222222-2"}, "There is no open case with this reference"),
        ({"in_danger": ""}, "Choose whether anyone is in danger now."),
        ({"caller": ""}, "Enter who rang"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(edie, changes, said):
    page = edie.post("/out-of-hours/contacts/new", filled(**changes), status=400)

    assert said in page.text
    assert "A carer was arrested at home." in page.text


def test_a_worker_of_one_council_need_not_choose(noel):
    assert 'value="southmere" checked' in noel.get("/out-of-hours/contacts/new").text


def test_as_many_queries_for_nine_cases_as_for_three(edie, caseload):
    for _ in range(3):
        caseload.referral()
    edie.get(CASES)
    few = edie.queries
    for _ in range(6):
        caseload.referral()
    edie.get(CASES)

    assert edie.queries == few


def test_a_page_begins_after_the_last_case_of_the_one_before(database, caseload, people):
    references = sorted(caseload.referral().reference for _ in range(3))
    with database.reading(people.edie) as act:
        first = nights.open_cases(act, people.edie.authority, size=2)
        rest = nights.open_cases(act, people.edie.authority, first.following, size=2)

    assert [case.reference for case in (*first.rows, *rest.rows)] == references
    assert rest.following is None
