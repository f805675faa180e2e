"""The walls of the house, read from the code itself: who may import whom, and where the time and a commit may stand."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PORTAL_MAY = {
    "lado.act",
    "lado.domain",
    "lado.errors",
    "lado.queries.portal",
    "lado.queries.portal_messages",
    "lado.queries.portal_news",
    "lado.queries.portal_referrer",
    "lado.security.permissions",
    "lado.services.online_drafts",
    "lado.services.online_referrals",
    "lado.services.partner_messages",
    "lado.services.partner_news",
    "lado.services.partner_outcomes",
    "lado.services.partner_views",
    "lado.services.partners",
    "lado.web.components",
    "lado.web.fields",
    "lado.web.forms",
    "lado.web.guards",
    "lado.web.portal",
    "lado.web.sending",
    "lado.web.templating",
    "lado.web.uploads",
}
"""What the partners' pages may name: their own queries and services, and the frame that all pages share."""


def files(folder: str) -> list[Path]:
    return sorted((PROJECT / folder).rglob("*.py"))


def imported(file: Path) -> Iterator[str]:
    """Each module that a file names; `from lado.queries import portal` names lado.queries.portal."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            is_package = (PROJECT / node.module.replace(".", "/")).is_dir()
            yield from (f"{node.module}.{alias.name}" if is_package else node.module for alias in node.names)


def is_within(name: str, packages: set[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("file", files("lado/web/portal"), ids=lambda file: file.name)
def test_the_partners_side_reaches_its_own_query_and_service_only(file):
    ours = {name for name in imported(file) if name.split(".")[0] in {"lado", "workflows"}}

    assert {name for name in ours if not is_within(name, PORTAL_MAY)} == set()


@pytest.mark.parametrize("file", sorted((PROJECT / "lado/queries").glob("portal*.py")), ids=lambda file: file.name)
def test_what_partners_see_is_read_apart_from_the_case_file(file):
    ours = {name for name in imported(file) if name.startswith("lado.queries")}
    its_own = {name for name in ours if name.startswith("lado.queries.portal_")}

    assert ours - its_own <= {"lado.queries.grants", "lado.queries.ledger"}


def test_pages_ask_no_database_and_start_no_job():
    for file in files("lado/web"):
        forbidden = {name for name in imported(file) if is_within(name, {"sqlalchemy", "lado.jobs", "lado.council"})}
        assert forbidden == set(), file


def test_rules_and_permissions_know_neither_the_web_nor_the_database():
    for file in (*files("lado/domain"), *files("lado/security"), *files("workflows")):
        outside = {"flask", "sqlalchemy", "lado.models", "lado.queries", "lado.services", "lado.web", "lado.db"}
        assert {name for name in imported(file) if is_within(name, outside)} == set(), file


@pytest.mark.parametrize(
    ("words", "only_in"),
    [
        ({"commit", "begin_nested"}, set()),
        ({"AESGCM", "Fernet"}, {"lado/vault.py"}),
        ({"environ", "getenv"}, {"config.py"}),
        ({"render_template_string", "from_string"}, set()),
    ],
)
def test_some_words_have_one_place(words, only_in):
    found = {
        str(file.relative_to(PROJECT))
        for file in (*files("lado"), *files("workflows"), PROJECT / "config.py", PROJECT / "wsgi.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in words) or (isinstance(node, ast.Name) and node.id in words)
    }

    assert found <= only_in, sorted(found)


def test_markup_is_made_of_literals_alone():
    """Markup("<a>{}</a>").format(words) escapes the words; Markup(words) would not."""
    for file in files("lado"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Markup":
                assert all(isinstance(given, ast.Constant) for given in node.args), f"{file}:{node.lineno}"


def test_no_template_turns_escaping_off():
    for file in (PROJECT / "templates").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert "autoescape" not in text, file
        assert "|safe" not in text.replace(" ", ""), file
