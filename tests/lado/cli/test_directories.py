"""`flask directories check` says in words whether a council's directory answers as it should."""

import json
from dataclasses import replace

import pytest

from tests.support.directory import Provider, provider_at_work


@pytest.fixture
def provider(clock):
    with provider_at_work(Provider(clock)) as running:
        yield running


@pytest.fixture
def settings(settings, provider):
    return replace(settings, directories=(provider.settings,))


def checked(app):
    return app.test_cli_runner().invoke(args=["directories", "check"])


def test_one_that_answers_as_it_should(app, provider):
    result = checked(app)

    assert result.exit_code == 0, result.output
    (found,) = json.loads(result.stdout)
    assert found == {
        "council": "northbrook",
        "issuer": provider.issuer,
        "both_factors_where": "amr is one of mfa",
        "faults": [],
    }


def test_one_that_does_not(app, provider):
    provider.metadata["issuer"] = "https://elsewhere.example"

    result = checked(app)

    assert result.exit_code == 1
    assert "another issuer" in result.stdout
    assert "Nobody can sign in with it" in result.stderr
    assert "kept between" not in result.output


def test_one_of_a_council_that_is_not_there(app, provider):
    strays = (replace(provider.settings, authority="nowhere"),)
    here = app.extensions["lado"]
    app.extensions["lado"] = replace(here, settings=replace(here.settings, directories=strays))

    result = checked(app)

    assert result.exit_code == 1
    assert "no council with the short name nowhere" in result.stdout
