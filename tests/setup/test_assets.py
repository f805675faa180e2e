"""The look: nothing that only GOV.UK may use is served, and a package that changed is noticed."""

from pathlib import Path

import pytest

from setup import assets
from setup.console import SetUpFailed

FONT = (
    "/*! Copyright (c) 2011 by Margaret Calvert & Henrik Kubel. All rights reserved. */"
    "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}"
    "@font-face{font-family:GDS Transport;src:url(/assets/fonts/bold.woff2)}"
)
CREST = (
    ".logo:before{background-image:url(/assets/images/govuk-crest.svg);mask-image:url(/assets/images/govuk-crest.svg)}"
)
LINK = ".govuk-link{font-family:GDS Transport,arial,sans-serif}"
ICON = ".moj-alert{background:url(/assets/images/icon-close-cross-black.svg)}"
MAP = "\n/*# sourceMappingURL=govuk-frontend.min.css.map */"


def test_the_font_its_notice_and_the_crest_are_gone() -> None:
    assert assets.without_govuk_marks(FONT + CREST + LINK + ICON + MAP) == (
        ".logo:before{background-image:none;mask-image:none}"
        '.govuk-link{font-family:"Helvetica Neue",Helvetica,Arial,sans-serif}'
        ".moj-alert{background:url(images/icon-close-cross-black.svg)}\n"
    )


@pytest.mark.parametrize(
    "css",
    [
        "a{font-family:'GDS Transport',arial}",
        "a{src:url(/assets/images/moj-logotype-crest.svg)}",
        "@media print{@font-face {font-family:x;src:local({})}}@font-face",
    ],
)
def test_a_new_version_cannot_bring_them_back_unnoticed(css: str) -> None:
    with pytest.raises(SetUpFailed, match="still holds"):
        assets.without_govuk_marks(css)


def a_fetched_look(folder: Path, icon: str) -> Path:
    for file in assets.STYLES + assets.SCRIPTS:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(ICON if file.suffix == ".css" else "const a=1;\n//# sourceMappingURL=a.js.map")
    images = folder / assets.MOJ / "assets" / "images"
    images.mkdir(parents=True)
    for name in (icon, "govuk-logotype-crown.png", "moj-logotype-crest-2024.svg", "moj-opengraph-image-2024.png"):
        (images / name).write_text(name)
    return folder


def test_only_icons_are_copied(tmp_path: Path) -> None:
    served = tmp_path / "served"
    assets.prepare(a_fetched_look(tmp_path / "fetched", "icon-close-cross-black.svg"), served)
    copied = {str(file.relative_to(served)) for file in served.rglob("*") if file.is_file()}
    assert copied == {
        "govuk-frontend.min.css",
        "govuk-frontend.min.js",
        "moj-frontend.min.css",
        "moj-frontend.min.js",
        "images/icon-close-cross-black.svg",
    }
    assert (served / "govuk-frontend.min.js").read_text() == "const a=1;\n"


def test_a_style_sheet_that_points_at_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetUpFailed, match=r"icon-close-cross-black\.svg"):
        assets.prepare(a_fetched_look(tmp_path / "fetched", "icon-other.svg"), tmp_path / "served")
