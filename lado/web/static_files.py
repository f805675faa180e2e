"""Static files under an address that names their content: a browser fetches each once, and never shows an old one."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from werkzeug.security import safe_join

FOR_GOOD = "public, max-age=31536000, immutable"
MARK = "v"
"""The part of an address that names the content."""


def install(app: Flask) -> None:
    """Name the content in every address of a static file, and let browsers keep what an address so names."""
    app.url_defaults(_name_content)
    app.after_request(_let_keep)
    app.add_template_global(script_addresses)


def script_addresses() -> dict[str, dict[str, str]]:
    """The import map of our scripts: where one asks for another, it gets the one whose content is named."""
    addresses = [url_for("static", filename=name) for name in _scripts(current_app.static_folder or "")]
    return {"imports": {address.partition("?")[0]: address for address in addresses}}


def _name_content(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and (mark := _mark(values["filename"])):
        values[MARK] = mark


def _let_keep(response: Response) -> Response:
    """Keep for good only what the address truly names: one that a newer version gave out is asked for again."""
    asked = request.args.get(MARK)
    if request.endpoint == "static" and asked and asked == _mark((request.view_args or {})["filename"]):
        response.headers["Cache-Control"] = FOR_GOOD
    return response


def _mark(filename: str) -> str:
    """What names the present content of a file; empty where there is none, and for what lies outside the folder."""
    file = safe_join(current_app.static_folder or "", filename)
    return _digest(file, Path(file).stat().st_mtime_ns) if file and Path(file).is_file() else ""


@lru_cache(maxsize=64)
def _digest(file: str, _changed: int) -> str:
    return sha256(Path(file).read_bytes()).hexdigest()[:16]


@lru_cache(maxsize=8)
def _scripts(folder: str) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*.js"))
