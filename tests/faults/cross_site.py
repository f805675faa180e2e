"""Forms that other sites send in the name of whoever is signed in: each is refused, and nothing at all is changed.

`python -m tests.faults.cross_site` sends every form there is from each kind of elsewhere, in four content types, with
and without a token that is right, and prints the figures; then it sends each once from our own site, of which many have
to be taken: else the others would prove nothing. `--control` takes the guard away, which has to be seen.
(OWASP ASVS 5.0 3.5.1 to 3.5.3.)
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from flask import Flask

from lado.db import Database
from lado.web import headers
from tests.faults.forms import Form, Rig, Sender, forms_of
from tests.faults.spoiling import encoded
from tests.support.contents import digests

ELSEWHERE: Mapping[str, Mapping[str, str]] = {
    "another site": {"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"},
    "another site, of an old browser": {"Origin": "https://evil.test"},
    "another site that hides": {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    "a neighbour": {"Origin": "http://other.localhost", "Sec-Fetch-Site": "same-site"},
}
"""What a browser says of a form that was sent from elsewhere (Fetch Metadata, W3C)."""
HERE: Mapping[str, str] = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
KINDS = ("urlencoded", "multipart", "json", "text")
TAKEN = 20
"""So many forms at least are taken when they come from our own site."""


@dataclass
class Report:
    """How many forms were sent from elsewhere, what was answered, and what was found."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)


Shot = tuple[str, str, bool]
"""From where a form is sent, in which content type, and whether with tokens that are right."""


def every_shot() -> Iterator[Shot]:
    """Each kind of elsewhere, in each content type, with and without tokens."""
    yield from product(ELSEWHERE, KINDS, (True, False))


def some_shots(number: int) -> Iterator[Shot]:
    """For the form of this number: two content types, from two places by turns; without tokens none is taken."""
    places = list(ELSEWHERE)
    for step in (number, number + 2):
        yield places[(number // 2 + step) % len(places)], KINDS[step % len(KINDS)], True


def fire(sender: Sender, form: Form, shot: Shot, report: Report) -> None:
    """Send one form from elsewhere, and judge the answer."""
    place, kind, has_tokens = shot
    status = send(sender, form, kind, ELSEWHERE[place], has_tokens=has_tokens)
    report.sent += 1
    report.statuses[status] += 1
    if not 400 <= status < 500:
        report.findings.append(f"{form.visit.name} as {form.who}: {status} from {place}, {kind}, {has_tokens=}")


def send(sender: Sender, form: Form, kind: str, said: Mapping[str, str], *, has_tokens: bool) -> int:
    """Send one form as its page would, with what the browser says of where it comes from; the status."""
    tokens = sender.tokens(form.who) if has_tokens else {}
    body, content_type = encoded([(n, v, "") for n, v in (*tokens.items(), *form.fields)], kind)
    known = {"X-CSRFToken": tokens["csrf_token"].decode()} if tokens and kind in ("json", "text") else {}
    client = sender.client(form.who)
    with client.post(form.visit.path, data=body, content_type=content_type, headers={**said, **known}) as answer:
        return answer.status_code


def bombard(sender: Sender, database: Database, shots: Sequence[tuple[Form, Shot]]) -> Report:
    """Send all of these, and see whether anything is not as before."""
    report = Report()
    for name in {form.who for form, _ in shots}:
        sender.tokens(name)  # signing in is no part of it
    before = digests(database)
    for form, shot in shots:
        fire(sender, form, shot, report)
    after = digests(database)
    report.findings += [f"{table} was changed" for table in before if before[table] != after[table]]
    return report


def open_to_all(app: Flask) -> None:
    """Take the guard away, as whoever forgets it does."""
    app.before_request_funcs[None].remove(headers._refuse_other_sites)


def main() -> int:
    """Print the figures as JSON; 1 when anything was found (or, without its guard, when nothing was)."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.cross_site", description=__doc__)
    parser.add_argument("--control", action="store_true", help="take the guard away")
    asked, began = parser.parse_args(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        rig = Rig(Path(folder))
        with rig.fresh() as sender:
            if asked.control:
                open_to_all(sender.app)
            every = forms_of(sender, rig.people, but=frozenset())
            database: Database = sender.app.extensions["lado"].database
            report = bombard(sender, database, [(form, shot) for form in every for shot in every_shot()])
            own = Counter(send(sender, form, "urlencoded", HERE, has_tokens=True) for form in every)
    told: dict[str, Any] = {"forms": len(every), "sent": report.sent, "statuses": dict(sorted(report.statuses.items()))}
    told |= {"changes": sum("was changed" in found for found in report.findings), "findings": len(report.findings)}
    told |= {"found": report.findings[:20], "from our own site": dict(sorted(own.items()))}
    print(json.dumps({**told, "seconds": round(time.monotonic() - began)}, indent=2))
    if asked.control:
        return int(not report.findings)
    return int(bool(report.findings) or own[302] < TAKEN)


if __name__ == "__main__":
    sys.exit(main())
