"""The certificate, the corrections that wait and the witnesses of the record, as facts and rows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from markupsafe import Markup

from lado.domain import codes
from lado.models import Witness
from lado.queries.checkpoints import MAILBOX
from lado.queries.record import PEOPLE, Record
from lado.services.certificates import spelt_out
from lado.web.components import Fact
from lado.web.due import counted
from lado.web.referrals.words import label
from lado.web.templating import moment_full
from lado.web.who_has import name_of

SHOWN = 100
LINK = Markup('<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden"> {}</span></a>')
CASE = Markup('<a class="govuk-link reference" href="{}">{}</a>')
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$")
HASH = Markup('<code class="hash">{}</code>')
TABLES: Mapping[str, str] = {
    "case_action": "Actions",
    "case_clock": "Clocks",
    "correction": "Corrections",
    "due_moment": "When a clock is looked at",
    "escalation": "Rungs that were reached",
    "ledger_entry": "The record itself",
    "referral": "The case in lists",
    "rule_set": "Rules",
    "standing": "How the case stood",
}


@dataclass(frozen=True)
class RecordPage:
    """The page. `headline` is the certificate in a few words, empty while there is none."""

    headline: str
    is_clean: bool
    sentence: str
    facts: list[Fact]
    tampering: list[tuple[str, ...]]
    differences: list[tuple[str, ...]]
    not_shown: int
    waiting: list[tuple[str, ...]]
    checkpoints: list[Fact]
    witnesses: list[tuple[str, ...]]


def record_page(found: Record, at: datetime) -> RecordPage:
    """Everything that the page shows."""
    made = found.certificate
    every = spelt_out(made) if made else []
    spelt = [each for each in every if not each.get("reference") or each["reference"] in found.known][:SHOWN]
    count = made.differences if made else 0
    return RecordPage(
        f"{counted(found.proved, 'case')}, {counted(count, 'difference')}" if made else "",
        count == 0,
        _sentence(found),
        _facts(found, at),
        [_done_to_record(each) for each in spelt if "words" in each],
        [_difference(each, found.names) for each in spelt if "words" not in each],
        count - len(spelt),
        [_correction(row, found.names) for row in found.waiting],
        _checkpoints(found),
        [_witness(each) for each in found.witnesses],
    )


def _sentence(found: Record) -> str:
    made = found.certificate
    if made is None:
        return ""
    compared = "Every state, date, clock and owner was rebuilt from the record and compared with what screens show."
    if made.differences:
        return f"{compared} Nothing was mended: what differs has to be looked into. Work goes on meanwhile."
    return compared


def _facts(found: Record, at: datetime) -> list[Fact]:
    made = found.certificate
    if made is None:
        return []
    facts = [Fact("Certificate of", moment_full(made.at))]
    if found.clean_since is not None:
        facts.append(Fact("Without a difference since", moment_full(found.clean_since)))
    if found.proved_at is not None:
        facts.append(Fact("Last proved", moment_full(found.proved_at)))
    facts.append(Fact("Cases now", str(found.cases)))
    facts.append(Fact("Head of the record", HASH.format(made.link.hex())))
    return facts


def _case(each: Mapping[str, Any]) -> str:
    reference = each.get("reference")
    return CASE.format(url_for("referrals.show", reference=reference), reference) if reference else "The whole record"


def _done_to_record(each: Mapping[str, Any]) -> tuple[str, ...]:
    return _case(each), each["kind"].capitalize(), each["words"]


def _difference(each: Mapping[str, Any], names: Mapping[int, str]) -> tuple[str, ...]:
    field: str = each["field"]
    where = f"{TABLES.get(each['table'], each['table'])}: {field.removesuffix('_id').replace('_', ' ')}"
    said = (_said(each[side], names if field.endswith(PEOPLE) else {}) for side in ("record", "screen"))
    return _case(each), where, *said


def _said(value: Any, names: Mapping[int, str]) -> str:
    """A value of the record as people say it."""
    if value is None:
        return "Nothing"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_said(part, {})}" for name, part in value.items())
    if isinstance(value, str) and INSTANT.match(value):
        return moment_full(datetime.fromisoformat(value))
    return names.get(value) or str(value).replace("_", " ")


def _correction(row: Any, names: Mapping[int, str]) -> tuple[str, ...]:
    name = codes.DATES.get(row.name) or label(row.name)
    case: str = row.reference
    if "corrections.decide" in current_app.view_functions:
        address = url_for("corrections.decide", reference=row.reference, number=row.number)
        case = LINK.format(address, row.reference, name)
    return case, name, name_of(row.asked_by_id, names), moment_full(row.asked_at)


def _checkpoints(found: Record) -> list[Fact]:
    """The last one, and not how far it goes: that would count entries of cases that the reader may not know of."""
    if found.last is None:
        return []
    return [Fact("The last", f"Number {found.last.id}, {moment_full(found.last.at)}")]


def _witness(each: Witness) -> tuple[str, ...]:
    where = "Mailbox, once a day" if each.name == MAILBOX else each.name
    arrived = "None yet"
    if each.arrived_at is not None:
        arrived = f"Number {each.checkpoint_id}, {moment_full(each.arrived_at)}"
    state = "In order"
    if each.failing_since_at is not None:
        state = f"Failing since {moment_full(each.failing_since_at)}: {each.problem}"
    return where, arrived, state
