"""Every column that can hold words or bytes is sealed, keyed, or plain for a reason that somebody has written down.

Looked at with the eyes of whoever has stolen the database: a new column fails here until it is in one of the lists.
Source: OWASP ASVS 5.0, 14.1.1 (sensitive data is identified and classified) and 14.2.4 (and protected accordingly).
"""

from collections.abc import Mapping

from sqlalchemy import JSON, LargeBinary, String

from lado.models import Base

SEALED = frozenset(
    f"{table}.sealed"
    for table in [
        "account",
        "agency_contact",
        "attachment",
        "broken_glass",
        "conflict",
        "draft",
        "factor",
        "grant_of_access",
        "hand_over",
        "holiday_review",
        "kept_form",
        "ledger_entry",
        "letter",
        "letter_wording",
        "look_reason",
        "night_contact",
        "on_call",
        "online_draft",
        "referral",
        "role_request",
        "sign_in",
        "sign_in_step",
        "unusual_look",
        "wording",
    ]
) | {"attachment.content"}
"""AES-256-GCM under a key of the case or of the authority, bound to its place: a thief of the database reads none."""

WRAPPED = frozenset({"sealing_key.wrapped"})
"""Keys that a master key wraps, which is not in the database."""

KEYED = frozenset(
    {
        "account.email_token",
        "asked_for_link.token",
        "conflict_token.token",
        "directory_link.token",
        "login_failure.token",
        "online_beginning.token",
        "role_request.email_token",
        "search_token.token",
    }
)
"""Tokens of the blind index: without its key nobody can make one of a word, or try words against them."""

MARKS = frozenset(
    {
        "account_link.digest",
        "account_link.nonce",
        "attachment.digest",
        "attachment.place",
        "checkpoint.link",
        "checkpoint.reads_digest",
        "checkpoint.signature",
        "certificate.link",
        "directory_return.digest",
        "duty_pack.digest",
        "factor.credential",
        "factor.public_key",
        "feed.digest",
        "form_token.digest",
        "installation.keys",
        "invitation.digest",
        "invitation.nonce",
        "ledger_entry.link",
        "ledger_head.link",
        "letter.digest",
        "login_session.digest",
        "master_key.fingerprint",
        "master_key.name",
        "search_look.digest",
        "shown_sentence.digest",
        "sign_in.device",
        "sign_in_step.digest",
        "spent_challenge.digest",
    }
)
"""Random numbers, and digests of random numbers, of sealed bytes or of what is public: no word can be tried on them."""

PLAIN: Mapping[str, frozenset[str]] = {
    "codes and ids that the engine and the queries need, from lists that are in the source": frozenset(
        [
            "absence.kind",
            "account.role",
            "account_link.kind",
            "agency.kind",
            "attachment.kind",
            "broken_glass.reference",
            "case_action.holder",
            "case_clock.key",
            "change.kind",
            "changed_case.result",
            "conflict.kind",
            "correction.name",
            "correction.state",
            "cover_history.chain",
            "cover_history.passed",
            "cover_history.subject",
            "demand_alarm.kind",
            "draft.form",
            "due_moment.steps",
            "duty_change.kind",
            "duty_swap.state",
            "escalation.chain",
            "escalation.rung",
            "factor.kind",
            "feed.scope",
            "feed_entry.key",
            "feed_entry.uid",
            "feedback.answer",
            "feedback.audience",
            "hand_over_rung.rung",
            "heartbeat.name",
            "holiday_review.clock",
            "ledger_entry.data",
            "look_reason.why",
            "ledger_entry.kind",
            "ledger_entry.login",
            "ledger_entry.role",
            "letter.audience",
            "letter.occasion",
            "letter_wording.audience",
            "letter_wording.occasion",
            "letter_wording.stage",
            "login_session.ended_because",
            "night_contact.in_danger",
            "node.name",
            "notice.message_id",
            "notice.state",
            "partner_answer.stage",
            "read_entry.page",
            "read_entry.right",
            "read_entry.role",
            "read_entry.what",
            "referral.next_clock",
            "referral.outcome",
            "referral.procedure",
            "referral.reference",
            "referral.state",
            "referral.threshold",
            "role_request.role",
            "role_request.stage",
            "shown_sentence.answer",
            "shown_sentence.status",
            "sign_in.what",
            "standing.next_clock",
            "standing.procedure",
            "standing.state",
            "unrecorded.rung",
            "unrecorded.why",
            "unusual_look.answer",
            "unusual_look.goes_to",
            "unusual_look.kind",
            "unusual_look.mark",
            "wording.procedure",
            "wording.stage",
            "wording.state",
            "working_pattern.week",
        ]
    ),
    "a council's public name, colour and telephone number, and what it calls itself in commands": frozenset(
        {"authority.colour", "authority.key", "authority.name", "authority.phone", "authority.prefix"}
    ),
    "organisations, not people; but see docs/adr/0028: with a grant they say that a place has a case": frozenset(
        {"agency.name", "agency_setting.name"}
    ),
    "rules and calendars, which are the same for every case, and why a council changed them": frozenset(
        {
            "change.after",
            "change.before",
            "holiday_list.body",
            "holiday_list.version",
            "referral.calendar",
            "referral.rules",
            "rule_set.body",
            "rule_set.version",
            "rule_set.why",
        }
    ),
    "sentences that are approved for many cases and name nobody": frozenset(
        {
            "letter_wording.body",
            "letter_wording.heading",
            "notice.body",
            "notice.subject",
            "shown_sentence.by_when",
            "shown_sentence.happening",
            "shown_sentence.to_do",
            "wording.by_when",
            "wording.happening",
            "wording.to_do",
        }
    ),
    "what our own code says of a fault or a difference, in words of ours, ids and instants": frozenset(
        {
            "certificate.body",
            "changed_case.said",
            "notice.failure",
            "set_aside.problem",
            "witness.name",
            "witness.problem",
        }
    ),
    "an address of ours without a name in it": frozenset({"form_token.answer", "directory_link.issuer"}),
    "the kind of browser, so that somebody knows their own sessions": frozenset({"login_session.device"}),
    "Argon2id, which is made to be stolen": frozenset({"account.password_hash"}),
}


def columns() -> dict[str, type]:
    """Every column that can hold words or bytes, and whether it is bytes."""
    return {
        f"{table.name}.{column.name}": type(column.type)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | LargeBinary | JSON)
    }


def test_every_column_is_sealed_keyed_or_plain_for_a_reason():
    lists = [SEALED, WRAPPED, KEYED, MARKS, *PLAIN.values()]
    listed = [name for each in lists for name in each]

    assert sorted(set(columns()) - set(listed)) == [], "new: seal it, or say in a list here why a thief may read it"
    assert sorted(set(listed) - set(columns())) == [], "gone"
    assert len(listed) == len(set(listed)), "in two lists"


def test_what_is_sealed_wrapped_or_keyed_is_kept_as_bytes():
    found = columns()

    assert {name for name in SEALED | WRAPPED | KEYED if not issubclass(found[name], LargeBinary)} == set()


def test_no_plain_column_is_bytes():
    found = columns()

    assert {name for names in PLAIN.values() for name in names if issubclass(found[name], LargeBinary)} == set()
