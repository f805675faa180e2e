"""The page of a case: where it stands, what happens next, and what is on it."""

from datetime import timedelta

import pytest

from lado.models import Absence, Escalation, Referral
from lado.services import moves
from tests.support.browser import words_of

LONG = "Maximilian-Alexander " * 9 + "Featherstonehaugh"


def page_of(browser, case, who="olive", part=""):
    return browser.sign_in(who).get(f"/referrals/{case.reference}{part}")


def part_of(page, begin, end):
    return page.text.split(f'id="{begin}"')[1].split(f'id="{end}"')[0]


def make(database, who, case, move, answers, words=None):
    with database.work(who) as act:
        moves.make(act, case.id, move, answers, words or {})


def test_one_glance_says_what_it_is_who_has_it_and_what_is_next(browser, caseload):
    case = caseload.referral()

    words = words_of(page_of(browser, case))

    assert f"{case.reference} Robin Sample" in words
    assert "Teacher, Willow Lane Primary School Received" in words
    assert "Accountable officer Olive Officer" in words
    assert "Next: Threshold decision by the end of Tuesday 3 March: 1 working day left" in words


def test_the_title_carries_the_reference_only(browser, caseload):
    case = caseload.referral()
    browser.sign_in("olive")

    for part in ("", "/record", "/whole", "/clocks/evaluation_decision/1"):
        title = browser.get(f"/referrals/{case.reference}{part}").text.split("<title>")[1].split("</title>")[0]
        assert case.reference in title
        assert "Robin" not in title
        assert "Willow" not in title


def test_open_moves_are_links_and_the_others_say_why_not(browser, caseload):
    case = caseload.referral()

    page = page_of(browser, case)

    assert f'href="/referrals/{case.reference}/moves/meet_threshold"' in part_of(page, "next", "clocks")
    assert "Asks: at least one limb of the harm threshold; the reasons for the decision." in page.text
    assert f"/referrals/{case.reference}/moves/close" not in page.text
    words = words_of(page)
    assert "Close the case : open while the case is “Outcome decided” or “Following up the outcome”" in words


def test_what_stands_in_the_way_of_a_move_is_said(browser, caseload):
    case = caseload.referral(("meet_threshold", "hold_meeting", "decide_outcome"))

    words = words_of(page_of(browser, case))

    assert "Still missing: who was told" in words
    assert "the decision whether to refer on" in words


def test_what_is_missing_leads_to_where_it_is_recorded(browser, caseload):
    case = caseload.referral(("meet_threshold", "hold_meeting"))

    missing = part_of(page_of(browser, case), "missing", "clocks")

    address = f"/referrals/{case.reference}/moves"
    assert f'href="{address}/send_minutes"' in missing
    assert f'href="{address}/set_action"' in missing
    assert f'href="{address}/record_fact?fact=rereferral_criteria"' in missing


def test_someone_who_may_only_read_is_offered_no_move(browser, caseload):
    case = caseload.referral(("meet_threshold", "hold_meeting"))

    page = page_of(browser, case, "abe")

    assert "/moves/" not in page.text
    assert "You can read this case. Its officers move it on." in page.text


def test_business_support_may_add_a_note_and_nothing_else(browser, caseload):
    case = caseload.referral()

    page = page_of(browser, case, "bea")

    assert "/moves/add_note" in page.text
    assert "/moves/meet_threshold" not in page.text


def test_actions_stand_open_ones_first_and_can_be_ended(browser, caseload, database, clock, people):
    case = caseload.referral(("meet_threshold",))
    for days, text in ((9, "Later thing"), (2, "Sooner thing"), (1, "Done thing")):
        due_on = (clock.now() + timedelta(days=days)).date()
        answers = {"due_on": due_on, "holder": "officer", "user": people.carl.id}
        make(database, people.olive, case, "set_action", answers, {"action": text})
    make(database, people.olive, case, "complete_action", {"number": 3})

    actions = part_of(page_of(browser, case), "actions", "allegations")

    places = [actions.index(text) for text in ("Sooner thing", "Later thing", "Done thing")]
    assert places == sorted(places)
    assert "complete_action?number=2" in actions
    assert "complete_action?number=3" not in actions
    assert "Carl Cover" in actions


def test_the_picture_and_its_tables_say_the_same(browser, caseload, clock):
    case = caseload.referral(("meet_threshold", "hold_meeting", "pause_for_police"))
    clock.advance(days=2)

    page = page_of(browser, case)

    assert 'class="picture__drawing"' in page.text
    assert 'class="picture__bar picture__bar--paused"' in page.text
    assert "Paused: the police" in page.text
    assert "The picture as tables" in page.text
    assert f"/referrals/{case.reference}/clocks/conclusion/1" in page.text


def test_who_was_told_and_the_notes_are_shown(browser, caseload, database, people):
    case = caseload.referral(("meet_threshold",))
    make(database, people.olive, case, "tell", {"audience": "employer", "decision": "told"}, {"note": "By telephone."})
    make(database, people.olive, case, "add_note", {}, {"note": "First line.\nSecond line."})

    page = page_of(browser, case)

    assert "By telephone." in part_of(page, "told", "onward")
    assert "First line.\nSecond line." in page.text.split('id="notes"')[1]


def test_the_cover_officer_is_told_why_the_case_is_theirs(browser, caseload, database, clock, people):
    case = caseload.referral()
    with database.work(people.olive) as act:
        act.session.add(
            Absence(
                authority_id=people.olive.authority,
                account_id=people.olive.id,
                kind="leave",
                from_at=clock.now() - timedelta(hours=1),
                until_at=clock.now() + timedelta(days=2),
                cover_id=people.carl.id,
                recorded_by_id=people.olive.id,
                recorded_at=clock.now(),
                cancelled_at=None,
            )
        )

    words = words_of(page_of(browser, case, "carl"))

    assert "You cover for Olive Officer until 09:30 on Wednesday 4 March, so this case is with you for now." in words
    assert "Cover Away: you cover until 09:30 on Wednesday 4 March" in words


def test_an_escalated_case_says_so_until_it_is_answered(browser, caseload, database, clock, people):
    case = caseload.referral()
    with database.work(people.system) as act:
        clock_id = act.session.connection().exec_driver_sql(
            f"SELECT id FROM case_clock WHERE referral_id = {case.id} AND key = 'evaluation_decision'"
        )
        raised = Escalation(
            clock_id=clock_id.scalar_one(),
            referral_id=case.id,
            rung="service_manager",
            occurrence=1,
            due_at=clock.now(),
            recorded_at=clock.now(),
            told_id=people.mina.id,
            chain=str(people.mina.id),
        )
        act.session.add(raised)

    assert "This was escalated to you as the service manager: “Threshold decision”" in words_of(
        page_of(browser, case, "mina")
    )


def test_a_new_owner_is_told_who_gave_the_case_until_they_act(browser, caseload, database, people):
    case = caseload.referral()
    make(database, people.olive, case, "assign", {"owner": people.dana.id}, {"note": "Handed over."})

    assert "Olive Officer gave you this case" in words_of(page_of(browser, case, "dana"))

    make(database, people.dana, case, "add_note", {}, {"note": "Read."})
    assert "gave you this case" not in words_of(browser.get(f"/referrals/{case.reference}"))


@pytest.mark.parametrize(("sector", "is_school"), [("primary", True), ("independent", True), ("early_years", False)])
def test_a_school_case_warns_of_the_reporting_restriction(browser, caseload, sector, is_school):
    case = caseload.referral(sector=sector)

    assert ("section 141F" in page_of(browser, case).text) is is_school


def test_another_authoritys_reference_answers_exactly_as_one_that_does_not_exist(browser, caseload):
    case = caseload.referral()
    browser.sign_in("sam")

    for part in ("", "/record", "/whole", "/clocks/evaluation_decision/1"):
        theirs = browser.get(f"/referrals/{case.reference}{part}", status=404)
        missing = browser.get(f"/referrals/NB-222222-2{part}", status=404)
        assert words_of(theirs) == words_of(missing)


def test_a_partner_reads_no_case(browser, caseload):
    case = caseload.referral()

    browser.sign_in("pat").get(f"/referrals/{case.reference}", status=404)


def test_a_reference_may_be_written_as_people_write_it(browser, caseload):
    case = caseload.referral()
    browser.sign_in("olive")

    assert case.reference in browser.get(f"/referrals/{case.reference.lower().replace('-', '')}").text
    browser.get("/referrals/nonsense", status=404)


def test_long_names_many_children_and_allegations_all_stand_on_the_page(browser, caseload):
    case = caseload.referral(
        subject={"name": LONG, "role": "Teacher"},
        setting="Very Long School Name " * 9,
        children=tuple({"name": f"Child {number}"} for number in range(15)),
        more_allegations=tuple(
            {"category": "conduct", "summary": f"Said number {n}.", "children": (3,)} for n in range(9)
        ),
    )

    page = page_of(browser, case)

    assert LONG.strip() in page.text
    assert all(f"Child {number}" in page.text for number in range(15))
    assert all(f"Said number {number}." in page.text for number in range(9))


def test_words_that_look_like_markup_stay_words(browser, caseload, database, people):
    case = caseload.referral(("meet_threshold",), subject={"name": "<b>Robin</b>", "role": "<script>"})
    make(database, people.olive, case, "add_note", {}, {"note": "<script>alert(1)</script>"})
    make(database, people.olive, case, "tell", {"audience": "employer", "decision": "told"}, {"note": "<i>said</i>"})

    for part in ("", "/record", "/whole"):
        page = page_of(browser, case, part=part) if not part else browser.get(f"/referrals/{case.reference}{part}")
        body = page.text.split("<main")[1]
        assert "<script>alert" not in body
        assert "<b>Robin" not in body
        assert "<i>said" not in body


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("ask_information",),
        ("advise",),
        ("meet_threshold", "arrange_meeting"),
        ("meet_threshold", "oversee"),
        ("meet_threshold", "hold_meeting", "pause_for_police"),
        ("meet_threshold", "hold_meeting", "hold_review"),
        ("meet_threshold", "hold_meeting", "propose_outcome"),
        ("meet_threshold", "hold_meeting", "decide_outcome", "close"),
        ("meet_threshold", "hold_meeting", "decide_outcome", "close", "reopen"),
        ("offer_transfer",),
        ("offer_transfer", "accept_transfer"),
    ],
)
def test_every_state_has_its_pages(browser, caseload, path):
    case = caseload.referral(path)
    browser.sign_in("olive")

    for part in ("", "/record", "/whole"):
        browser.get(f"/referrals/{case.reference}{part}")


def test_an_open_offer_of_transfer_is_answered_from_what_happens_next(browser, caseload):
    case = caseload.referral(("offer_transfer",))

    now = part_of(page_of(browser, case), "next", "side-moves-1-status")

    assert "/moves/accept_transfer" in now


def test_the_whole_case_for_paper_has_every_entry(browser, caseload, database, people):
    case = caseload.referral(("meet_threshold", "hold_meeting", "decide_outcome", "close"))
    with database.reading(people.olive) as act:
        last = act.session.get_one(Referral, case.id).events

    page = page_of(browser, case, part="/whole")

    assert "Entries 1 to" in page.text
    assert f"{last} of the record" in page.text


def test_a_long_record_takes_as_many_statements_as_a_short_one(browser, caseload, database, people):
    short, long = caseload.referral(), caseload.referral(("meet_threshold",))
    for number in range(30):
        make(database, people.olive, long, "add_note", {}, {"note": f"Note {number}"})

    page_of(browser, short)
    browser.get(f"/referrals/{short.reference}")
    few = browser.queries
    browser.get(f"/referrals/{long.reference}")

    assert browser.queries == few
    assert few <= 24, "the frame, the session and the case"
