"""The letters of a case in plain values: what went out, what can be written, and to whom on the case."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import url_for
from markupsafe import Markup

from lado.domain.codes import AUDIENCES
from lado.domain.letter_texts import SHIPPED
from lado.domain.letters import OCCASIONS, TELLS, Kind
from lado.domain.telling import ONLY_AGREED, POLICE_AT_WORK, beyond
from lado.queries.letters import Draft, Listed
from lado.web.components import Fact
from lado.web.letters.wording_presenters import facts, label
from lado.web.referrals.words import lines
from lado.web.signing_off import LINK
from lado.web.templating import moment_full
from lado.web.who_has import name_of

BREAK = Markup("<br>")


def letter_rows(reference: str, found: Iterable[Listed], names: Mapping[int, str]) -> list[tuple[str | Markup, ...]]:
    """A row for each letter and e-mail that went out."""
    return [
        (
            LINK.format(_href(reference, one.number), f"{one.number}: {label(one.kind)}"),
            names.get(one.account_id, "a partner") if one.account_id is not None else one.to.split("\n")[0],
            f"{moment_full(one.made_at)}, by {name_of(one.made_by_id, names)}",
        )
        for one in found
    ]


def new_rows(reference: str) -> list[tuple[str | Markup, ...]]:
    """A row for each audience, with a link to each letter that there is for it."""
    return [(words, BREAK.join(_links(reference, audience))) for audience, words in AUDIENCES.items()]


def _links(reference: str, audience: str) -> list[Markup]:
    kinds = (kind for kind in SHIPPED if kind.audience == audience)
    return [LINK.format(new_href(reference, kind), OCCASIONS[kind.occasion]) for kind in kinds]


def letter_facts(one: Listed, names: Mapping[int, str]) -> tuple[Fact, ...]:
    """One letter as it went out."""
    to = names.get(one.account_id, "a partner") if one.account_id is not None else one.to
    made = f"{name_of(one.made_by_id, names)}\n{moment_full(one.made_at)}"
    wording = f"The council’s own, number {one.wording_id}" if one.wording_id else "As it came with the product"
    return (
        Fact("To", to),
        Fact("Sent by" if one.kind.is_email else "Made by", made),
        Fact("Made from", wording),
        *facts(one.text),
    )


def caution(kind: Kind, draft: Draft) -> str:
    """What to look at before somebody is written to; nothing where it was agreed that they may be."""
    how = beyond(draft.extent or None, TELLS[kind.occasion])
    said = [f"They would be told {how}."] if how else []
    if draft.is_police and kind.audience in ONLY_AGREED:
        said.append(POLICE_AT_WORK)
    return " ".join(said)


def people_facts(people: Iterable[Mapping[str, Any]]) -> list[Fact]:
    """Those on the case to whom it may go, with all that is known of them."""
    return [Fact(words.get("name", "Somebody"), _about(words)) for words in people]


def _about(words: Mapping[str, Any]) -> str:
    rest = {name: said for name, said in words.items() if name != "name"}
    return "\n".join(lines(rest, {})) or "Nothing more is recorded."


def new_href(reference: str, kind: Kind) -> str:
    """Where a letter of this kind is made."""
    return url_for("letters.new", reference=reference, audience=kind.audience, occasion=kind.occasion)


def _href(reference: str, number: int) -> str:
    return url_for("letters.show", reference=reference, number=number)
