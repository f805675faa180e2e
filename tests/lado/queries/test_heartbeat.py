"""Silence is an alarm: which jobs have not been heard for too long."""

from lado.queries import heartbeat as queries
from lado.security.identity import SYSTEM
from lado.services import heartbeat


def quiet(database):
    with database.reading(SYSTEM) as act:
        return [(job.name, job.heard_at) for job in queries.quiet(act.session, act.at)]


def beat(database, *names):
    with database.work(SYSTEM) as act:
        for name in names:
            heartbeat.beat(act, name)


def test_a_job_that_never_ran_is_quiet(database):
    assert quiet(database) == [("scheduler", None), ("escalation", None), ("notices", None)]


def test_a_job_is_heard_for_a_while_and_then_quiet(database, clock):
    beat(database, "scheduler", "escalation", "notices")
    began = clock.now()

    clock.advance(minutes=2)
    beat(database, "scheduler")
    clock.advance(minutes=1)
    assert quiet(database) == []
    clock.advance(minutes=1)
    assert quiet(database) == [("escalation", began), ("notices", began)]


def test_a_beat_from_the_future_is_not_trusted(database, clock):
    clock.advance(days=1)
    beat(database, "scheduler", "escalation", "notices")
    clock.advance(days=-1)

    assert len(quiet(database)) == 3
