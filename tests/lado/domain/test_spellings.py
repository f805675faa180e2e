"""Which ways of writing a name are taken for one another, and of what kind each is."""

import pytest

from lado.domain.short_names import FULL, OF
from lado.domain.spellings import other_spellings, plain, sounds, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Liz", "Elizabeth"),
        ("Bill", "Will"),
        ("Dai", "Dafydd"),
        ("Mo", "Muhammad"),
        ("Smith-Jones", "Jones"),
        ("O’Brien", "OBrien"),
        ("McDonald", "MacDonald"),
        ("Łukasz", "Lukasz"),
        ("Wójcik", "Wojcik"),
        ("Kowalska", "Kowalski"),
        ("Siân", "Sian"),
    ],
)
def test_another_spelling(one, other):
    assert other_spellings(one) & other_spellings(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smith", "Smythe"),
        ("Llwyd", "Lloyd"),
        ("Siân", "Shan"),
        ("Mohammed", "Muhamad"),
        ("Chaudhry", "Chowdhury"),
        ("Hussain", "Husein"),
        ("Qureshi", "Koreshi"),
        ("Stephen", "Stefan"),
        ("Łukasz", "Lucas"),
        ("Thomson-Reid", "Reed"),
        ("Ioan", "Iwan"),
    ],
)
def test_a_name_that_sounds_alike(one, other):
    assert not other_spellings(one) & other_spellings(other)
    assert sounds(one) & sounds(other)


@pytest.mark.parametrize(("one", "other"), [("Smith", "Jones"), ("Robin", "Kim"), ("Khan", "Begum")])
def test_names_that_are_nothing_like_each_other(one, other):
    assert not sounds(one) & sounds(other)
    assert not other_spellings(one) & other_spellings(other)


def test_what_stands_before_a_name_belongs_to_it():
    assert [plain(word) for word in words_of("Sean O Brien")] == ["sean", "obrien"]
    assert [plain(word) for word in words_of("Ali Mac Donald")] == ["ali", "macdonald"]
    assert [plain(word) for word in words_of("O")] == ["o"]


@pytest.mark.parametrize("odd", ["", "-", "’", "李", "X", "12", "--", "😀"])
def test_odd_words_have_no_sound(odd):
    assert sounds(odd) == frozenset()


def test_the_table_of_short_forms_holds_plain_words_alone():
    for full, forms in OF.items():
        assert full not in forms.split()
        assert all(plain(form) == form for form in (full, *forms.split()))
    assert FULL["charlie"] == {"charles", "charlotte"}
