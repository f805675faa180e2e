"""Silence is an alarm: the monitor gets no sign while a job is silent, readiness fails, and every page says so."""

import pytest

from lado.adapters.mail import ServerUnreachable
from lado.adapters.pulse import PulseProblem
from lado.jobs import escalation, heartbeat, notices
from lado.security.identity import SYSTEM
from lado.services import notices as writing
from tests.support.browser import words_of
from tests.support.mail import Pigeon


class Heard:
    """Keeps when it was given a sign; fails when it is told to."""

    def __init__(self, *problems):
        self.problems, self.given = list(problems), []

    def give(self, at):
        if self.problems:
            raise self.problems.pop()
        self.given.append(at)


@pytest.fixture
def run(database):
    """One tick of every job that has to be heard, or of all but one."""

    def once(*, without=None, pulse=None):
        if without != "escalation":
            escalation.run_pass(database)
        if without != "notices":
            notices.tick(database, Pigeon(), "https://lado.council.example")
        return heartbeat.tick(database, pulse)

    return once


def test_the_monitor_gets_its_sign_while_every_job_is_heard(run, clock):
    pulse = Heard()

    assert run(pulse=pulse)

    assert pulse.given == [clock.now()]


@pytest.mark.parametrize("job", ["escalation", "notices"])
def test_a_job_that_falls_silent_takes_the_sign_away(run, clock, job):
    pulse = Heard()
    run(pulse=pulse)
    clock.advance(minutes=3, seconds=1)

    assert not run(without=job, pulse=pulse)

    assert len(pulse.given) == 1


def test_a_monitor_that_cannot_be_reached_stops_nothing(run):
    assert run(pulse=Heard(PulseProblem("the address: ConnectionError")))


@pytest.mark.parametrize(
    ("job", "words"),
    [
        ("escalation", "The scheduler has been silent since 09:30 on Monday 2 March"),
        ("notices", "A part of the scheduler is silent: messages may not be sent."),
    ],
)
def test_after_three_minutes_of_silence_pages_say_so_and_readiness_fails(run, clock, browser, job, words):
    run()
    clock.advance(minutes=3)
    run(without=job)
    assert browser.get("/health/ready").json == {"up": True}
    clock.advance(seconds=1)

    assert browser.get("/health/ready", status=503).json == {"up": False}
    page = words_of(browser.sign_in("olive").get("/escalations"))
    assert words in page


def test_pages_say_when_the_scheduler_last_looked(run, browser):
    run()

    page = words_of(browser.sign_in("olive").get("/escalations"))

    assert "The scheduler last looked for what is due on Monday 2 March 2026 at 09:30" in page


def test_a_message_that_waits_for_the_mail_server_is_an_alarm_but_the_pages_stay_ready(run, database, browser, people):
    run()
    clock = database.clock
    with database.work(SYSTEM) as act:
        writing.queue(act, people.olive.id, None, "A message", "Words.")
    clock.advance(minutes=11)
    run(without="notices")
    run_silently(database)

    assert browser.get("/health/ready").json == {"up": True}
    assert "At least one message has waited to be sent since 09:30" in words_of(
        browser.sign_in("olive").get("/escalations")
    )


def run_silently(database):
    """A tick of the notices while the mail server is away."""
    notices.tick(database, Pigeon(*[ServerUnreachable("TimeoutError")] * 3), "https://lado.council.example")
