"""Sealing and opening: bound to its place, found by the spellings that people use, useless without the keys."""

import os

import pytest

from lado.vault import CannotOpen, Vault

WORDS = {"name": "Zoë O’Brien-Ŵyn 李", "born_on": "1980-05-17"}


@pytest.fixture
def key(vault):
    return vault.new_key()


def test_what_was_sealed_opens_again(vault, key):
    assert vault.open(key, "ledger/1/1", vault.seal(key, "ledger/1/1", WORDS)) == WORDS


def test_the_same_words_never_look_the_same(vault, key):
    assert vault.seal(key, "ledger/1/1", WORDS) != vault.seal(key, "ledger/1/1", WORDS)


def test_a_sealed_part_opens_only_where_it_stood(vault, key):
    sealed = vault.seal(key, "ledger/1/1", WORDS)

    with pytest.raises(CannotOpen):
        vault.open(key, "ledger/1/2", sealed)


def test_the_key_of_another_case_does_not_open_it(vault, key):
    sealed = vault.seal(key, "ledger/1/1", WORDS)

    with pytest.raises(CannotOpen):
        vault.open(vault.new_key(), "ledger/1/1", sealed)


def test_another_master_key_opens_nothing(vault, key):
    sealed = vault.seal(key, "ledger/1/1", WORDS)

    with pytest.raises(CannotOpen):
        Vault(*(os.urandom(32) for _ in range(4))).open(key, "ledger/1/1", sealed)


@pytest.mark.parametrize("at", [1, 5, 20, -1])
def test_a_changed_byte_is_noticed(vault, key, at):
    sealed = bytearray(vault.seal(key, "ledger/1/1", WORDS))
    sealed[at] ^= 1

    with pytest.raises(CannotOpen):
        vault.open(key, "ledger/1/1", bytes(sealed))


@pytest.mark.parametrize("spelt", ["O'Brien", "o’brien", "OBRIEN", "O Brien", "Ó'Brien"])
def test_a_name_is_found_however_it_is_spelt(vault, spelt):
    assert vault.token("name", spelt) == vault.token("name", "O’Brien")


def test_two_addresses_that_differ_in_a_dot_are_two(vault):
    assert vault.token("email", "ann.lee@example.test") != vault.token("email", "annlee@example.test")
    assert vault.token("email", "Ann.Lee@Example.test") == vault.token("email", "ann.lee@example.test")


def test_a_name_is_not_found_as_a_setting(vault):
    assert vault.token("name", "Willow") != vault.token("setting", "Willow")


@pytest.mark.parametrize("keys", [(b"short", *[bytes(32)] * 3), (*[bytes(32)] * 3, b"")], ids=["master", "signing"])
def test_short_keys_are_refused(keys):
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(*keys)
