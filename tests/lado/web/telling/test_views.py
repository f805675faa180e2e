"""Told or not told: the matrix of a case, several audiences answered on one form, telling beyond what was agreed."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lado.models import LedgerEntry
from lado.queries import ledger
from lado.services import corrections
from lado.services.corrections import NewCorrection
from tests.support.browser import Browser, words_of
from workflows.events import Noted, TellingAgreed, Told

DECIDED = ("meet_threshold", "hold_meeting", "decide_outcome")
NO_DAY = {"told_on-day": "", "told_on-month": "", "told_on-year": ""}


@pytest.fixture
def referral(caseload):
    return caseload.referral(DECIDED)


@pytest.fixture
def at(referral):
    return f"/referrals/{referral.reference}/telling"


@pytest.fixture
def olive(browser):
    return browser.sign_in("olive")


@pytest.fixture
def recorded(database, people):
    def read(referral, kind):
        with database.reading(people.olive) as act:
            return [entry.event for entry in ledger.entries(act, referral) if isinstance(entry.event, kind)]

    return read


@pytest.fixture
def day(clock):
    def boxes(days=0):
        on = (clock.now() + timedelta(days=days)).date()
        return {"told_on-day": str(on.day), "told_on-month": str(on.month), "told_on-year": str(on.year)}

    return boxes


def blank(page):
    """What a browser sends of a form of which nothing was filled in."""
    names = re.findall(r'<(?:select|textarea)[^>]* name="([^"]+)"', page.text)
    return dict.fromkeys(names, "")


def send(browser, address, typed, *, status=200):
    page = browser.get(address)
    return browser.post(address, {**blank(page), **typed}, page=page, status=status)


def test_nothing_is_agreed_and_nobody_has_an_answer(olive, at):
    page = words_of(olive.get(at))

    assert "0 of 7 have an answer." in page
    assert page.count("Nothing agreed yet") == 7
    assert page.count("Not recorded yet") == 7
    for who in ("Referrer", "Employer", "Subject, by the employer", "Parents or carers", "Child", "Regulator"):
        assert who in page
    assert "The employer tells them, never the designated officer." in page
    assert "The police are at work" not in page


def test_several_are_answered_on_one_form_and_the_page_says_how(olive, at, referral, day, recorded):
    typed = {
        **day(),
        "answer_referrer": "told_outcome",
        "words_referrer": "By telephone.",
        "answer_employer": "told_outcome",
        "answer_subject": "told_progress",
        "words_subject": "By the head teacher.",
        "answer_parents": "not_told",
        "words_parents": "They could not be reached.",
        "answer_placing_authority": "not_concerned",
    }
    answer = words_of(send(olive, f"{at}/record", typed))

    assert "Recorded: referrer, employer, subject, by the employer, parents or carers, placing authority." in answer
    assert "5 of 7 have an answer." in answer
    assert "Told on 2 Mar 2026 They heard the outcome. By telephone." in answer
    assert "They heard what is happening. By the head teacher." in answer
    assert "Not told They could not be reached." in answer
    assert "Does not concern this case" in answer
    assert [(event.audience, event.told, bool(event.told_on)) for event in recorded(referral, Told)] == [
        ("referrer", True, True),
        ("employer", True, True),
        ("subject", True, True),
        ("parents", False, False),
        ("placing_authority", False, False),
    ]


def test_the_words_are_sealed(olive, at, referral, day, database, people):
    send(olive, f"{at}/record", {**day(), "answer_child": "told_outcome", "words_child": "By her aunt Agatha."})
    send(olive, f"{at}/agree", {"extent_child": "outcome", "agreed_by": "Agatha and the police"})

    with database.reading(people.olive) as act:
        rows = act.session.scalars(select(LedgerEntry).where(LedgerEntry.referral_id == referral.id)).all()
        assert not any("Agatha" in row.data for row in rows)
        assert not any(b"Agatha" in (row.sealed or b"") for row in rows)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Record something of at least one of them."),
        ({"answer_parents": "not_told"}, "Parents or carers: give the reason why they are not told."),
        ({"words_child": "By the school."}, "Child: choose what to record with these words, or take them out."),
        ({"answer_subject": "not_concerned"}, "Choose one of the answers shown."),
        ({"answer_child": "told_outcome", "told_on-day": ""}, "Enter the day too."),
        ({"answer_child": "told_outcome", **NO_DAY}, "Enter the day on which they were told."),
        ({"answer_child": "told_outcome", "told_on-day": "3"}, "This is in the future."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(olive, at, referral, day, recorded, typed, said):
    kept = {"words_employer": "By letter to Ms Ackroyd.", "answer_employer": "not_concerned"} if typed else {}
    answer = send(olive, f"{at}/record", {**day(), **kept, **typed}, status=400)

    assert said in answer.text
    assert "There is a problem" in answer.text
    assert kept.get("words_employer", "") in answer.text
    assert recorded(referral, Told) == []


def test_nothing_is_chosen_that_the_record_does_not_say(caseload, olive, at, referral, recorded):
    page = olive.get(f"{at}/record")
    assert page.text.count(" selected>") == 1, "of the placing authority: a child is named, and placed by nobody"
    assert page.text.count(" selected>Does not concern this case") == 1

    caseload.make(referral, "decide_onward", {"body": "regulator", "decision": "not_needed"}, {})
    page = olive.get(f"{at}/record")
    assert page.text.count(" selected>") == page.text.count(" selected>Does not concern this case") == 2
    assert "It was decided that no referral to a regulator is needed." in page.text
    assert "No child on this case is placed here by another authority." in page.text


def test_nothing_is_offered_before_the_outcome_or_where_a_child_is_placed(caseload, olive):
    early = caseload.referral(("meet_threshold",), children=({"name": "Chris Child"},))
    placed = caseload.referral(DECIDED, children=({"name": "Chris Child", "flags": ["placed"]},))
    nobody = caseload.referral(DECIDED, children=())

    for one in (early, placed, nobody):
        page = olive.get(f"/referrals/{one.reference}/telling/record")
        assert " selected>Does not concern this case" not in page.text


def test_what_may_be_told_is_agreed_for_several_and_kept_with_what_was_agreed_before(olive, at, referral, recorded):
    held = {"extent_subject": "nothing_yet", "extent_parents": "nothing_yet", "reason": "The police ask us to wait."}
    answer = words_of(send(olive, f"{at}/agree", {**held, "agreed_by": "The strategy meeting"}))
    assert "Recorded what may be told: subject, by the employer, parents or carers." in answer
    assert "Nothing yet Why: The police ask us to wait. Agreed by: The strategy meeting" in answer

    answer = words_of(send(olive, f"{at}/agree", {"extent_subject": "progress", "agreed_by": "The police"}))
    assert "What is happening, not the outcome Agreed by: The police" in answer
    assert "Subject, by the employer: agreed, nothing yet" in answer, "what was agreed before stays to be read"
    assert [(event.audience, event.extent) for event in recorded(referral, TellingAgreed)] == [
        ("subject", "nothing_yet"),
        ("parents", "nothing_yet"),
        ("subject", "progress"),
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"agreed_by": "All"}, "Choose for at least one of them what they may be told."),
        ({"extent_child": "outcome"}, "Say who agreed it"),
        ({"extent_child": "nothing", "agreed_by": "All"}, "Say why they are told nothing"),
        ({"extent_child": "all", "agreed_by": "All"}, "Choose one of the answers shown."),
        ({}, "Choose for at least one of them what they may be told."),
    ],
)
def test_an_agreement_needs_somebody_who_agreed_it(olive, at, referral, recorded, typed, said):
    answer = send(olive, f"{at}/agree", {**typed, "what": "That it is looked into."}, status=400)

    assert said in answer.text
    assert "That it is looked into." in answer.text
    assert recorded(referral, TellingAgreed) == []


def test_telling_beyond_what_was_agreed_is_saved_and_pointed_out(olive, at, referral, caseload, day, recorded):
    caseload.make(referral, "change_strand", {"strand": "police", "status": "open"}, {})
    agreed = {"extent_subject": "nothing_yet", "extent_employer": "progress", "extent_referrer": "outcome"}
    send(olive, f"{at}/agree", {**agreed, "agreed_by": "The police", "reason": "They ask us to wait."})
    assert "The police are at work on this case." in words_of(olive.get(f"{at}/agree"))
    assert "The police are at work on this case." in words_of(olive.get(f"{at}/record"))

    who = ("referrer", "employer", "subject", "parents")
    answer = words_of(send(olive, f"{at}/record", {**day(), **{f"answer_{one}": "told_outcome" for one in who}}))

    assert "told the outcome, where it was agreed that they hear only what is happening: employer." in answer
    assert "Recorded as told although it was agreed that they are told nothing yet: subject." in answer
    assert "Recorded as told before anything was agreed: parents or carers." in answer
    assert answer.count("The police are at work on this case.") == 2, "in the confirmation, and on the page"
    assert "Told although it was agreed that they are told nothing yet." in answer
    assert len(recorded(referral, Told)) == 4

    send(olive, f"{at}/agree", {"extent_parents": "outcome", "agreed_by": "The police"})
    assert "before anything was agreed" not in words_of(olive.get(at)), "it was agreed, and is written down now"


def test_who_is_told_within_what_was_agreed_is_not_warned_of(olive, at, day):
    send(olive, f"{at}/agree", {"extent_child": "outcome", "extent_parents": "progress", "agreed_by": "All of us"})
    typed = {**day(), "answer_child": "told_outcome", "answer_parents": "told_progress"}
    answer = words_of(send(olive, f"{at}/record", typed))

    assert "Recorded as told" not in answer
    assert "police" not in answer


def test_who_was_told_again_has_both_on_the_page(olive, at, day, clock):
    send(olive, f"{at}/record", {**day(), "answer_employer": "told_progress", "words_employer": "By telephone."})
    clock.advance(days=1)
    olive.sign_in("olive")
    send(olive, f"{at}/record", {**day(), "answer_employer": "told_outcome", "words_employer": "By letter."})

    page = words_of(olive.get(at))
    assert "Told on 3 Mar 2026 They heard the outcome. By letter." in page
    assert page.index("By letter.") < page.index("By telephone.")


def test_a_corrected_day_is_said_to_be_corrected(olive, at, referral, day, clock, database, people):
    send(olive, f"{at}/record", {**day(), "answer_employer": "told_outcome"})
    with database.work(people.olive) as act:
        entry = max(row.number for row in ledger.entries(act, referral) if isinstance(row.event, Noted))
        wanted = NewCorrection(entry, "told_on", (clock.now() - timedelta(days=1)).date(), "The letter says so.")
        number = corrections.ask(act, referral.id, wanted)
    with database.work(people.hal) as act:
        corrections.decide(act, referral.id, number, agreed=True, clocks="derive")

    assert "Told on 1 Mar 2026 (corrected; first recorded as 2 Mar 2026)" in words_of(olive.get(at))


def test_a_form_made_before_somebody_wrote_is_shown_again(olive, at, referral, caseload, people, day):
    page = olive.get(f"{at}/record")
    caseload.make(referral, "tell", {"audience": "employer", "decision": "told"}, {}, who=people.dana)
    typed = {**blank(page), **day(), "answer_child": "told_outcome", "words_child": "By the school nurse."}
    answer = olive.post(f"{at}/record", typed, page=page, status=409)

    assert "Somebody else has recorded something on this case" in answer.text
    assert "By the school nurse." in answer.text
    olive.post(f"{at}/record", typed, page=answer)
    assert "2 of 7 have an answer." in words_of(olive.get(at))


def test_a_form_sent_twice_records_once(olive, at, referral, day, recorded):
    page = olive.get(f"{at}/record")
    typed = {**blank(page), **day(), "answer_child": "told_outcome"}
    olive.post(f"{at}/record", typed, page=page)
    olive.post(f"{at}/record", typed, page=page)

    assert len(recorded(referral, Told)) == 1


def test_one_form_lets_a_case_close_and_is_reached_from_where_that_is_asked(olive, at, referral, caseload, day):
    case = f"/referrals/{referral.reference}"
    assert f'href="{at}"' in olive.get(case).text
    assert f'href="{at}/record"' in olive.get(case).text, "from what is not recorded yet"
    assert f'href="{at}/record"' in olive.get(f"{case}/moves/close").text

    who = ("referrer", "employer", "subject", "parents", "child")
    typed = {f"answer_{one}": "told_outcome" for one in who}
    rest = {f"answer_{one}": "not_concerned" for one in ("regulator", "placing_authority")}
    answer = words_of(send(olive, f"{at}/record", {**day(), **typed, **rest}))
    assert "Each of them has an answer" in answer
    for body in ("dbs", "regulator", "social_care"):
        caseload.make(referral, "decide_onward", {"body": body, "decision": "not_needed"}, {})
    page = olive.get(f"{case}/moves/close")
    assert "Missing" not in words_of(page)
    olive.post(f"{case}/moves/close", {"closing_note": "All is done."}, page=page)
    assert "Told on 2 Mar 2026" in words_of(olive.get(at)), "it can be read, and added to, when the case has closed"


def test_what_an_older_record_says_of_the_family_is_shown_for_both(olive, at, referral, caseload):
    caseload.make(referral, "tell", {"audience": "family", "decision": "told"}, {"note": "By the school."})
    page = words_of(olive.get(at))

    assert page.count("Recorded of parents and child as one") == 2
    assert "2 of 7 have an answer." in page
    assert "Whether told: child" not in words_of(olive.get(f"/referrals/{referral.reference}/moves/close"))


def test_who_reads_and_does_not_write(app, database, at):
    reads = Browser(app, database).sign_in("mina")
    assert "Record who was told" in reads.get(at).text
    for name in ("abe", "bea"):
        browser = Browser(app, database).sign_in(name)
        answer = browser.client.get(at)
        assert answer.status_code in (200, 404)
        assert b"Record who was told" not in answer.data
        for page in ("record", "agree"):
            assert browser.client.get(f"{at}/{page}").status_code == 404


def test_as_many_queries_for_much_as_for_little(olive, at, caseload, referral):
    def queries():
        return [(olive.get(address), olive.queries)[1] for address in (at, f"{at}/record", f"{at}/agree")]

    few = queries()
    for _ in range(10):
        caseload.make(referral, "tell", {"audience": "employer", "decision": "told"}, {"note": "Again."})
    assert queries() == few


def test_each_row_leads_to_its_letter_and_the_referrers_to_the_next_update(olive, at, referral):
    letters = f"/referrals/{referral.reference}/letters"
    assert olive.get(at).text.count(f'href="{letters}"') >= 7
    send(
        olive,
        f"{at}/agree",
        {"extent_parents": "outcome", "extent_child": "nothing", "agreed_by": "All", "reason": "No."},
    )

    page = olive.get(at)
    assert f'href="{letters}/new/parents/outcome"' in page.text
    assert f"{letters}/new/child" not in page.text
    assert words_of(page).count("Next update: none promised") == 1


def test_words_stand_as_they_were_written(olive, at, day):
    typed = {**day(), "answer_employer": "told_outcome", "words_employer": "By <b>letter</b>.\r\nTo Mr O’Neil & Sons"}
    page = send(olive, f"{at}/record", typed)

    assert "By &lt;b&gt;letter&lt;/b&gt;.<br>To Mr O’Neil &amp; Sons" in page.text


def test_the_form_of_one_audience_says_what_was_agreed_and_points_out_what_goes_beyond(
    olive, at, referral, caseload, day
):
    caseload.make(referral, "change_strand", {"strand": "police", "status": "open"}, {})
    send(olive, f"{at}/agree", {"extent_subject": "progress", "agreed_by": "The police"})
    one = f"/referrals/{referral.reference}/moves/tell"
    page = olive.get(f"{one}?audience=subject")
    assert "May be told: what is happening, not the outcome. The police are at work" in words_of(page)
    assert 'value="told" checked' not in page.text, "nothing says for the officer that they were told"

    told = {**day(), "audience": "subject", "decision": "told", "extent": "outcome"}
    answer = words_of(olive.post(one, told, page=page))
    assert "They were told the outcome, where it was agreed that they hear only what is happening." in answer
    assert "The police are at work on this case." in answer
    answer = words_of(olive.post(one, {**told, "audience": "regulator"}))
    assert "They were told before anything was agreed." in answer
    answer = words_of(olive.post(one, {**told, "extent": "progress"}))
    assert "They were told" not in answer
