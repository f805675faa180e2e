"""A council's directory is entered whole, with an encrypted address, or the product does not start."""

import pytest

from config import Settings, SettingsRefused

ISSUER = "https://login.example/tenant/v2.0"


def entered(tmp_path, **parts):
    given = {"ISSUER": ISSUER, "CLIENT_ID": "tracker", "CLIENT_SECRET": "kept", **parts}
    environ = {f"LADO_OIDC_NORTH_BROOK_{name}": value for name, value in given.items() if value is not None}
    return Settings.from_environment({"LADO_DATA": str(tmp_path)} | environ).directories


def test_a_directory_as_it_is_entered(tmp_path):
    (directory,) = entered(tmp_path, STRENGTH="acr=phr, phrh")

    assert (directory.authority, directory.issuer, directory.client_id) == ("north-brook", ISSUER, "tracker")
    assert (directory.claim, directory.strong) == ("acr", ("phr", "phrh"))
    assert "kept" not in repr(directory)


def test_without_another_word_the_token_must_say_mfa(tmp_path):
    (directory,) = entered(tmp_path)

    assert (directory.claim, directory.strong) == ("amr", ("mfa",))


def test_without_settings_there_is_none(tmp_path):
    assert Settings.from_environment({"LADO_DATA": str(tmp_path)}).directories == ()


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"ISSUER": None}, "ISSUER is not set"),
        ({"CLIENT_ID": ""}, "CLIENT_ID is not set"),
        ({"CLIENT_SECRET": " "}, "CLIENT_SECRET is not set"),
        ({"ISSUER": "http://login.example"}, "https://"),
        ({"ISSUER": "https://login.example?tenant=1"}, "plain address"),
        ({"ISSUER": "https://us:secret@login.example"}, "plain address"),
        ({"STRENGTH": "amr"}, "STRENGTH must be like"),
        ({"STRENGTH": "amr="}, "STRENGTH must be like"),
        ({"STRENGTH": "email=olive@example.test"}, "STRENGTH must be like"),
        ({"SECRET": "kept"}, "is not a setting"),
    ],
)
def test_half_of_it_is_refused_in_words(tmp_path, parts, words):
    with pytest.raises(SettingsRefused, match=words):
        entered(tmp_path, **parts)


def test_two_councils_do_not_share_one_directory(tmp_path):
    other = {"LADO_OIDC_SOUTHMERE_ISSUER": ISSUER, "LADO_OIDC_SOUTHMERE_CLIENT_ID": "b"}
    one = {"LADO_OIDC_NORTHBROOK_ISSUER": ISSUER, "LADO_OIDC_NORTHBROOK_CLIENT_ID": "a"}
    secrets = {f"LADO_OIDC_{name}_CLIENT_SECRET": "kept" for name in ("NORTHBROOK", "SOUTHMERE")}

    with pytest.raises(SettingsRefused, match="same issuer"):
        Settings.from_environment({"LADO_DATA": str(tmp_path)} | one | other | secrets)
