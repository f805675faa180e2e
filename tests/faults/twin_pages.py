"""Everything that somebody on no list is answered and sent in two councils, held against each other byte by byte."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from typing import Any, NamedTuple

from flask.testing import FlaskClient
from sqlalchemy import event

from lado.db import Database
from tests.faults.twin_cases import CANARIES
from tests.faults.twin_life import Twin
from tests.support.papers import words_in
from tests.support.people import email_of
from tests.support.routes import SIGNED_OUT, Visit, may, visits
from tests.support.signing import sending, sign_in

OUTSIDERS = ("dana", "carl", "hal", "dee", "bea", "ada", "pat", "pol", "edie", "sam", "noel", SIGNED_OUT)
"""Everybody but the two on the lists and the auditor, who reviews who looked."""
SECONDS = 2.1
"""Between two pages: no partner reads quicker than they may."""
NEVER_THE_SAME = re.compile(
    r'nonce="[^"]*"|\'nonce-[^\']*\'|data-(?:token|passkey-options)="[^"]*"'
    r'|name="(?:csrf_token|form_token|pack_password)"[^>]*value="[^"]*"|<p class="govuk-heading-l">[^<]*'
    r'|<code class="hash">[0-9a-f]*'  # links of the chain, which is one for the whole installation and names nobody
    r"|(?<=kept-text\">)Number \d+, [^<]*"  # a checkpoint: one is made after anything was read or written anywhere
    r"|(?<=/)[A-Za-z0-9_-]{22}(?=[/\"])"  # a hidden number
    r"|(?<=UID:)\S+|\b[0-9a-f]{24}(?:[0-9a-f]{8})?\b"
)
HEADERS = ("Set-Cookie", "Content-Length")
"""Headers that are drawn anew: the cookie, and with it the length of what is packed into a page for its scripts."""
MORE = (
    "/?show=everyone",
    "/?show=covered",
    "/?show=mine",
    "/escalations?show=all",
    "/escalations?show=nobody",
    "/cover?as=list",
    "/cover?view=week",
    "/then?moment-day=3&moment-month=3&moment-year=2026&moment-time=12%3A00",
)
WORDS = ("Zebedee Quillfeather", "Wickenby", "Canary Lane School", "Dana Deputy", "Bea Support", "Robin Sample")


class Seen(NamedTuple):
    """An answer with what is never the same blanked, and the statements that it took, by their text."""

    status: int
    headers: tuple[tuple[str, str], ...]
    text: str
    statements: tuple[str, ...]


def compare(ours: Twin, theirs: Twin, names: Sequence[str] = OUTSIDERS, *, is_quick: bool = False) -> dict[str, Any]:
    """Let each of these people walk through both; how many answers there were, and what differed.

    `ours` has no restricted case. A quick walk leaves out the pages that somebody may not open anyway, and forms.
    """
    answers, findings = 0, []
    for name in names:
        before, after = (dict(_walk(twin, name, theirs.restricted, is_quick=is_quick)) for twin in (ours, theirs))
        answers += len(after)
        for page in before:
            findings += [f"{name} at {page}: {said}" for said in _differences(before[page], after[page])]
        findings += [f"{name} at {page}: names {word}" for page, word in _named(after, theirs)]
        findings += [f"{name} is sent: {said}" for said in _mail(ours, theirs, name)]
    findings += _wishes(ours, theirs, names)
    return {"answers": answers, "mails": len(ours.mail.letters), "findings": findings}


def _walk(twin: Twin, name: str, restricted: Sequence[Any], *, is_quick: bool) -> Iterator[tuple[str, Seen]]:
    """Every page and form as somebody gets it, by its name; then lists in all their forms, searches and calendars."""
    client = twin.app.test_client() if name == SIGNED_OUT else sign_in(twin.app, name)
    token = sending(client)["csrf_token"]
    who = twin.people.everyone.get(name)
    for visit in visits(twin.app, twin.world):
        if visit.endpoint in ("sessions.sign_out", "static") or (is_quick and not _is_quick(twin, visit, who)):
            continue
        data = None if visit.page.method == "GET" else {"csrf_token": token}
        yield visit.name, ask(twin, client, visit.path, visit.page.method, data)
    for path in MORE:
        yield f"GET {path}", ask(twin, client, path)
    for words in (*WORDS, restricted[0].reference):
        yield f"search {words}", ask(twin, client, "/search", "POST", {**sending(client), "words": words})
    for case in restricted[: 2 if is_quick else None]:
        yield f"GET {case.reference}", ask(twin, client, f"/referrals/{case.reference}")
    if name in twin.calendars:
        yield "calendar", ask(twin, client, f"/calendar/{twin.calendars[name]}.ics")


def _wishes(ours: Twin, theirs: Twin, names: Sequence[str]) -> list[str]:
    """What tells apart the answers to those who ask to be let into a restricted case; last, for managers hear of it.

    Their words alone: where there is such a case a wish is written down, and where there is none nothing is.
    """
    wish = {"reference": theirs.restricted[0].reference, "hours": "2", "why": "I was asked to."}
    found = []
    for name in {*names} - {SIGNED_OUT}:
        asked = []
        for twin in (ours, theirs):
            client = sign_in(twin.app, name)
            answer = ask(twin, client, "/restricted/ask", "POST", {**sending(client), **wish})
            asked.append(answer._replace(statements=()))
        found += [f"{name} asks to be let in: {said}" for said in _differences(*asked)]
    return found


def _is_quick(twin: Twin, visit: Visit, who: Any) -> bool:
    names_a_thing = "<" in visit.page.path
    return visit.page.method == "GET" and not names_a_thing and may(who, visit, twin.world)


def ask(twin: Twin, client: FlaskClient, path: str, method: str = "GET", data: Mapping[str, str] | None = None) -> Seen:
    """Ask for a page, and listen to what it asks the database."""
    twin.clock.advance(seconds=SECONDS)
    with Listening(_database(twin)) as listening, client.open(path, method=method, data=data) as answer:
        headers = [(key, blanked(value)) for key, value in answer.headers if key not in HEADERS]
        text = words_in(answer)
    return Seen(answer.status_code, tuple(headers), blanked(text), tuple(listening.statements))


def _database(twin: Twin) -> Database:
    database: Database = twin.app.extensions["lado"].database
    return database


class Listening:
    """Hears which statements are sent to a database, by their text, while it is entered."""

    def __init__(self, database: Database) -> None:
        """Listen to this database."""
        self.engine, self.statements = database.engine, list[str]()

    def __enter__(self) -> "Listening":
        event.listen(self.engine, "before_cursor_execute", self._hear)
        return self

    def __exit__(self, *raised: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._hear)

    def _hear(self, *told: Any) -> None:
        self.statements.append(told[2])


def blanked(text: str) -> str:
    """A text without what is drawn anew for each answer."""
    return NEVER_THE_SAME.sub("", text)


def _differences(before: Seen, after: Seen) -> list[str]:
    """What tells two answers apart, in a few words each."""
    found = [] if before.status == after.status else [f"{before.status} and {after.status}"]
    found += [] if before.headers == after.headers else [_diff(map(str, before.headers), map(str, after.headers))]
    found += [] if before.text == after.text else [_diff(before.text.splitlines(), after.text.splitlines())]
    if before.statements != after.statements:
        found.append(f"statements: {_diff(before.statements, after.statements)}")
    return found


def _diff(before: Any, after: Any) -> str:
    return "\n".join(list(unified_diff(list(before), list(after), n=0, lineterm=""))[2:8])[:1_500]


def _named(found: Mapping[str, Seen], twin: Twin) -> Iterator[tuple[str, str]]:
    """The pages that say a word of a restricted case which nobody has typed there."""
    words = (*CANARIES, *(case.reference for case in twin.restricted))
    for page, seen in found.items():
        said = " ".join([seen.text, *(value for _, value in seen.headers)])
        typed = page if page.startswith(("search", "GET NB")) else ""
        yield from ((page, word) for word in words if word in said and word not in typed)


def _mail(ours: Twin, theirs: Twin, name: str) -> list[str]:
    """What one council's mail to somebody says that the other's does not, each letter with its instant and its name."""
    sent = [
        sorted(
            f"{letter.at} {blanked(letter.message_id)} {letter.subject} {letter.text}"
            for letter in twin.mail.letters
            if letter.to == email_of(name)
        )
        for twin in (ours, theirs)
    ]
    return [] if sent[0] == sent[1] else [_diff(*sent)]
