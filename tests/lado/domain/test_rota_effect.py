"""What a change of the rota would change: who would be there instead of whom, and nothing where nothing differs."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from lado.domain.rota import PRIMARY, REPLACE, SECOND, Away, DutyChange, DutyDay, Rota
from lado.domain.rota_effect import Effect, effects

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
TUESDAY = datetime(2026, 3, 3, tzinfo=UTC)
OLIVE, CARL, DANA = 1, 2, 3
WEEKLY = Rota(duty_days=(DutyDay(PRIMARY, 1, OLIVE, date(2026, 1, 1)), DutyDay(SECOND, 1, DANA, date(2026, 1, 1))))


def changed(rota, **more):
    return effects(rota, replace(rota, **more), (OLIVE, CARL, DANA), NOW, NOW + 7 * DAY)


def test_the_same_rota_changes_nothing():
    assert changed(WEEKLY) == ()


def test_duty_goes_to_somebody_else():
    change = DutyChange(REPLACE, PRIMARY, TUESDAY, TUESDAY + DAY, OLIVE, CARL)

    assert changed(WEEKLY, duty_changes=(change,)) == (Effect(None, PRIMARY, TUESDAY, TUESDAY + DAY, OLIVE, CARL),)


def test_a_change_of_somebody_who_is_not_on_duty_changes_nothing():
    change = DutyChange(REPLACE, PRIMARY, TUESDAY, TUESDAY + DAY, DANA, CARL)

    assert changed(WEEKLY, duty_changes=(change,)) == ()


def test_an_absence_changes_who_covers_and_who_has_the_duty():
    away = Away(OLIVE, TUESDAY, TUESDAY + DAY, CARL)

    assert changed(WEEKLY, absences=(away,)) == (
        Effect(None, PRIMARY, TUESDAY, TUESDAY + DAY, OLIVE, CARL),
        Effect(OLIVE, 0, TUESDAY, TUESDAY + DAY, OLIVE, CARL),
    )


def test_an_empty_span_has_no_effect():
    assert effects(WEEKLY, Rota(), (OLIVE,), NOW, NOW) == ()
