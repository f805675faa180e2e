"""Conflicts of interest in words: what a person can declare a link to, and what they are told of a case of theirs."""

from collections.abc import Mapping

PERSON, SCHOOL, SETTING, CASE = "person", "school", "setting", "case"

KINDS: Mapping[str, str] = {
    PERSON: "A person",
    SCHOOL: "A school",
    SETTING: "Another setting",
    CASE: "One case",
}

LINKS: Mapping[str, str] = {kind: words for kind, words in KINDS.items() if kind != CASE}
"""What is declared by name. A single case is declared on the case itself."""

LOOKED_AFTER = "You declared a link to this person or place, so this case is looked after by others."

INDEPENDENT = "independent_contact"
"""The step above the ladder for a case that everybody on the ladder is kept from."""
