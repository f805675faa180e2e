"""Reading notices: a person's own, newest first, and those that could not be sent."""

from lado.queries import notices as queries
from lado.security.identity import SYSTEM
from lado.services import notices


def write(database, who, *subjects, **more):
    with database.work(SYSTEM) as act:
        for subject in subjects:
            notices.queue(act, who.id, None, subject, "Words.", **more)


def test_a_persons_own_notices_a_page_at_a_time(database, people):
    write(database, people.olive, "1", "2", "3")
    write(database, people.carl, "4")

    with database.reading(people.olive) as act:
        first = queries.of_account(act.session, people.olive.id, limit=2)
        rest = queries.of_account(act.session, people.olive.id, before=first[-1].id)

    assert [notice.subject for notice in (*first, *rest)] == ["3", "2", "1"]


def test_what_could_not_be_sent_is_shown_to_its_own_council_for_a_week(database, people, clock):
    write(database, people.olive, "waits")
    write(database, people.olive, "failed", failure="the mail server said 550")
    write(database, people.sam, "elsewhere", failure="the mail server said 550")

    def failed():
        with database.reading(people.mina) as act:
            return [notice.subject for notice in queries.failed(act.session, people.mina.authority, act.at)]

    assert failed() == ["failed"]
    clock.advance(days=8)
    assert failed() == []
