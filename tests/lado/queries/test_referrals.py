"""Finding one referral, and reading a case whole."""

from lado.queries import case_file, referrals
from lado.services import moves


def test_a_referral_is_found_in_its_own_authority_only(database, caseload, people):
    case = caseload.referral()

    with database.reading(people.olive) as act:
        found = referrals.find(act, case.reference.lower().replace("-", " "))
        assert found is not None
        assert found.sealing_key.wrapped
        assert referrals.find(act, "nonsense") is None
    with database.reading(people.sam) as act:
        assert referrals.find(act, case.reference) is None


def test_entries_are_grouped_into_the_moves_they_were_recorded_with(database, caseload, people):
    case = caseload.referral(("meet_threshold",))
    with database.work(people.olive) as act:
        answers = {"due_on": act.today, "holder": "officer", "user": people.carl.id}
        moves.make(act, case.id, "set_action", answers, {"action": "Ask for the rota."})

    with database.reading(people.olive) as act:
        file = case_file.read(act, referrals.find(act, case.reference))

    kinds = [[type(entry.event).__name__ for entry in made.entries] for made in file.made]
    assert [group[0] for group in kinds] == ["Opened", "Moved", "Noted"]
    assert kinds[0][1:3] == ["Moved", "OwnerAssigned"], "the first step is recorded with the opening"
    assert kinds[2] == ["Noted", "ActionSet", "ClockStarted"]
    assert file.made[2].head.words == {"action": "Ask for the rota."}
    assert file.names == {people.olive.id: "Olive Officer", people.carl.id: "Carl Cover"}
    assert file.is_open
    assert file.events == sum(len(group) for group in kinds)


def test_a_clock_is_found_by_its_name_and_number(database, caseload, people):
    case = caseload.referral()

    with database.reading(people.olive) as act:
        found = case_file.find_clock(act, case.reference, "evaluation_decision", 1)
        assert found is not None
        assert found.clock.occurrence == 1
        assert found.authority_id == people.olive.authority
        assert case_file.find_clock(act, case.reference, "evaluation_decision", 2) is None
        assert case_file.find_clock(act, "NB-222222-2", "evaluation_decision", 1) is None
