"""Malformed forms at a small size. `python -m tests.faults.forms` sends 10,000 to each address that takes a form."""

import pytest

from tests.faults.forms import Report, Sender, attack, failing, forms_of
from tests.support.routes import settle_world

EACH = 2


@pytest.fixture
def sender(app, database, caseload, people, clock):
    return Sender(app, database, settle_world(caseload, people, clock))


def test_no_malformed_form_fails_and_none_is_half_written(sender, people):
    report = Report()

    for form in forms_of(sender, people):
        attack(sender, form, EACH, report)

    assert report.findings == []
    assert report.sent > 100 * EACH
    assert {200, 302, 400} <= set(report.statuses)


@pytest.mark.once
def test_a_page_that_fails_is_noticed(app, sender, people):
    report = Report()
    (form,) = forms_of(sender, people, "POST /search")

    with failing(app, "search.find"):
        attack(sender, form, EACH, report)

    assert any("500" in found for found in report.findings)
