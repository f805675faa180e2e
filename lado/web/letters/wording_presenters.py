"""The wording of letters in plain values: which kinds there are, how each reads, and what may stand in it."""

from collections.abc import Iterable

from flask import url_for
from markupsafe import Markup

from lado.domain.codes import AUDIENCES
from lado.domain.letters import EXAMPLE, OCCASIONS, Kind, Text, filled
from lado.queries.letter_wordings import KindWords, Proposal
from lado.web.components import Fact
from lado.web.signing_off import LINK, About

WHOSE = {True: "As it came with the product", False: "The council’s own"}


def label(kind: Kind) -> str:
    """What a kind of letter is called."""
    return f"{AUDIENCES[kind.audience]}: {OCCASIONS[kind.occasion].lower()}"


def facts(text: Text) -> tuple[Fact, ...]:
    """The wording, placeholders and all."""
    return Fact("Heading", text.heading), Fact("Text", text.body)


def example(text: Text) -> tuple[Fact, ...]:
    """How the wording reads in a letter about an invented case."""
    return facts(filled(text, EXAMPLE))


def placeholders(kind: Kind) -> list[tuple[str, str, str]]:
    """A row for each placeholder that may stand in it: how it is written, what it is, and an example."""
    return [(f"{{{name}}}", what, EXAMPLE[name]) for name, what in kind.placeholders.items()]


def kind_rows(kinds: Iterable[KindWords]) -> list[tuple[str | Markup, ...]]:
    """A row for each kind of letter: for whom, on what occasion, and whose wording it is."""
    return [
        (
            AUDIENCES[one.kind.audience],
            LINK.format(href(one.council, one.kind), OCCASIONS[one.kind.occasion]),
            WHOSE[one.text == one.came_with] + (", and a proposal waits" if one.waiting_id else ""),
        )
        for one in kinds
    ]


def about(council: str, one: Proposal) -> About:
    """What a proposal is about."""
    kind = one.place.kind
    return About(label(kind), href(council, kind), url_for("letter_words.decide", letter_wording_id=one.id))


def href(council: str, kind: Kind, page: str = "show") -> str:
    """A page about one kind of letter."""
    return url_for(f"letter_words.{page}", council=council, audience=kind.audience, occasion=kind.occasion)
