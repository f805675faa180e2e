"""Boxes and arrows as SVG text: no library, no inline style, a title and a description for those who cannot see it."""

from collections.abc import Iterable
from html import escape
from textwrap import wrap
from typing import NamedTuple

BOX_WIDTH, BOX_HEIGHT, LINE = 220, 48, 17
LETTERS = 27  # that fit on a line of a box
CAPTION_LETTERS = 40

STYLE = """
svg { background: #ffffff; }
text { font-family: system-ui, sans-serif; font-size: 14px; fill: #1d1d1d; text-anchor: middle; }
.caption, .label { font-size: 12px; fill: #505a5f; }
.label { text-anchor: start; }
.state rect { fill: #ffffff; stroke: #1d1d1d; stroke-width: 1.5; }
.main rect { fill: #eef5ef; stroke-width: 2; }
.ending rect { fill: #f3f2f1; }
.way { fill: none; stroke: #505a5f; stroke-width: 1.3; marker-end: url(#arrow); }
.way.main { stroke: #1d1d1d; stroke-width: 2.2; }
.way.back { stroke: #8a9499; stroke-width: 0.8; }
marker path { fill: #505a5f; }
"""


class Box(NamedTuple):
    """A state in the picture: its middle, its label, its class, and what is written above it."""

    key: str
    label: str
    x: int
    y: int
    kind: str
    caption: str = ""


def drawing(*, title: str, description: str, size: tuple[int, int], boxes: Iterable[Box], links: Iterable[str]) -> str:
    """The whole picture. The arrows lie under the boxes."""
    width, height = size
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
            ' aria-labelledby="procedure-title procedure-description">',
            f'<title id="procedure-title">{escape(title)}</title>',
            f'<desc id="procedure-description">{escape(description)}</desc>',
            f"<style>{STYLE}</style>",
            '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8"'
            ' markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z"/></marker></defs>',
            *links,
            *(box_drawn(box) for box in boxes),
            "</svg>",
            "",
        )
    )


def box_drawn(box: Box) -> str:
    """A rounded box with its label in it, on as many lines as it takes, and its caption above it."""
    left, top = box.x - BOX_WIDTH // 2, box.y - BOX_HEIGHT // 2
    lines = wrap(box.label, LETTERS)
    first = box.y + 5 - (len(lines) - 1) * LINE // 2
    texts = [_text(box.x, first + number * LINE, line) for number, line in enumerate(lines)]
    above = wrap(box.caption, CAPTION_LETTERS)
    start = top - 6 - (len(above) - 1) * 14
    texts += [_text(box.x, start + number * 14, line, "caption") for number, line in enumerate(above)]
    frame = f'<rect x="{left}" y="{top}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6"/>'
    return f'<g class="{box.kind}">{frame}{"".join(texts)}</g>'


def link(start: Box, end: Box, label: str, kind: str) -> str:
    """An arrow from one box to another: straight down a column, curved from side to side. Its move is its title."""
    name = f"<title>{escape(f'{label}: {start.label} to {end.label}')}</title>"
    if start.x == end.x:
        top, bottom = start.y + BOX_HEIGHT // 2, end.y - BOX_HEIGHT // 2
        written = f'<text class="label" x="{start.x + 10}" y="{(top + bottom) // 2 + 4}">{escape(label)}</text>'
        return f'<path class="{kind}" d="M{start.x} {top} V{bottom}">{name}</path>{written}'
    towards = 1 if end.x > start.x else -1
    leave, arrive = start.x + towards * BOX_WIDTH // 2, end.x - towards * BOX_WIDTH // 2
    half = (leave + arrive) // 2
    return (
        f'<path class="{kind}" d="M{leave} {start.y} C{half} {start.y} {half} {end.y} {arrive} {end.y}">{name}</path>'
    )


def _text(x: int, y: int, line: str, kind: str = "") -> str:
    marked = f' class="{kind}"' if kind else ""
    return f'<text{marked} x="{x}" y="{y}">{escape(line)}</text>'
