"""What a refusal does to the one resolver: it passes over who said why not, and at last a leader has the case."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from lado.domain.cover import CONFLICT, REFUSED, Kept, first_there, on_cover, passing_over, second
from lado.domain.rota import Away, Rota
from tests.lado.domain.test_cover_model import EXAMPLES, PEOPLE, barred_people, instants_of, minutes, moment, rotas

OWNER, CARL, DANA, MINA, HAL = 1, 2, 3, 4, 5
LEAVE = Away(OWNER, moment(0), moment(2_000), CARL, id=7, second=DANA)
LED = Rota((LEAVE,), leaders=(MINA, HAL))
NOW = moment(600)


def numbered(rota):
    """The rota with a number for each absence and the last two people as leaders."""
    absences = tuple(replace(one, id=number) for number, one in enumerate(rota.absences, start=1))
    return replace(rota, absences=absences, leaders=(MINA, HAL))


@settings(max_examples=EXAMPLES, deadline=None)
@given(rotas, barred_people, st.frozensets(st.sampled_from(PEOPLE), min_size=1, max_size=3), minutes)
def test_a_refusal_passes_over_whoever_would_stand_in_and_nobody_else(rota, barred, refusing, minute):
    rota = numbered(rota)
    for at in (moment(minute), *instants_of(rota)[::9]):
        for person in PEOPLE:
            absence = rota.away(person, at)
            plain = on_cover(person, at, rota, barred)
            elsewhere = Kept(barred, {(99, other) for other in refusing})
            assert on_cover(person, at, rota, elsewhere) == plain, "what was refused in another absence is forgotten"
            if absence is None:
                continue
            kept = Kept(barred, {(absence.id, other) for other in refusing})
            found, strict = on_cover(person, at, rota, kept), on_cover(person, at, rota, barred | refusing)
            if strict.person is not None:
                assert (found.chain, found.person) == (strict.chain, strict.person)
            elif not rota.duty_days and not rota.duty_changes:
                leaders = (
                    first_there((one,), at, rota, {*barred, *refusing, person}).person
                    for one in rota.leaders
                    if one != person
                )
                assert found.person == next((one for one in leaders if one is not None), None)
            assert found.person is None or found.person not in barred | refusing | {person}
            assert {who for who, why in zip(found.chain, found.passed, strict=False) if why == REFUSED} <= refusing


def test_who_refused_is_said_and_the_next_one_has_it():
    found = on_cover(OWNER, NOW, LED, Kept((), {(LEAVE.id, CARL)}))

    assert (found.chain, found.person, found.passed) == ((OWNER, CARL, DANA), DANA, ("leave", REFUSED))


def test_when_everybody_refused_the_nearest_leader_has_it_and_where_nobody_did_it_is_a_gap():
    both = {(LEAVE.id, CARL), (LEAVE.id, DANA)}

    assert on_cover(OWNER, NOW, LED, Kept((), both)).person == MINA
    assert on_cover(OWNER, NOW, LED, Kept((), both)).why == "leads"
    assert on_cover(OWNER, NOW, LED, Kept((MINA,), both)).person == HAL
    assert on_cover(OWNER, NOW, LED, Kept((), both | {(LEAVE.id, MINA)})).person == HAL
    assert on_cover(OWNER, NOW, LED, frozenset({CARL, DANA})).is_nobody, "a conflict brings in no leader"


def test_the_second_cover_of_a_leader_is_looked_for_no_further():
    assert second(OWNER, NOW, LED, Kept((), {(LEAVE.id, CARL), (LEAVE.id, DANA)})).is_nobody
    assert second(OWNER, NOW, LED, Kept((), {(LEAVE.id, CARL)})).is_nobody


def test_a_refusal_keeps_nobody_from_the_case_itself():
    kept = Kept((DANA,), {(LEAVE.id, CARL)})

    assert (CARL in kept, DANA in kept, len(kept)) == (False, True, 1)
    assert kept != frozenset({DANA})
    assert Kept((DANA,)) == frozenset({DANA})
    assert first_there((CARL,), NOW, LED, kept).person == CARL
    assert on_cover(OWNER, NOW, LED, kept).passed == ("leave", REFUSED, CONFLICT)


def test_whoever_was_tried_already_is_passed_over_besides_who_refused():
    found = on_cover(OWNER, NOW, LED, passing_over(Kept((), {(LEAVE.id, CARL)}), [DANA]))

    assert (found.person, found.passed) == (MINA, ("leave", REFUSED, CONFLICT))
    assert on_cover(OWNER, NOW, LED, passing_over(frozenset(), [CARL])).person == DANA
