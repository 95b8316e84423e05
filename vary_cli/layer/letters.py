"""The characters of a page, joined to lines of text. What cannot be seen is left out.

A line ends where MuPDF ends it (a wide gap, another baseline) or where the pen goes back; whether pieces on one height
belong together is layout's to say. Characters of mathematical fonts are spans of their own, so that each has its place.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator
from typing import Any

import pymupdf

from vary_cli.document import ASCENT, DESCENT, Box, LayerLine, Span
from vary_cli.example import UNKNOWN
from vary_cli.layer import fonts, omx
from vary_cli.layer.pieces import Letter, pieces

FLAGS = (
    pymupdf.TEXT_PRESERVE_WHITESPACE
    | pymupdf.TEXT_PRESERVE_LIGATURES
    | pymupdf.TEXT_MEDIABOX_CLIP
    | pymupdf.TEXT_COLLECT_STYLES
    | pymupdf.TEXT_ACCURATE_BBOXES
)
RAISED = 0.15
"""So far above the baseline, in ems, stands a superscript."""
_INKED = 16 | 32
"""MuPDF's flags of characters that are filled or stroked; others cannot be seen."""
_WHITE = 0xFA
"""Least of each colour in a white that cannot be seen on paper."""
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st", "Ĳ": "IJ", "ĳ": "ij"}
_SAME = {
    "\uf0b7": "•",
    "\uf0a7": "▪",
    "\uf0d8": "➢",
    "\uf0fc": "✓",
    "\uf06f": "○",
    "\uf0a8": "□",
    "\u00ad": "-",
}
_NOTHING = frozenset("\u200b\u200c\u200d\u2060\ufeff" + "".join(map(chr, range(0xFE00, 0xFE10))))


class _Sheet:
    """What must be known of the whole page to read its characters."""

    def __init__(self, page: pymupdf.Page, rows: list[dict[str, Any]], shades: tuple[Box, ...]) -> None:
        self.width, self.height, self.shades = page.rect.width, page.rect.height, shades
        turn = page.rotation_matrix
        self.turn = (turn.a, turn.b, turn.c, turn.d, turn.e, turn.f) if page.rotation else None
        spans = [span for row in rows for span in row["spans"]]
        self.widths = fonts.Widths(spans)
        self.large = omx.symbols(page) if any(fonts.is_extension(span["font"]) for span in spans) else {}

    def box(self, box: Box) -> Box:
        """A box on the page as it is shown."""
        if self.turn is None:
            return box
        a, b, c, d, e, f = self.turn
        xs = sorted((a * box[0] + c * box[1] + e, a * box[2] + c * box[3] + e))
        ys = sorted((b * box[0] + d * box[1] + f, b * box[2] + d * box[3] + f))
        return xs[0], ys[0], xs[1], ys[1]


def lines(page: pymupdf.Page, shades: tuple[Box, ...]) -> tuple[LayerLine, ...]:
    """The horizontal lines of text that can be seen."""
    raw = page.get_text("rawdict", flags=FLAGS)
    rows = [line for block in raw["blocks"] for line in block.get("lines", ()) if line["wmode"] == 0]
    sheet = _Sheet(page, rows, shades)
    level = (row for row in rows if _is_level(row["dir"], page.rotation))
    written = (
        _line(piece) for row in level for piece in pieces([x for span in row["spans"] for x in _letters(span, sheet)])
    )
    shown = {(line.text, round(line.box[0]), round(line.box[1])): line for line in written}  # overprinting feigns bold
    return tuple(shown.values())


def _is_level(direction: tuple[float, float], rotation: int) -> bool:
    """Whether text runs to the right on the page as it is shown."""
    x, y = direction
    shown = {0: x, 90: -y, 180: -x, 270: y}[rotation % 360]
    return shown > 0.999


def _letters(span: dict[str, Any], sheet: _Sheet) -> Iterator[Letter]:
    """The visible characters of a span, ligatures taken apart, each with its style."""
    if span["alpha"] == 0 or not span["char_flags"] & _INKED:
        return
    style, size = fonts.style(span["font"], span["flags"], span["char_flags"], sheet.widths), span["size"]
    letters = fonts.alphabet(span["font"])
    is_large, is_white = fonts.is_extension(span["font"]), _is_white(span["color"])
    for raw in span["chars"]:
        x0, y0, x1, y1 = sheet.box(raw["bbox"])
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        if not (0 <= x <= sheet.width and 0 <= y <= sheet.height) or (is_white and not _is_shaded(x, y, sheet.shades)):
            continue
        char = UNKNOWN if _is_half(raw["c"]) else _SAME.get(raw["c"], raw["c"])
        if is_large and char == UNKNOWN:
            char = sheet.large.get(omx.place(raw["origin"]), char)
        char = letters.get(char, char)
        parts = _LIGATURES.get(char, char if char not in _NOTHING else "")
        step = (x1 - x0) / max(1, len(parts))
        baseline = sheet.box((*raw["origin"], *raw["origin"]))[1]
        for i, part in enumerate(parts):
            shown = " " if part.isspace() else part
            yield Letter(shown, x0 + i * step, x0 + (i + 1) * step, y0, y1, baseline, size, style)


def _is_half(char: str) -> bool:
    """Whether a font's table tells half of a pair of UTF-16, which is no character and can be written nowhere."""
    return "\ud800" <= char <= "\udfff"


def _is_white(color: int) -> bool:
    return min(color >> 16 & 0xFF, color >> 8 & 0xFF, color & 0xFF) >= _WHITE


def _is_shaded(x: float, y: float, shades: tuple[Box, ...]) -> bool:
    return any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in shades)


def _line(letters: list[Letter]) -> LayerLine:
    """A line of its letters, at least one."""
    baseline, size = _stand(letters)
    spans = tuple(_span(list(run), baseline, size) for run in _runs(letters))
    inks = [letter for letter in letters if letter.style.math]
    top = min([baseline - ASCENT * size, *(letter.top for letter in inks)])
    bottom = max([baseline + DESCENT * size, *(letter.bottom for letter in inks)])
    return LayerLine(spans, (spans[0].edges[0], top, max(span.edges[-1] for span in spans), bottom))


def _stand(letters: list[Letter]) -> tuple[float, float]:
    """The baseline and the size of a line: those of most of its large letters, symbols of the large kind aside."""
    shown = [letter for letter in letters if letter.char != " "]
    usual = [letter for letter in shown if letter.bottom - letter.top < 1.4 * letter.size] or shown
    size = statistics.median_high(letter.size for letter in usual if letter.size >= 0.85 * max(x.size for x in usual))
    return statistics.median_low(letter.baseline for letter in usual if letter.size >= 0.85 * size), size


def _runs(letters: list[Letter]) -> Iterator[list[Letter]]:
    """Letters of one style, size and baseline; blanks go with what is before them."""
    run: list[Letter] = []
    for letter in letters:
        if run and not _goes_on(run[-1], letter):
            yield run
            run = []
        if run and letter.char == " ":
            letter = letter._replace(style=run[-1].style, size=run[-1].size, baseline=run[-1].baseline)
        run.append(letter)
    yield run


def _goes_on(a: Letter, b: Letter) -> bool:
    if b.char == " ":
        return not a.style.math
    alike = a.style == b.style and abs(a.size - b.size) < 0.06 * a.size and abs(a.baseline - b.baseline) < 0.05 * a.size
    return alike and not b.style.math


def _span(letters: list[Letter], baseline: float, size: float) -> Span:
    edges = tuple(itertools.accumulate([*(letter.x0 for letter in letters), letters[-1].x1], max))
    own, em = letters[0].baseline, statistics.median(letter.size for letter in letters)
    inked = [letter for letter in letters if letter.char != " "] or letters
    return Span(
        text="".join(letter.char for letter in letters),
        box=(edges[0], min(letter.top for letter in inked), edges[-1], max(letter.bottom for letter in inked)),
        edges=edges,
        baseline=own,
        size=em,
        bold=letters[0].style.bold,
        italic=letters[0].style.italic,
        mono=letters[0].style.mono,
        math=letters[0].style.math,
        raised=em < 0.9 * size and baseline - own > RAISED * size,
    )
