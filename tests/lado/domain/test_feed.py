"""What a calendar feed sends anew: new, moved, taken back, come again; what is over stays as it was sent."""

from datetime import UTC, datetime, timedelta

from lado.domain import feed
from lado.domain.feed import Entry, Sent
from lado.domain.rota import PRIMARY, Away, DutyDay, Rota
from workflows.london import LONDON

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
OLIVE, CARL = 1, 2


def entry(key="duty/1//2026-03-03/1", days=1, length=8):
    return Entry(key, NOW + days * DAY, NOW + days * DAY + timedelta(hours=length))


def sent(one, sequence=0, *, is_cancelled=False):
    return Sent(one.key, one.from_at, one.until_at, sequence, NOW - DAY, is_cancelled)


def changed(old, new, at=NOW):
    return feed.changes({one.key: one for one in old}, new, at)


def test_what_is_new_is_sent_as_the_first_of_its_kind():
    assert changed([], [entry()]) == [Sent(*entry(), 0, NOW, is_cancelled=False)]


def test_what_stayed_is_not_sent_again():
    assert changed([sent(entry())], [entry()]) == []


def test_what_moved_has_a_higher_number():
    moved = entry(length=4)

    assert changed([sent(entry(), 3)], [moved]) == [Sent(*moved, 4, NOW, is_cancelled=False)]


def test_what_is_gone_is_taken_back_once():
    (back,) = changed([sent(entry(), 1)], [])

    assert back == Sent(*entry(), 2, NOW, is_cancelled=True)
    assert changed([back], []) == []


def test_what_came_again_is_confirmed_with_a_higher_number():
    assert changed([sent(entry(), 2, is_cancelled=True)], [entry()]) == [Sent(*entry(), 3, NOW, is_cancelled=False)]


def test_what_is_over_stays_as_it_was_sent():
    over = entry(days=-2)

    assert changed([sent(over)], []) == []
    assert changed([sent(over)], [over._replace(until_at=over.until_at - timedelta(hours=1))]) == []


def test_entries_of_a_day_lie_in_office_hours_and_name_nobody():
    away = Away(OLIVE, datetime(2026, 3, 2, tzinfo=LONDON), datetime(2026, 3, 4, tzinfo=LONDON), CARL, id=7)
    rota = Rota((away,), duty_days=(DutyDay(PRIMARY, 0, OLIVE, NOW.date() - DAY),))

    found = {one.key: one for one in feed.entries({OLIVE, CARL}, NOW, rota)}

    assert set(found) >= {"away/1//7", "covers/2/1/2026-03-02/1", "covers/2/1/2026-03-03/1", "duty/1//2026-03-09/1"}
    assert "covers/2/1/2026-03-04/1" not in found
    covering = found["covers/2/1/2026-03-02/1"]
    assert (covering.from_at.hour, covering.until_at.hour) == (9, 17)
    assert feed.said(covering.key) == ("covers", CARL, OLIVE)
    assert "duty/2//2026-03-02/1" in found  # Carl stands in for her on her duty day
