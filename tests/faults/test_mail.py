"""Whatever a mail server does, no message is lost, and only one whose outcome was in doubt arrives twice."""

import pytest

from lado.adapters.mail import SmtpMail
from tests.faults.kills import settled
from tests.faults.mail import FAULTS, SMALL, Careless, one


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    """A settled council in a folder of its own."""
    return settled(tmp_path_factory.mktemp("mail"))


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost(rig, fault):
    assert one(rig, fault, *SMALL, SmtpMail)["violations"] == []


def test_what_was_in_doubt_arrives_twice_under_one_name_and_nothing_else_does(rig):
    assert one(rig, "dropped after DATA", *SMALL, SmtpMail)["doubled in doubt"] == SMALL[0] // 2


def test_the_judge_sees_what_is_lost(rig):
    (violation,) = one(rig, "dropped after DATA", *SMALL, Careless)["violations"]

    assert violation == "5 messages reached nobody"
