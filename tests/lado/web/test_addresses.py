"""What a number in an address is read as, however large."""

import pytest

from lado.web.addresses import Number
from tests.support.addresses import hidden
from tests.support.signing import sending, sign_in

LARGEST = Number.largest


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0", 0), ("7", 7), ("007", 7), (str(LARGEST), LARGEST), (str(LARGEST + 1), LARGEST), ("9" * 5_000, LARGEST)],
)
def test_a_number_is_never_larger_than_that_of_any_row(app, typed, number):
    with app.test_request_context(f"/settings/changes/{typed}") as context:
        assert context.request.view_args == {"change_id": number}


def test_a_number_that_would_count_cases_stands_in_no_address(app):
    names = [hidden(app, number) for number in (0, 1, 2, LARGEST)]

    assert len({*names}) == len({name[:6] for name in names}) == 4
    for name, number in zip(names, (0, 1, 2, LARGEST), strict=True):
        with app.test_request_context(f"/escalations/{name}/later") as context:
            assert context.request.view_args == {"escalation_id": number}


@pytest.mark.parametrize("typed", ["1", "0" * 22, "A" * 21 + "B", "é" * 22, "9" * 5_000])
def test_a_name_that_was_made_up_is_of_nothing(app, typed):
    with app.test_request_context(f"/escalations/{typed}/later") as context:
        assert context.request.view_args == {"escalation_id": LARGEST}


@pytest.mark.parametrize("name", ["olive", "pat"])
def test_what_has_no_such_number_is_not_found(app, name):
    client = sign_in(app, name)

    for number in (LARGEST, 10**30):
        answer = client.post(f"/notices/{number}/send-again", data=sending(client))
        assert answer.status_code == 404
