"""What a password may be: two hundred that are taken or refused, and each refusal says how to mend it."""

import pytest

from lado.security import passwords

KNOWN = ("Olive Otterbourne", "olive.otterbourne@northbrook.example", "Northbrook Council")

WORDS = ("quiet", "lantern", "ferry", "cobalt", "meadow", "thimble", "orbit", "walnut", "gravel", "pigeon")
GOOD = [
    f"{first} {second} {third}" for first, second, third in zip(WORDS * 7, WORDS[3:] * 10, WORDS[5:] * 14, strict=False)
]
TAKEN = [
    *GOOD[:64],
    "a long enough password for tests",
    "three words of my own",
    " leading and trailing ",
    "keine Ahnung wo der Bus hält",
    "пароль из четырёх слов",
    "正確な馬電池ホチキスと月曜日の雨傘",
    "x" * 1 + "ylophone in the bath",
    "🙂🐝🌧🚲🍎🦊🎈🧩🪁🥝🌵🐙🎻🛶🧵",
    "ñandú bajo la lluvia " * 6,
    "é" + "mile rode his blue bike past eleven red doors and one green one, singing of the sea, then " + "z" * 36,
    "tab\tin the middle of it",
    "SHOUTING BUT QUITE LONG",
    "1 fish 2 dogs 3 wasps 4 geese",
    "correct horse battery staples, she said",
]
BREACHED = [
    "1234567890123456",
    "qwertyuiopasdfghjkl",
    "passwordpassword",
    "aaaaaaaaaaaaaaaa",
    "123456789123456789",
    "1qaz2wsx3edc4rfv",
    "PasswordPassword",
    "QWERTYUIOPASDFGHJKL",
]
SHORT = ["", "x", "short", "hunter2", "fourteen chars", "é" * 14, "🙂" * 14, *("a1!B" * length for length in (1, 2, 3))]
LONG = ["y" * 201, "word " * 50]
GUESSED = [
    f"{word}{more}"
    for word in (
        "LadoReferralTracker",
        "northbrook council ",
        "OliveOtterbourne",
        "designated officer",
        "Service Manager ",
        "safeguarding children",
        "administratoradmin",
        "COUNCIL-PASSWORD-",
        "Director.Council.",
        "emergency duty cover",
    )
    for more in (
        "",
        "1",
        "2026",
        "!!!!!!!",
        "123456789",
        "-2026-!",
        " 1 2 3 4",
        "£££££££",
        "__admin__",
        ".lado.",
        "0000000",
    )
]


def test_there_are_two_hundred():
    assert len(TAKEN) + len(BREACHED) + len(SHORT) + len(LONG) + len(GUESSED) >= 200


@pytest.mark.parametrize("password", TAKEN)
def test_it_is_taken(password):
    assert passwords.fault(password, KNOWN) == ""


def test_a_hundred_and_twenty_eight_characters_are_taken_whatever_they_are():
    long = "".join(chr(0x4E00 + 37 * at) for at in range(128))

    assert passwords.fault(long, KNOWN) == ""


@pytest.mark.parametrize("password", BREACHED)
def test_everybody_tries_it_first(password):
    assert passwords.fault(password, KNOWN) == passwords.BREACHED


@pytest.mark.parametrize("password", SHORT)
def test_it_is_too_short(password):
    assert passwords.fault(password, KNOWN) == passwords.TOO_SHORT


@pytest.mark.parametrize("password", LONG)
def test_it_is_too_long(password):
    assert passwords.fault(password, KNOWN) == passwords.TOO_LONG


@pytest.mark.parametrize("password", GUESSED)
def test_it_is_made_of_words_that_anybody_would_guess(password):
    assert passwords.fault(password, KNOWN) in {passwords.GUESSABLE, passwords.TOO_SHORT, passwords.BREACHED}


def test_the_list_is_as_long_as_it_has_to_be():
    assert passwords.LIST.stat().st_size // passwords.DIGEST >= 100_000


def test_without_the_list_nothing_is_taken(monkeypatch, tmp_path):
    passwords._list.cache_clear()
    monkeypatch.setattr(passwords, "LIST", tmp_path / "none")
    try:
        with pytest.raises(passwords.ListMissing):
            passwords.fault(GOOD[0])
    finally:
        passwords._list.cache_clear()
