"""The checkpoint tick: each witness stopped in turn, an alarm in time, and everything caught up when it is back."""

from dataclasses import replace

import pytest

from lado.adapters.mail import ServerUnreachable
from lado.adapters.witness import read_folder
from lado.jobs import checkpoint
from lado.queries import front
from lado.security.identity import SYSTEM
from lado.services import chain
from tests.support.mail import Pigeon


@pytest.fixture
def folders(tmp_path):
    made = tuple(tmp_path / name for name in ("north", "south"))
    for folder in made:
        folder.mkdir()
    return made


@pytest.fixture
def witnesses(settings, folders):
    """Two folders and a mailbox, whose mail is kept."""
    pigeon = Pigeon()
    named = replace(settings, checkpoint_folders=folders, checkpoint_mail="records@council.example")
    return checkpoint.of_settings(named, pigeon), pigeon


def alarms(database, people):
    with database.reading(SYSTEM) as act:
        found = front.frame(act, people.mina.authority, reads_record=True).alarms
    return [alarm for alarm in found if "heckpoint" in alarm]


def work_and_tick(database, clock, caseload, witnesses, minutes=6):
    caseload.referral()
    clock.advance(minutes=minutes)
    return checkpoint.tick(database, witnesses)


def proof(database, folder):
    away = read_folder(folder)
    with database.reading(SYSTEM) as act:
        return chain.prove(act, away).findings


def test_each_witness_has_what_the_database_has(database, clock, caseload, witnesses, folders, people):
    everywhere, pigeon = witnesses

    first = work_and_tick(database, clock, caseload, everywhere)
    second = work_and_tick(database, clock, caseload, everywhere)
    quiet = checkpoint.tick(database, everywhere)

    assert first == {"made": 1, "sent": 3, "failing": 0}
    assert second == {"made": 2, "sent": 2, "failing": 0}
    assert quiet == {"made": None, "sent": 0, "failing": 0}
    assert [len(read_folder(folder)) for folder in folders] == [2, 2]
    assert len(pigeon.letters) == 1
    assert [proof(database, folder) for folder in folders] == [(), ()]
    assert alarms(database, people) == []


def test_the_mailbox_gets_one_a_day(database, clock, caseload, witnesses):
    everywhere, pigeon = witnesses
    for _ in range(5):
        work_and_tick(database, clock, caseload, everywhere, minutes=8 * 60)

    assert [letter.subject for letter in pigeon.letters] == [
        "Checkpoint 1 of the record",
        "Checkpoint 4 of the record",
    ]


@pytest.mark.parametrize("stopped", [0, 1])
def test_a_folder_that_is_away_is_an_alarm_and_catches_up(
    database, clock, caseload, witnesses, folders, people, stopped
):
    everywhere, _ = witnesses
    work_and_tick(database, clock, caseload, everywhere)
    aside = folders[stopped].rename(folders[stopped].with_name("unmounted"))
    work_and_tick(database, clock, caseload, everywhere)
    at_once = alarms(database, people)
    work_and_tick(database, clock, caseload, everywhere)
    work_and_tick(database, clock, caseload, everywhere)
    in_time = alarms(database, people)
    aside.rename(folders[stopped])
    checkpoint.tick(database, everywhere)

    assert at_once == []
    assert len(in_time) == 1
    assert str(folders[stopped]) in in_time[0]
    assert alarms(database, people) == []
    assert len(read_folder(folders[1 - stopped])) == len(read_folder(folders[stopped])) == 4
    assert proof(database, folders[stopped]) == ()


def test_a_mailbox_that_takes_nothing_is_an_alarm_and_catches_up(database, clock, caseload, witnesses, people):
    everywhere, pigeon = witnesses
    pigeon.problems = [ServerUnreachable("ConnectionRefusedError")] * 3
    for _ in range(3):
        work_and_tick(database, clock, caseload, everywhere)
    alarmed = alarms(database, people)
    checkpoint.tick(database, everywhere)

    assert ["the mailbox" in alarm for alarm in alarmed] == [True]
    assert alarms(database, people) == []
    assert [letter.subject for letter in pigeon.letters] == ["Checkpoint 3 of the record"]


def test_a_witness_that_is_not_named_any_more_is_forgotten(database, clock, caseload, witnesses, people):
    everywhere, pigeon = witnesses
    pigeon.problems = [ServerUnreachable("ConnectionRefusedError")] * 9
    for _ in range(3):
        work_and_tick(database, clock, caseload, everywhere)

    checkpoint.tick(database, everywhere._replace(mailboxes=()))

    assert alarms(database, people) == []


def test_production_without_any_witness_is_an_alarm_for_those_who_read_the_record(database, people):
    with database.reading(SYSTEM) as act:
        manager = front.frame(act, people.mina.authority, reads_record=True, needs_witness=True).alarms
        officer = front.frame(act, people.olive.authority, needs_witness=True).alarms

    assert any("nowhere but this machine" in alarm for alarm in manager)
    assert not any("nowhere but this machine" in alarm for alarm in officer)
