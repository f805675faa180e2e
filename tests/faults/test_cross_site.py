"""No other site can send a form. `python -m tests.faults.cross_site` sends each in every way there is."""

import pytest

from tests.faults.cross_site import HERE, bombard, open_to_all, send, some_shots
from tests.faults.forms import Sender, forms_of
from tests.support.contents import digests
from tests.support.routes import settle_world


@pytest.fixture
def sender(app, database, caseload, people, clock):
    return Sender(app, database, settle_world(caseload, people, clock))


def test_no_form_from_elsewhere_is_taken_whatever_it_carries(sender, database, people):
    every = forms_of(sender, people, but=frozenset(), is_read=False)

    report = bombard(sender, database, [(one, shot) for number, one in enumerate(every) for shot in some_shots(number)])

    assert report.findings == []
    assert report.sent > 200
    assert set(report.statuses) == {400}


@pytest.mark.once
def test_the_same_form_from_our_own_site_is_taken_and_without_the_guard_from_anywhere(app, sender, database, people):
    (reply,) = forms_of(sender, people, "POST /portal/<reference>/actions/<int:number>")
    before = digests(database)

    assert send(sender, reply, "urlencoded", HERE, has_tokens=True) == 302
    assert digests(database) != before

    open_to_all(app)
    (search,) = forms_of(sender, people, "POST /search")
    report = bombard(sender, database, [(search, shot) for shot in some_shots(0)])
    assert any("another site" in found for found in report.findings)
