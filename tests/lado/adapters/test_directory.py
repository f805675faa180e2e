"""What a directory says is believed only when everything about it fits, and nothing that it does is a fault of ours."""

import json
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from config import DirectorySettings
from lado.adapters import bounded
from lado.adapters.directory import (
    Asking,
    DirectoryNotBelieved,
    DirectoryUnavailable,
    OpenIdDirectory,
)
from lado.clock import FixedClock
from tests.support.directory import (
    CLIENT,
    KEY,
    SECRET,
    Provider,
    as_secret,
    forger,
    provider_at_work,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ASKING = Asking("a secret of one browser", "https://lado.example/sign-in/directory/northbrook/back")
STAMP = int(NOW.timestamp())
DOCUMENT = "/.well-known/openid-configuration"


@pytest.fixture
def provider():
    with provider_at_work(Provider(FixedClock(NOW))) as running:
        yield running


@pytest.fixture
def directory(provider):
    return OpenIdDirectory(provider.settings)


def came(provider, directory, asking=ASKING, at=NOW):
    code = provider.sent_back(directory.page_for(asking)).partition("code=")[2].partition("&")[0]
    return directory.who_came(asking, code, at)


def test_whoever_comes_is_known_by_issuer_and_subject(provider, directory):
    found = came(provider, directory)

    assert (found.issuer, found.subject, found.is_strong) == (provider.issuer, "subject-of-olive", True)
    assert found.proved_at == NOW


def test_what_is_asked_ties_the_answer_to_this_asking(provider, directory):
    page = directory.page_for(ASKING)

    assert page.startswith(f"{provider.issuer}/authorize?")
    for part in ("response_type=code", "code_challenge_method=S256", f"state={ASKING.state}", f"nonce={ASKING.nonce}"):
        assert part in page
    assert "scope=openid&" in page, "nothing but who they are is asked for"
    assert ASKING.secret not in page
    assert ASKING.verifier not in page


@pytest.mark.parametrize(
    ("claims", "because"),
    [
        ({"iss": "https://elsewhere.example"}, "another issuer"),
        ({"iss": None}, "no issuer"),
        ({"aud": "another-application"}, "for another application"),
        ({"aud": "another-application", "azp": CLIENT}, "for another application, which we asked for"),
        ({"aud": [CLIENT, "another"]}, "for two, and it does not say which asked"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "asked for by another"),
        ({"exp": STAMP - 61}, "expired"),
        ({"iat": STAMP + 61}, "issued in the future"),
        ({"iat": STAMP - 700, "exp": STAMP + 900}, "issued before anybody asked"),
        ({"nbf": STAMP + 61}, "not yet to be used"),
        ({"nonce": "of another asking"}, "another nonce"),
        ({"nonce": None}, "no nonce"),
        ({"sub": ""}, "nobody"),
        ({"sub": 7}, "no name"),
        ({"sub": "é"}, "not as a subject is written"),
        ({"sub": "s" * 256}, "longer than a subject is"),
        ({"iat": "soon"}, "a time that is none"),
        ({"auth_time": 10**20}, "a time that is none"),
    ],
)
def test_a_token_that_does_not_fit_is_not_believed(provider, directory, claims, because):
    provider.claims |= claims

    with pytest.raises(DirectoryNotBelieved):
        came(provider, directory)


@pytest.mark.parametrize("name", ["iss", "sub", "aud", "exp", "iat", "nonce"])
def test_a_token_that_lacks_a_part_is_not_believed(provider, directory, name):
    provider.forgets = (name,)

    with pytest.raises(DirectoryNotBelieved):
        came(provider, directory)


def test_a_token_that_nobody_signed_is_not_believed(provider, directory):
    provider.header, provider.key = {"alg": "none", "kid": "one"}, None
    provider.metadata["id_token_signing_alg_values_supported"] = ["none", "ES256"]

    with pytest.raises(DirectoryNotBelieved):
        came(provider, directory)


@pytest.mark.parametrize("secret", [KEY.as_pem(private=False), SECRET.encode()], ids=["public key", "client secret"])
@pytest.mark.parametrize("is_published", [False, True])
def test_what_both_sides_know_is_no_key(provider, directory, secret, is_published):
    provider.keys = {"keys": [KEY.as_dict(private=False), *([as_secret(secret)] if is_published else [])]}
    provider.header, provider.key = {"alg": "HS256", "kid": "one"}, secret
    provider.metadata["id_token_signing_alg_values_supported"] = ["HS256", "ES256"]

    with pytest.raises(DirectoryNotBelieved):
        came(provider, directory)


def test_a_key_that_is_not_the_directorys_signs_nothing(provider, directory):
    provider.key = forger()

    with pytest.raises(DirectoryNotBelieved):
        came(provider, directory)


def test_a_key_that_comes_with_the_token_signs_nothing(provider, directory):
    provider.key = forger()
    provider.header |= {"jwk": provider.key.as_dict(private=False), "jku": "https://elsewhere.example/keys"}

    with pytest.raises(DirectoryNotBelieved):
        came(provider, directory)


def test_a_code_is_good_once(provider, directory):
    code = provider.sent_back(directory.page_for(ASKING)).partition("code=")[2].partition("&")[0]
    directory.who_came(ASKING, code, NOW)

    with pytest.raises(DirectoryNotBelieved):
        directory.who_came(ASKING, code, NOW)


def test_a_code_of_another_asking_is_refused(provider, directory):
    code = provider.sent_back(directory.page_for(ASKING)).partition("code=")[2].partition("&")[0]

    with pytest.raises(DirectoryNotBelieved):
        directory.who_came(Asking("of another browser", ASKING.back), code, NOW)


@pytest.mark.parametrize(
    ("claim", "strong", "said", "holds"),
    [
        ("amr", ("mfa",), {"amr": ["pwd", "mfa"]}, True),
        ("amr", ("mfa",), {"amr": ["pwd"]}, False),
        ("amr", ("mfa",), {"amr": []}, False),
        ("amr", ("mfa",), {}, False),
        ("amr", ("mfa",), {"acr": "mfa"}, False),
        ("amr", ("hwk", "fido"), {"amr": ["fido"]}, True),
        ("acr", ("phr", "phrh"), {"acr": "phrh"}, True),
        ("acr", ("phr", "phrh"), {"acr": "1"}, False),
        ("acrs", ("c1",), {"acrs": ["c1", "c2"]}, True),
        ("acrs", ("c1",), {"acrs": ["c2"]}, False),
    ],
)
def test_a_second_factor_is_proved_where_the_token_says_so(provider, claim, strong, said, holds):
    provider.claims = said
    directory = OpenIdDirectory(DirectorySettings("northbrook", provider.issuer, CLIENT, SECRET, claim, strong))

    assert came(provider, directory).is_strong is holds


def test_a_second_factor_is_asked_for_in_the_directorys_own_way(provider):
    def page(claim, strong):
        settings = DirectorySettings("northbrook", provider.issuer, CLIENT, SECRET, claim, strong)
        return OpenIdDirectory(settings).page_for(ASKING)

    assert "acr_values=phr+phrh" in page("acr", ("phr", "phrh")).replace("%20", "+")
    assert "%22acrs%22" in page("acrs", ("c1",))


def test_a_factor_that_was_proved_this_morning_was_not_proved_now(provider, directory):
    provider.claims["auth_time"] = STAMP - 3600

    assert came(provider, directory).proved_at == NOW - timedelta(hours=1)


def test_a_factor_is_never_proved_in_the_future(provider, directory):
    provider.claims["auth_time"] = STAMP + 10_000_000

    assert came(provider, directory).proved_at == NOW


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"issuer": "https://elsewhere.example"}, "another issuer"),
        ({"issuer": None}, "another issuer"),
        ({"authorization_endpoint": "http://elsewhere.example/authorize"}, "authorization_endpoint"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "authorization_endpoint"),
        ({"token_endpoint": "//elsewhere.example"}, "token_endpoint"),
        ({"token_endpoint": "https://[half"}, "token_endpoint"),
        ({"jwks_uri": 7}, "jwks_uri"),
        ({"end_session_endpoint": "ftp://x"}, "end_session_endpoint"),
    ],
)
def test_a_document_that_is_not_as_it_should_is_refused_in_words(provider, directory, metadata, words):
    provider.metadata |= metadata

    with pytest.raises(DirectoryUnavailable, match=words):
        directory.page_for(ASKING)
    assert any(words in fault for fault in directory.faults())


@pytest.mark.parametrize("path", [DOCUMENT, "/token", "/keys"])
@pytest.mark.parametrize(
    "answer",
    [
        (500, b"", {}),
        (302, b"", {"Location": "/.well-known/openid-configuration"}),
        (200, b"<html>Down for maintenance</html>", {}),
        (200, b"[]", {}),
        (200, b"null", {}),
        (200, b'"a word"', {}),
        (200, b"{}", {}),
        (200, b'{"keys": [{"kty": "RSA", "n": "x"}], "id_token": 7}', {}),
        (200, b"\xff\xfe", {}),
        (200, b"not gzip", {"Content-Encoding": "gzip"}),
        (200, b"1" * (bounded.LARGEST + 1), {}),
    ],
    ids=["500", "redirect", "page", "list", "null", "word", "empty", "odd", "bytes", "broken", "endless"],
)
def test_nonsense_is_said_in_words(provider, directory, path, answer):
    code = provider.sent_back(directory.page_for(ASKING)).partition("code=")[2].partition("&")[0]
    provider.instead[path] = answer

    with pytest.raises(DirectoryUnavailable) as said:
        directory.who_came(ASKING, code, NOW)
    assert str(said.value).startswith("It ")
    assert len(provider.asked) <= 5, "no redirect is followed"


def test_a_directory_that_is_down_is_said_in_words():
    with provider_at_work(Provider(FixedClock(NOW))) as gone:
        pass
    directory = OpenIdDirectory(gone.settings)

    with pytest.raises(DirectoryUnavailable, match="cannot be asked"):
        directory.page_for(ASKING)
    assert directory.faults()


def test_a_directory_that_dribbles_is_left_in_time(provider, directory):
    provider.waits[DOCUMENT] = 0.02

    with patch.object(bounded, "IN_ALL", 0.1), pytest.raises(DirectoryUnavailable, match="slowly"):
        directory.page_for(ASKING)


def test_a_directory_that_is_silent_is_left_in_time(provider, directory):
    provider.waits[DOCUMENT] = 0.5

    with patch.object(bounded, "READ", 0.1), pytest.raises(DirectoryUnavailable, match="slowly"):
        directory.page_for(ASKING)


def test_a_directory_without_a_usable_way_of_signing_is_found_out(provider, directory):
    provider.metadata |= {
        "id_token_signing_alg_values_supported": ["HS256"],
        "code_challenge_methods_supported": ["plain"],
    }

    assert len(directory.faults()) == 2


def test_a_directory_as_it_should_be_has_no_fault(directory):
    assert directory.faults() == []


def test_signing_out_there_comes_back_here(provider, directory):
    page = directory.page_to_sign_out("https://lado.example/sign-in")
    assert page.startswith(f"{provider.issuer}/end?")
    assert "post_logout_redirect_uri=https%3A%2F%2Flado.example%2Fsign-in" in page

    provider.metadata["end_session_endpoint"] = None
    assert directory.page_to_sign_out("https://lado.example/sign-in") is None


def test_the_secret_is_in_no_words(provider, directory):
    assert SECRET not in repr(provider.settings)
    provider.instead["/token"] = (
        400,
        json.dumps({"error": "invalid_client", "error_description": SECRET}).encode(),
        {},
    )
    with pytest.raises(DirectoryNotBelieved) as said:
        came(provider, directory)
    assert SECRET not in str(said.value)
