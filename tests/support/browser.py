"""A test client that judges every page that it fetches: one h1, a title, labels, unique ids, links that land."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import event
from werkzeug.test import TestResponse

from lado.db import Database
from tests.support.people import PASSWORD, code_of, email_of
from tests.support.signing import take_session

PAGES = "text/html"


@dataclass
class Browser:
    """A browser without scripts. Redirects are followed; every page is judged."""

    app: Flask
    database: Database
    client: FlaskClient = field(init=False)
    queries: int = 0

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def sign_in(self, name: str) -> "Browser":
        """Be signed in as someone of the cast, by the service and without the forms, which have tests of their own."""
        take_session(self.client, self.database, name)
        anywhere = self.get("/no-such-page", status=404)
        assert "Sign out" in anywhere.text, anywhere.text
        return self

    def sign_in_by_hand(self, name: str, at: datetime, later: int = 0) -> TestResponse:
        """Sign in by the two forms, as a person does, with the code of this instant or a later one; home is given."""
        self.post("/sign-in", {"email": email_of(name), "password": PASSWORD})
        return self.post("/sign-in/code", {"code": code_of(name, at, later)})

    def say_why(self, reference: str, why: str = "contact", words: str = "") -> "Browser":
        """Say why one opens a case that is not one's own, by its form."""
        asked = self.get(f"/referrals/{reference}/why")
        assert "Why do you need to look?" in asked.text, "nobody asks"
        self.post(asked.request.full_path, {"why": why, "words": words}, page=asked)
        return self

    def get(self, path: str, status: int = 200) -> TestResponse:
        """Fetch a page, count its queries, and judge it."""
        statements: list[str] = []

        def listen(*told: Any) -> None:
            statements.append(told[2])

        event.listen(self.database.engine, "before_cursor_execute", listen)
        try:
            answer = self.client.get(path, follow_redirects=True)
        finally:
            event.remove(self.database.engine, "before_cursor_execute", listen)
        self.queries = len(statements)
        return self.judged(answer, status)

    def post(
        self,
        path: str,
        data: dict[str, Any],
        *,
        page: TestResponse | None = None,
        status: int = 200,
        follow: bool = True,
    ) -> TestResponse:
        """Send a form with the tokens of the page that it stands on (fetched from the same path when not given)."""
        shown = page if page is not None else self.get(path)
        tokens = {name: value for name in ("csrf_token", "form_token", "seen") if (value := hidden(shown, name))}
        answer = self.client.post(path, data={**tokens, **data}, follow_redirects=follow)
        return self.judged(answer, status)

    def judged(self, answer: TestResponse, status: int) -> TestResponse:
        """Hold an answer to its status and judge its page."""
        assert answer.status_code == status, f"{answer.status_code} for {answer.request.path}: {words_of(answer)[:600]}"
        if answer.mimetype == PAGES and answer.text.lstrip().startswith("<!DOCTYPE"):
            judge(answer.text)
        return answer


def hidden(answer: TestResponse, name: str) -> str:
    """The value of the first hidden field of this name on the page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    return found[1] if found else ""


def words_of(answer: TestResponse) -> str:
    """The words of a page without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def judge(text: str) -> None:
    """Fail when a page is not what a page must be."""
    page = LexborHTMLParser(text)
    ids = Counter(element.id for element in page.css("[id]") if element.id)
    twice = [name for name, count in ids.items() if count > 1]
    assert not twice, f"ids used twice: {twice}"
    assert len(page.css("h1")) == 1, "a page has one h1"
    assert page.css("head > title")[0].text().strip(), "a page has a title"
    labelled = {label.attributes.get("for") for label in page.css("label")}
    for box in page.css("input, select, textarea"):
        marks = box.attributes
        is_shown = marks.get("type") not in ("hidden", "submit")
        assert not is_shown or marks.get("id") in labelled or marks.get("aria-label"), f"no label for {marks}"
    for link in page.css("a"):
        target = link.attributes.get("href") or ""
        if target.startswith("#") and len(target) > 1:
            assert target[1:] in ids, f"a link leads nowhere: {target}"
    for form in page.css("form"):
        if form.attributes.get("method", "get") == "post":
            names = {box.attributes.get("name") for box in form.css("input")}
            assert "csrf_token" in names, "a form without its token"
