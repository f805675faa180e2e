"""What the police said and where a child is reached have a permission of their own, wherever words of a case are shown.

OWASP ASVS 5.0, 8.2.3. ADR 35 says who has it.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from lado.domain.kept_fields import IN_PLACE, Kept
from lado.queries import case_file, ledger, permitted
from lado.queries.referrals import find
from lado.services import access, adjustments, attachments, partner_messages, partners
from lado.services.access import NewAccess
from tests.support.canaries import canary, found
from tests.support.files import PDF
from tests.support.signing import sending, sign_in

WITHOUT = ("bea", "dee", "abe")

POLICE = {
    canary(word)
    for word in (
        "lead",
        "meanwhile",
        "saidtous",
        "progress",
        "strandnote",
        "consulted",
        "delay",
        "policenote",
        "stands",
        "asked",
        "reply",
        "theirs",
        "ours",
        "evidence",
        "alleged",
        "told",
    )
}
CHILD = {canary(word) for word in ("phone", "home", "school", "parent")}
OPEN = {canary(word) for word in ("kim", "plain", "social", "safety", "teacher")}


def _form(client, path) -> dict[str, str]:
    """The hidden fields of a form as its page has them."""
    return dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', client.get(path).text))


@pytest.fixture
def case(caseload, people, clock):
    """A referral that the police made, with something of theirs in every place that may hold it."""
    made = caseload.referral(
        ("meet_threshold",),
        source="police",
        partner=people.pol.id,
        summary=canary("alleged"),
        notes=canary("told"),
        safety_steps=canary("safety"),
        referrer={"name": "PC Example", "phone": canary("teacher")},
        children=({"name": canary("kim"), "phone": canary("phone"), "more": canary("home")},),
    )
    pause_on = {"review_on": (clock.now() + timedelta(days=14)).date()}
    held = {"held_at": clock.now(), **pause_on}
    for move, answers, words in (
        ("add_person", {"people": ("child",)}, {"people": [{"name": "Kit", "about": canary("school")}]}),
        ("add_person", {"people": ("family",)}, {"people": [{"name": "Al", "about": canary("parent")}]}),
        ("change_strand", {"strand": "police", "status": "open"}, {"note": canary("strandnote")}),
        ("record_fact", {"fact": "police_consulted"}, {"note": canary("consulted")}),
        ("explain_delay", {"delay_reason": "police"}, {"note": canary("delay")}),
        ("add_note", {"is_police": True}, {"note": canary("policenote")}),
        ("add_note", {}, {"note": canary("plain")}),
        ("hold_meeting", held, {}),
        ("hold_review", held, {"progress_police": canary("progress"), "progress_social_care": canary("social")}),
        ("pause_for_police", pause_on, {"police_lead": canary("lead"), "note": canary("meanwhile")}),
        ("resume", {}, {"note": canary("saidtous")}),
        ("set_action", {**_due(clock), "holder": "partner", "user": people.pol.id}, {"action": canary("asked")}),
    ):
        caseload.make(made, move, answers, words)
    _talk(caseload, people, made, pause_on["review_on"])
    return made


def _due(clock):
    return {"due_on": (clock.now() + timedelta(days=3)).date()}


def _talk(caseload, people, made, review_on):
    """What passes between the police and us, and a clock that waits for them."""
    with caseload.database.work(people.olive) as act:
        adjustments.pause(act, made.id, ("conclusion", 1), canary("stands"), holder="police", review_on=review_on)
    with caseload.database.work(people.pol) as act:
        partner_messages.write(act, made.reference, canary("theirs"))
        partners.complete(
            act, made.reference, 1, canary("reply"), [attachments.check(f"{canary('evidence')}.pdf", PDF, None)]
        )
    with caseload.database.work(people.olive) as act:
        partner_messages.answer(act, made.id, people.pol.id, canary("ours"))
        access.give(act, made.id, NewAccess(people.pat.id, "They teach there."))


def pages(app, people, made) -> Iterator[str]:
    """Every page about this case that is found by its reference, with what else an address names."""
    bound = app.url_map.bind("localhost")
    known = {
        "reference": made.reference,
        "partner_id": people.pol.id,
        "number": 1,
        "move": "add_note",
        "clock": "conclusion",
        "occurrence": 1,
        "audience": "parents",
        "occasion": "outcome",
        "entry": 1,
        "name": "received_at",
    }
    for rule in app.url_map.iter_rules():
        if "reference" in rule.arguments and "GET" in rule.methods and rule.arguments <= known.keys():
            yield bound.build(rule.endpoint, {name: known[name] for name in rule.arguments})


def read_by(app, people, clock, made, name) -> str:
    """All that somebody reads of the case, with the second factor where a page asks for it."""
    client = sign_in(app, name)
    read = []
    for path in pages(app, people, made):
        with client.get(path) as answer:
            read.append(answer.get_data(as_text=True) + str(answer.headers))
        clock.advance(seconds=1)
    with client.post("/search", data={**sending(client), "words": made.reference}) as answer:
        read.append(answer.get_data(as_text=True))
    return "\n".join(read)


@pytest.mark.parametrize("name", WITHOUT)
def test_who_has_not_the_permission_reads_the_sentence_in_their_place(app, people, clock, case, name):
    read = read_by(app, people, clock, case, name)

    assert found(read) & (POLICE | CHILD) == set()
    assert found(read) >= OPEN
    assert all(sentence in read for sentence in IN_PLACE.values())


def test_who_works_the_case_reads_all_of_it_and_no_such_sentence(app, people, clock, case):
    read = read_by(app, people, clock, case, "olive")

    assert found(read) >= POLICE | CHILD | OPEN
    assert not any(sentence in read for sentence in IN_PLACE.values())


@pytest.mark.parametrize(("name", "status"), [("bea", 404), ("abe", 404), ("olive", 200)])
def test_a_file_of_the_police_is_none_to_who_may_not_read_what_they_say(app, case, name, status):
    client = sign_in(app, name)

    with client.get(f"/referrals/{case.reference}/files/1") as answer:
        assert answer.status_code == status


def test_what_somebody_writes_who_may_not_read_leaves_all_that_was_written(app, database, people, case):
    with database.reading(people.olive) as act:
        before = [entry.words for entry in ledger.entries(act, find(act, case.reference))]
    client = sign_in(app, "bea")
    path = f"/referrals/{case.reference}/moves/add_note"
    form = {**_form(client, path), "note": "They rang again.", "police_lead": "", "progress_police": "", "phone": ""}

    assert client.post(path, data=form).status_code == 302

    with database.reading(people.olive) as act:
        after = [entry.words for entry in ledger.entries(act, find(act, case.reference))]
    assert after[: len(before)] == before
    assert [words["note"] for words in after[len(before) :]] == ["They rang again."]


def test_a_note_of_the_police_is_kept_once_the_box_is_ticked(app, database, people, case):
    client = sign_in(app, "olive")
    path = f"/referrals/{case.reference}/moves/add_note"

    client.post(path, data={**_form(client, path), "note": canary("ticked"), "is_police": "y"})

    assert canary("ticked") in client.get(f"/referrals/{case.reference}/record").text
    assert canary("ticked") not in sign_in(app, "bea").get(f"/referrals/{case.reference}/record").text


@pytest.mark.parametrize(("source", "kept"), [("parent", True), ("child", True), ("education", False)])
def test_a_parent_or_child_who_refers_is_reached_by_those_who_work_the_case(caseload, database, people, source, kept):
    made = caseload.referral(source=source, referrer={"name": "Al Adult", "phone": canary("phone")})

    with database.reading(people.bea) as act:
        file = case_file.read(act, find(act, made.reference))
    words = next(entry.words for entry, _ in file.entries() if entry.words.get("name") == "Al Adult")

    assert words["phone"] == (IN_PLACE[Kept.CHILD_CONTACT] if kept else canary("phone"))


def test_for_those_who_may_read_all_nothing_is_looked_up(database, people, case, monkeypatch):
    monkeypatch.setattr(permitted, "police_on", None)
    monkeypatch.setattr(ledger, "police_on", None)

    with database.reading(people.olive) as act:
        assert ledger.entries(act, find(act, case.reference))
