"""The look: fetches GOV.UK Frontend and MoJ Frontend at set-up and takes out what only GOV.UK may use.

Councils may use the components and the code (MIT), not the crown, the crest, the GDS Transport font or the GOV.UK
images, so those never reach the folder that is served. Nothing third-party is kept in the repository.
"""

import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path

from setup import breached, packages
from setup.console import PROJECT, SetUpFailed, quietly, say

SERVED = PROJECT / "lado" / "static" / "vendor"
STAMP = SERVED / "prepared"
DECIDES = ("package.json", "package-lock.json", "setup/assets.py", "setup/breached.py")

GOVUK = Path("node_modules/govuk-frontend/dist/govuk")
MOJ = Path("node_modules/@ministryofjustice/frontend/moj")
STYLES = (GOVUK / "govuk-frontend.min.css", MOJ / "moj-frontend.min.css")
SCRIPTS = (GOVUK / "govuk-frontend.min.js", MOJ / "moj-frontend.min.js")

GOVUK_FONTS = "GDS Transport,arial,sans-serif"
COUNCIL_FONTS = '"Helvetica Neue",Helvetica,Arial,sans-serif'  # the stack that GDS recommends to everybody else


def ensure() -> None:
    """Have the style sheets, scripts and icons in `lado/static/vendor`, fetching them only when they changed."""
    wanted = fingerprint()
    if STAMP.exists() and breached.KEPT.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    say("Fetching the style sheets, scripts and icons, and the list of breached passwords ...")
    with tempfile.TemporaryDirectory(prefix="lado-look-") as name:
        folder = Path(name)
        fetch(folder)
        prepare(folder, SERVED)
        breached.prepare(folder)
    STAMP.write_text(wanted, encoding="utf-8")


def fingerprint() -> str:
    """A digest of what decides the result: the pinned packages and this file."""
    digest = hashlib.sha256()
    for name in DECIDES:
        digest.update((PROJECT / name).read_bytes())
    return digest.hexdigest()


def fetch(folder: Path) -> None:
    """Install the two npm packages into a temporary folder, with the machine's npm or else with Node.js from PyPI."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(PROJECT / name, folder)
    if npm := shutil.which("npm"):
        try:
            _npm_ci([npm], folder, os.environ.get("PATH", ""))
            return
        except SetUpFailed as failure:
            say(f"{failure}\nTrying again with Node.js from PyPI ...")
    node_files = folder / "node-wheel"
    packages.install([PROJECT / "setup" / "requirements-node.txt"], target=node_files)
    node, cli = _bundled_npm(node_files)
    _npm_ci([str(node), str(cli)], folder, f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}")


def _npm_ci(npm: list[str], folder: Path, path: str) -> None:
    # MoJ names moment as a peer, and its compiled script does not use it: --legacy-peer-deps leaves it out.
    command = [*npm, "ci", "--legacy-peer-deps", "--no-progress"]
    quietly(command, "Fetching the look with npm", cwd=folder, extra={"PATH": path})


def _bundled_npm(node_files: Path) -> tuple[Path, Path]:
    node = next(
        (file for file in node_files.rglob("node*") if file.name in ("node", "node.exe") and file.is_file()), None
    )
    cli = next(node_files.rglob("npm/bin/npm-cli.js"), None)
    if not node or not cli:
        raise SetUpFailed("Node.js from PyPI came without npm. Install Node.js 20 or later and try again.")
    return node, cli


def prepare(fetched: Path, served: Path) -> None:
    """Copy what is served, and only that: two style sheets, two scripts, MoJ's icons."""
    if served.exists():
        shutil.rmtree(served)
    (served / "images").mkdir(parents=True)
    for style in STYLES:
        css = without_govuk_marks((fetched / style).read_text(encoding="utf-8"))
        (served / style.name).write_text(css, encoding="utf-8")
    for script in SCRIPTS:
        code = without_source_map((fetched / script).read_text(encoding="utf-8"))
        (served / script.name).write_text(code, encoding="utf-8")
    for icon in sorted((fetched / MOJ / "assets" / "images").glob("icon-*")):
        shutil.copyfile(icon, served / "images" / icon.name)
    refuse_missing_images(served)


def without_govuk_marks(css: str) -> str:
    """The style sheet without the font, its copyright notice and the crest, and with images beside it.

    Raises `SetUpFailed` when a trace of the font is left, so that a new version of a package cannot bring it back.
    """
    css = re.sub(r"/\*!.*?\*/(?=@font-face)", "", css, flags=re.DOTALL)
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    css = css.replace(GOVUK_FONTS, COUNCIL_FONTS)
    css = re.sub(r"url\([^)]*govuk-crest[^)]*\)", "none", css)
    css = css.replace("url(/assets/images/icon-", "url(images/icon-")
    css = without_source_map(css)
    for trace in ("GDS", "font-face", "Calvert", "govuk-crest", "/assets/"):
        if trace in css:
            raise SetUpFailed(f"The style sheet still holds {trace!r}: setup/assets.py does not know this version.")
    return css


def without_source_map(text: str) -> str:
    """Minified text without the pointer to a map that is not served."""
    text = re.sub(r"\n?/\*# sourceMappingURL=[^*]*\*/", "", text)
    return re.sub(r"\n?//# sourceMappingURL=\S*", "", text).rstrip() + "\n"


def refuse_missing_images(served: Path) -> None:
    """Fail when a style sheet points at an image that was not copied."""
    for style in STYLES:
        for image in re.findall(r"url\((images/[^)]*)\)", (served / style.name).read_text(encoding="utf-8")):
            if not (served / image).is_file():
                raise SetUpFailed(f"{style.name} points at {image}, which its package does not hold.")
