"""Static files are named by their content, kept for good under that name, and asked for again under any other."""

import json
import re
from pathlib import Path

import pytest

FOR_GOOD = "public, max-age=31536000, immutable"


def test_every_static_file_of_a_page_is_named_by_its_content_and_kept(app):
    page = app.test_client().get("/sign-in").text
    imported = json.loads(re.search(r'<script type="importmap"[^>]*>(.*?)</script>', page)[1])["imports"]
    named = {*re.findall(r'(?:href|src)="(/static/[^"]+)"', page), *imported.values()}

    assert {"/static/app.js", "/static/autosave.js", "/static/live.js", "/static/send-once.js"} <= set(imported)
    assert all(named_as.startswith(f"{plain}?v=") for plain, named_as in imported.items())
    for address in named:
        with app.test_client().get(address) as answer:
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, FOR_GOOD), address


@pytest.mark.parametrize("address", ["/static/app.css", "/static/app.css?v=", "/static/app.css?v=0123456789abcdef"])
def test_an_address_that_names_another_content_is_asked_for_again(app, address):
    with app.test_client().get(address) as answer:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-cache"


def test_a_changed_file_gets_another_name(app, tmp_path):
    app.static_folder = str(tmp_path)
    names = []
    for words in ("one", "the other"):
        Path(tmp_path, "app.css").write_text(words)
        with app.test_request_context():
            names.append(app.url_for("static", filename="app.css"))

    assert len(set(names)) == 2


@pytest.mark.parametrize("filename", ["nothing.css", "../config.py", "vendor"])
def test_what_is_no_static_file_has_no_name(app, filename):
    with app.test_request_context():
        assert "?" not in app.url_for("static", filename=filename)
