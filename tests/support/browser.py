"""A test client that judges every page that it fetches: one h1, a title, labels, unique ids, links that land."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from lado.db import Database
from tests.support.people import PASSWORD, email_of

HTML = "{http://www.w3.org/1999/xhtml}"
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
        """Sign in as someone of the cast."""
        page = self.get("/sign-in")
        answer = self.post("/sign-in", {"email": email_of(name), "password": PASSWORD}, page=page)
        assert "Sign out" in answer.text, answer.text
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
    document = html5lib.HTMLParser(strict=False).parse(text)
    elements = list(document.iter())
    ids = Counter(element.get("id") for element in elements if element.get("id"))
    twice = [name for name, count in ids.items() if count > 1]
    assert not twice, f"ids used twice: {twice}"
    assert len(_named(elements, "h1")) == 1, "a page has one h1"
    title = _named(elements, "title")[0]
    assert (title.text or "").strip(), "a page has a title"
    labelled = {label.get("for") for label in _named(elements, "label")}
    for box in (*_named(elements, "input"), *_named(elements, "select"), *_named(elements, "textarea")):
        is_shown = box.get("type") not in ("hidden", "submit")
        assert not is_shown or box.get("id") in labelled or box.get("aria-label"), f"no label for {box.attrib}"
    for link in _named(elements, "a"):
        target = link.get("href", "")
        if target.startswith("#") and len(target) > 1:
            assert target[1:] in ids, f"a link leads nowhere: {target}"
    for form in _named(elements, "form"):
        if form.get("method", "get") == "post":
            names = {box.get("name") for box in form.iter(f"{HTML}input")}
            assert "csrf_token" in names, "a form without its token"


def _named(elements: list[Element], name: str) -> list[Element]:
    return [element for element in elements if element.tag == f"{HTML}{name}"]
