"""Another council's case, one that is kept from them and one that never was answer staff alike, to the last byte."""

import pytest
from sqlalchemy import insert

from lado.models import Barred
from tests.faults.portal_swaps import Asker, Place, ask
from tests.support.routes import may, settle_world, visits
from tests.support.signing import sign_in

NEVER = "NB-222222-2"


@pytest.fixture
def world(caseload, people, clock):
    return settle_world(caseload, people, clock)


@pytest.fixture
def kept_from(database, world, people) -> str:
    """A case of their own council that Olive and Mina are kept from."""
    kept = {"referral_id": world.nobodys.id, "conflict_id": world.conflict_id}
    with database.work(people.system) as act:
        rows = [{**kept, "account_id": who.id, "since_at": act.at} for who in (people.olive, people.mina)]
        act.session.execute(insert(Barred), rows)
    return world.nobodys.reference


@pytest.mark.parametrize("name", ["mina"])  # what an officer opens, a manager opens too
def test_what_staff_may_not_know_of_answers_as_what_never_was(app, world, people, kept_from, name):
    asker, address = Asker(name, sign_in(app, name)), app.url_map.bind("localhost")
    rules = {(rule.rule, method): rule for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    tried, wrong = 0, []
    for visit in visits(app, world):
        rule = rules[visit.page.path, visit.page.method]
        if "reference" not in rule.arguments or not may(people.everyone[name], visit, world):
            continue
        place, others = Place(rule, visit.page.method), {one: world.values[one] for one in rule.arguments}
        never = ask(asker, address, place, {**others, "reference": NEVER})
        assert never.status == 404, visit.name
        for reference in (world.southmeres.reference, kept_from):
            tried += 1
            if ask(asker, address, place, {**others, "reference": reference}) != never:
                wrong.append(f"{visit.name}: {reference}")

    assert not wrong, "\n".join(wrong)
    assert tried > 80
