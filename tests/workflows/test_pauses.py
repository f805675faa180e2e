"""What must hold of any pauses: drawn at random, over every unit."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lado.adapters.bank_holidays import england
from workflows.clocks import CutOff, Span, Unit, due, london_day, share, working

ENGLAND = england()
FIRST = datetime(2024, 3, 1, tzinfo=UTC)

minutes = st.integers(0, 60 * 24 * 60)
starts = minutes.map(lambda n: FIRST + timedelta(minutes=n))
spans = st.builds(Span, st.integers(1, 15), st.sampled_from(list(Unit)))
pauses = st.lists(
    st.tuples(minutes, st.integers(0, 60 * 24 * 20)).map(
        lambda pair: (FIRST + timedelta(minutes=pair[0]), FIRST + timedelta(minutes=sum(pair)))
    ),
    max_size=4,
).map(tuple)
terms = st.fixed_dictionaries(
    {
        "cut_offs": st.sampled_from([(), (CutOff(4, time(16)),), (CutOff(None, time(12, 30)),)]),
        "day_ends": st.sampled_from([time(23, 59, 59), time(17)]),
    }
)
few = settings(max_examples=150, deadline=None)


@few
@given(starts, spans, pauses, terms)
def test_derived_again_it_is_the_same_date_in_whatever_order_the_pauses_are_told(start, span, pauses, terms):
    once = due(start, span, ENGLAND, pauses=pauses, **terms)
    assert once == due(start, span, england(), pauses=pauses[::-1], **terms)
    assert once.at > start


@few
@given(starts, spans, pauses, st.data(), terms)
def test_a_longer_pause_never_makes_an_earlier_date(start, span, pauses, data, terms):
    before = due(start, span, ENGLAND, pauses=pauses, **terms)
    more = data.draw(st.tuples(st.integers(0, 5000), st.integers(0, 5000)))
    which = data.draw(st.integers(0, len(pauses)))
    begins, ends = pauses[which] if which < len(pauses) else (start, start)
    longer = (begins - timedelta(minutes=more[0]), ends + timedelta(minutes=more[1]))
    after = due(start, span, ENGLAND, pauses=(*pauses[:which], longer, *pauses[which + 1 :]), **terms)
    assert after.at >= before.at


@few
@given(starts, spans, pauses, terms)
def test_a_clock_that_ran_when_it_was_paused_is_never_due_before_it_resumes(start, span, pauses, terms):
    at = due(start, span, ENGLAND, pauses=pauses, **terms).at
    assert not any(paused_at < at < resumed_at for paused_at, resumed_at in pauses)


@few
@given(starts, spans, pauses, terms)
def test_the_working_ends_on_the_due_day(start, span, pauses, terms):
    moment = due(start, span, ENGLAND, pauses=pauses, **terms)
    steps = working(start, span, ENGLAND, pauses=pauses, **terms)
    assert steps[0].day == london_day(start)
    assert steps[-1].day == london_day(moment.at)
    if span.unit in (Unit.HOUR, Unit.WORKING_DAY, Unit.CALENDAR_DAY):
        assert steps[-1].counted == span.count


@few
@given(starts, spans, pauses, st.floats(0, 1))
def test_a_share_lies_between_the_start_and_the_due_moment(start, span, pauses, fraction):
    at = due(start, span, ENGLAND, pauses=pauses).at
    assert start <= share(start, at, fraction, pauses) <= at
