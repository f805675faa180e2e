"""What the application's role may do on PostgreSQL: everything may be read, and little of it changed.

The owner of the tables gives it after each migration. A table without a line here is found by a test.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

ANY = ("*",)


class May(NamedTuple):
    """What may be written: new rows, which columns of those that are there (`ANY`: all), and whether they may go."""

    insert: bool = True
    change: tuple[str, ...] = ()
    delete: bool = False


ADD = May()
CHANGE = May(change=ANY)

MAY: Mapping[str, May] = {
    "absence": CHANGE,
    "account": CHANGE,
    "account_link": May(change=("confirmed_by_id", "ends_at", "used_at", "withdrawn_at")),
    "agency": May(change=("name", "kind")),
    "agency_contact": CHANGE,
    "agency_setting": May(change=("name", "ended_at", "ended_by_id")),
    "alembic_version": May(insert=False),
    "asked_for_link": May(delete=True),
    "attachment": May(change=("referral_id", "draft_id", "number"), delete=True),
    "authority": ADD,
    "barred": May(change=("ended_at",)),
    "broken_glass": May(change=("sealed", "answered_by_id", "answered_at", "ends_at")),
    "case_action": CHANGE,
    "case_clock": CHANGE,
    "certificate": ADD,
    "change": May(change=("done_at",)),
    "changed_case": May(change=("result", "said", "done_at")),
    "checkpoint": ADD,
    "conflict": May(change=("tokens", "sealed", "ended_at", "ended_by_id")),
    "conflict_token": ADD,
    "correction": May(change=("state", "decided_by_id", "decided_at")),
    "cover_history": May(change=("until_at",)),
    "demand_alarm": ADD,
    "demand_limit": ADD,
    "directory_link": May(change=("used_at", "ended_at", "ended_by_id")),
    "directory_return": May(delete=True),
    "draft": May(change=ANY, delete=True),
    "due_moment": May(change=("next_at", "steps"), delete=True),
    "duty_change": May(change=("cancelled_at",)),
    "duty_pack": ADD,
    "duty_rule": ADD,
    "duty_swap": May(change=("state", "settled_at", "change_id")),
    "edt_authority": May(delete=True),
    "escalation": May(change=("acknowledged_at", "acknowledged_by_id", "snoozed_until_at")),
    "factor": May(change=("last_used", "used_at", "ended_at")),
    "feed": May(change=("digest", "made_at")),
    "feedback": May(delete=True),
    "feed_entry": May(change=("from_at", "until_at", "sequence", "changed_at", "is_cancelled")),
    "form_token": May(change=("answer",)),
    "grant_of_access": May(change=("ended_at", "ended_by_id", "sealed")),
    "hand_back": May(change=("returned_at", "read_at")),
    "hand_over": May(
        change=("next_at", "accepted_at", "accepted_by_id", "refused_at", "sealed", "escalated_at", "ended_at")
    ),
    "hand_over_rung": ADD,
    "heartbeat": CHANGE,
    "holiday_list": ADD,
    "holiday_review": May(change=("reviewed_at", "reviewed_by_id", "sealed")),
    "independent_contact": CHANGE,
    "installation": ADD,
    "invitation": May(change=("accepted_at", "withdrawn_at")),
    "kept_form": May(delete=True),
    "lapsed_for_nobody": May(delete=True),
    "ledger_entry": ADD,
    "ledger_head": May(insert=False, change=("entries", "link")),
    "letter": ADD,
    "letter_wording": May(change=("stage", "sealed", "decided_by_id", "decided_at")),
    "listed": May(change=("ended_at",)),
    "login_failure": May(delete=True),
    "login_session": May(change=("digest", "seen_at", "ended_at", "ended_because", "proved_at")),
    "look_reason": ADD,
    "looked_through": ADD,
    "master_key": ADD,
    "name_index": May(insert=False, change=("next_id", "done_at")),
    "night_contact": May(change=("sealed", "accepted_at", "accepted_by_id")),
    "night_rung": ADD,
    "node": May(change=ANY, delete=True),
    "notice": CHANGE,
    "on_call": May(change=("cancelled_at",)),
    "online_beginning": May(delete=True),
    "online_draft": May(change=("sealed", "saved_at"), delete=True),
    "pace": May(change=("minute_at", "times")),
    "partner_answer": May(change=("stage", "decided_at", "opened_at", "acknowledged_at")),
    "partner_message": May(change=("settled_at",)),
    "read_entry": ADD,
    "referral": May(
        # A received and a recorded date are written once, when a referral is logged. What corrects one stands beside.
        change=(
            "procedure",
            "procedure_version",
            "rules",
            "calendar",
            "state",
            "is_open",
            "is_urgent",
            "is_advice_call",
            "threshold",
            "outcome",
            "owner_id",
            "corrected_received_at",
            "next_clock",
            "next_due_at",
            "events",
        )
    ),
    "role_request": May(change=("stage", "decided_at", "decided_by_id")),
    "restriction": May(change=("keeper_id", "is_match", "review_by_at", "warned_at", "lapsed_at", "ended_at")),
    "rule_set": ADD,
    "sealing_key": ADD,
    "search_look": ADD,
    "search_token": ADD,
    "seen_sentence": May(change=("last_at", "times")),
    "set_aside": May(change=ANY, delete=True),
    "shown_sentence": ADD,
    "sign_in": ADD,
    "sign_in_step": May(change=("tries", "ended_at", "sealed"), delete=True),
    "spent_challenge": May(delete=True),
    "standing": May(change=ANY, delete=True),
    "unrecorded": May(delete=True),
    "unusual_look": May(change=("answer", "answered_at", "answered_by_id", "sealed")),
    "witness": May(change=ANY, delete=True),
    "wording": May(change=("stage", "sealed", "decided_by_id", "decided_at")),
    "working_pattern": ADD,
}
"""By table. Nothing of it is ever emptied, and nothing else that is in the database may be written to."""


def give(connection: Connection, role: str) -> None:
    """Let this role of the application do exactly what is written here; what it was given before is taken away.

    Asked of the tables' owner. Raises `ProgrammingError` when the tables are somebody else's.
    """
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    for statement in statements(quoted):
        connection.exec_driver_sql(statement)


def statements(role: str) -> Iterator[str]:
    """The statements, in order, for a role whose name is quoted already."""
    for whose in ("PUBLIC", role):
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {whose}"
        yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {whose}"
        yield f"REVOKE CREATE ON SCHEMA public FROM {whose}"
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"
    for table, may in MAY.items():
        if rights := ", ".join(_rights(may)):
            yield f'GRANT {rights} ON "{table}" TO {role}'


def _rights(may: May) -> Iterator[str]:
    if may.insert:
        yield "INSERT"
    if may.change:
        yield "UPDATE" if may.change == ANY else f"UPDATE ({', '.join(may.change)})"
    if may.delete:
        yield "DELETE"
