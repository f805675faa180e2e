"""Restricted cases of every kind for one of two councils: chosen by a manager, closed, and matched by who signs in."""

from datetime import date, timedelta

from lado.models import Referral
from lado.services import corrections, restrictions
from lado.services.corrections import NewCorrection
from lado.services.restrictions import NewList
from tests.support.builders import Caseload
from tests.support.people import People

CANARIES = ("Quillfeather", "Canary Lane", "Wickenby", "zqtwin")
"""Words of the restricted cases that stand in nothing else."""
SETTING = "Canary Lane School"
BORN = {"dana": date(1979, 3, 14), "pol": date(1966, 1, 30), "hal": date(1968, 9, 9), "bea": date(1990, 5, 5)}
"""Who of those that sign in is the adult of a case: both councils know when they were born."""
CLOSED = ("meet_threshold", "hold_meeting", "propose_outcome", "decide_outcome", "close")


def restrict_some(caseload: Caseload, people: People) -> list[Referral]:
    """Make some of them. Olive and Mina alone are on the lists."""
    chosen = [
        _chosen(caseload, people, "Zebedee Quillfeather"),
        _chosen(caseload, people, "Araminta Wickenby", ("meet_threshold",)),
        _chosen(caseload, people, "Araminta Quillfeather", CLOSED),
    ]
    matched = [_about(caseload, people.everyone[name].name, born_on) for name, born_on in BORN.items()]
    themselves = caseload.referral(
        subject={"name": people.pat.name, "role": "Teacher"}, setting=SETTING, partner=people.pat.id, notes="zqtwin"
    )
    return [*chosen, *matched, themselves]


def _chosen(caseload: Caseload, people: People, name: str, moves: tuple[str, ...] = ()) -> Referral:
    """One that a manager restricts: received late, with an action, a correction that waits, and others' words."""
    clock = caseload.clock
    referral = caseload.referral(
        received_at=clock.now() - timedelta(days=9),
        late_reason="zqtwin: it lay in the post.",
        subject={"name": name, "role": "Coach", "contact": "zqtwin"},
        setting=SETTING,
        children=({"name": "Ottoline Wickenby"},),
        summary="zqtwin",
    )
    with caseload.database.work(people.mina) as act:
        restrictions.restrict(act, referral.id, NewList([people.olive.id or 0], "zqtwin: a cousin of an officer."))
    for move in moves:
        caseload.make(referral, move)
    if "close" not in moves:
        due_on = (clock.now() + timedelta(days=2)).date()
        answers = {"due_on": due_on, "holder": "officer", "user": people.olive.id}
        caseload.make(referral, "set_action", answers, {"action": "zqtwin"})
    wanted = NewCorrection(1, "received_at", clock.now() - timedelta(days=8), "zqtwin: the stamp says so.")
    with caseload.database.work(people.olive) as act:
        corrections.ask(act, referral.id, wanted)
    return referral


def _about(caseload: Caseload, name: str, born_on: date) -> Referral:
    """One whose adult signs in here: restricted as it is recorded."""
    subject = {"name": name, "role": "Governor", "contact": "zqtwin", "born_on": born_on.isoformat()}
    return caseload.referral(subject=subject, setting=SETTING, summary="zqtwin", referrer={"name": "Q. Quillfeather"})
