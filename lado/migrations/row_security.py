"""Which rows PostgreSQL itself lets a transaction have: a second lock behind the wall, on every table about a case.

The tables' owner puts it on after each migration, and it binds the owner too. What a transaction may have is what it
was told at its beginning (`lado.queries.second_lock`); one that was told nothing has no row. A table that stands
neither in `LOCKS` nor in `UNLOCKED` is found by a test. SQLite has no such lock.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

POLICY = "second_lock"

EVERYTHING = "(SELECT current_setting('lado.everything', true) = 'on')"
PERSON = "(SELECT NULLIF(current_setting('lado.person', true), '')::integer)"


def _listed(name: str) -> str:
    """A setting that holds ids, read once in a statement."""
    return f"((SELECT NULLIF(current_setting('lado.{name}', true), '')::integer[])::integer[])"


COUNCILS, CASES, BARRED = f"ANY {_listed('councils')}", f"ANY {_listed('cases')}", f"ALL {_listed('barred')}"

OWN = f"account_id = {PERSON}"
COUNCIL = f"authority_id = {COUNCILS}"
CASE_OF_COUNCIL = f"({COUNCIL} AND referral_id <> {BARRED}) OR referral_id = {CASES}"
"""For rows that say whose they are themselves."""
CASE_IF_ANY = f"({COUNCIL} AND (referral_id IS NULL OR referral_id <> {BARRED}))"


def _may_have(parent: str, column: str) -> str:
    """That the row which this one belongs to may be had: asked by a function, which costs the planner nothing."""
    return f"may_have_{parent}({column})"


OF_CASE = _may_have("referral", "referral_id")
"""For rows that say nothing but which case they are about."""
OF_COUNCIL = _may_have("account", "account_id")
"""For rows that say whose they are."""
OF_SOMEBODY = f"CASE WHEN referral_id IS NULL THEN {OWN} OR {OF_COUNCIL} ELSE {OF_CASE} END"
"""For rows about a case, or about none and somebody's own or of somebody of the council."""

LOCKS: Mapping[str, str] = {
    "referral": f"({COUNCIL} AND id <> {BARRED}) OR id = {CASES}",
    **dict.fromkeys(
        ("correction", "feedback", "hand_over", "holiday_review", "partner_message", "standing"), CASE_OF_COUNCIL
    ),
    **dict.fromkeys(
        (
            "case_action",
            "case_clock",
            "changed_case",
            "escalation",
            "grant_of_access",
            "ledger_entry",
            "letter",
            "look_reason",
            "partner_answer",
            "search_token",
            "seen_sentence",
        ),
        OF_CASE,
    ),
    **dict.fromkeys(("notice", "read_entry"), OF_SOMEBODY),
    **dict.fromkeys(
        ("due_moment", "lapsed_for_nobody", "set_aside", "unrecorded"), _may_have("case_clock", "clock_id")
    ),
    **dict.fromkeys(("draft", "online_draft"), OWN),
    "attachment": f"{OF_CASE} OR {_may_have('online_draft', 'draft_id')}",
    "barred": f"{OWN} OR {OF_COUNCIL} OR {OF_CASE}",
    "broken_glass": COUNCIL,
    "conflict": f"{COUNCIL} OR {OWN}",
    "conflict_token": _may_have("conflict", "conflict_id"),
    "duty_pack": COUNCIL,
    "hand_over_rung": _may_have("hand_over", "hand_over_id"),
    "listed": _may_have("restriction", "restriction_id"),
    "night_contact": f"{CASE_IF_ANY} OR referral_id = {CASES}",
    "night_rung": _may_have("night_contact", "contact_id"),
    "restriction": f"{COUNCIL} OR referral_id = {CASES}",  # the wall itself is made of it
    "unusual_look": CASE_IF_ANY,
}
"""By table, what has to hold of a row that is read or written, besides for whoever may have everything."""

PARENTS: Mapping[str, str] = {
    "account": "AND authority_id = ANY (NULLIF(current_setting('lado.councils', true), '')::integer[])",  # has no lock
    **dict.fromkeys(
        ("case_clock", "conflict", "hand_over", "night_contact", "online_draft", "referral", "restriction"), ""
    ),
}
"""The tables that others hang on, with what has to hold of a row of theirs besides its own lock."""

A_PERSON, A_COUNCIL, THE_SYSTEM = "about a person of the council", "about a council", "about the installation"
UNLOCKED: Mapping[str, str] = {
    "absence": A_PERSON,
    "account": A_PERSON,
    "account_link": A_PERSON,
    "agency": A_COUNCIL,
    "agency_contact": A_COUNCIL,
    "agency_setting": A_COUNCIL,
    "asked_for_link": THE_SYSTEM,
    "authority": A_COUNCIL,
    "certificate": "counts of the whole record, and what differed in codes",
    "change": A_COUNCIL,
    "checkpoint": THE_SYSTEM,
    "cover_history": A_PERSON,
    "demand_alarm": A_COUNCIL,
    "demand_limit": A_COUNCIL,
    "directory_link": A_PERSON,
    "directory_return": THE_SYSTEM,
    "duty_change": A_PERSON,
    "duty_rule": A_PERSON,
    "duty_swap": A_PERSON,
    "edt_authority": A_PERSON,
    "factor": A_PERSON,
    "feed": A_PERSON,
    "feed_entry": "shifts of the rota",
    "form_token": A_PERSON,
    "hand_back": A_PERSON,
    "heartbeat": THE_SYSTEM,
    "holiday_list": THE_SYSTEM,
    "independent_contact": A_PERSON,
    "installation": THE_SYSTEM,
    "invitation": A_PERSON,
    "kept_form": "what somebody typed, sealed for them, and swept out by whoever comes next",
    "ledger_head": "how many entries there are in all and what links the last: whoever records anything needs it",
    "letter_wording": A_COUNCIL,
    "login_failure": THE_SYSTEM,
    "login_session": A_PERSON,
    "looked_through": A_COUNCIL,
    "master_key": THE_SYSTEM,
    "name_index": THE_SYSTEM,
    "node": THE_SYSTEM,
    "on_call": A_PERSON,
    "online_beginning": THE_SYSTEM,
    "pace": A_PERSON,
    "role_request": A_PERSON,
    "rule_set": A_COUNCIL,
    "sealing_key": "a wrapped key opens nothing without the sealed rows, which are locked",
    "search_look": "that somebody searched, by a keyed digest of the words",
    "shown_sentence": "sentences that any case can show",
    "sign_in": A_PERSON,
    "sign_in_step": A_PERSON,
    "spent_challenge": THE_SYSTEM,
    "witness": THE_SYSTEM,
    "wording": A_COUNCIL,
    "working_pattern": A_PERSON,
}
"""By table, why its rows need no lock."""


def have_everything(connection: Connection) -> None:
    """Let this transaction have every row: the owner's, which is bound too, while it changes tables."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT set_config('lado.everything', 'on', true)")


def put_on(connection: Connection) -> None:
    """Lock every table as it is written here. Asked of the tables' owner, who has taken the lock off before."""
    for statement in _statements() if _can_lock(connection) else ():
        connection.exec_driver_sql(statement)


def _statements() -> Iterator[str]:
    for parent, besides in PARENTS.items():
        there = f"EXISTS (SELECT 1 FROM public.{parent} WHERE id = $1 {besides})"  # noqa: S608 - our own names
        yield (
            f"CREATE FUNCTION may_have_{parent}(integer) RETURNS boolean LANGUAGE plpgsql STABLE COST 5"
            f" AS $body$ BEGIN RETURN {there}; END $body$"
        )
    for table, holds in LOCKS.items():
        yield (
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY; ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY;'
            f' CREATE POLICY {POLICY} ON "{table}" USING ({EVERYTHING} OR {holds})'
        )


def take_off(connection: Connection) -> None:
    """Take every lock off, as no column that one speaks of could be changed; in the transaction that puts it on."""
    if not _can_lock(connection):
        return
    for table in list(_locked(connection)):
        connection.exec_driver_sql(
            f'DROP POLICY {POLICY} ON "{table}"; ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY;'
            f' ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY'
        )
    for parent in PARENTS:
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS may_have_{parent}(integer)")


def _can_lock(connection: Connection) -> bool:
    """Whether this role owns the tables. The application's does not, and changes nothing where it has no step to go."""
    if connection.dialect.name != "postgresql":
        return False
    owns = "SELECT pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = to_regclass('public.referral')"
    return bool(connection.exec_driver_sql(owns).scalar() is not False)


def _locked(connection: Connection) -> Iterator[str]:
    found = connection.exec_driver_sql(
        f"SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = '{POLICY}'"  # noqa: S608 - our own name
    )
    yield from found.scalars()
