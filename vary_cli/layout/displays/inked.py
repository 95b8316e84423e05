"""What was seen of a formula, with its ink: each glyph gets the box of what is drawn of it, the rest are bars.

Where a model says glyphs by their centres, baselines and sizes, the ink says how far they reach: brackets, roots and
operators grow, and the bars of fractions are no glyphs at all. Points in which the formula's em is EM.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace

from PIL import Image

from vary_cli.document import Box, Span
from vary_cli.example import BOLD, ITALIC, Glyph
from vary_cli.ink.owners import OVER, Inked, is_bar, owned, parts
from vary_cli.layout.displays import sizes

EM = 20.0
"""Points of a formula's letters: so many that what are hairs in print count as bars."""
LEVEL = 0.14
"""Of a size: baselines that differ by less are one."""
UNNAMED = 0.2
"""Ems: larger ink than this that is of no glyph and no bar is a glyph that was not seen, or a drawing."""
SIGN = 0.85
"""Ems: a root's sign is as wide, the rest of it is its bar."""


def told(image: Image.Image, glyphs: Sequence[Glyph], em: float | None = None) -> tuple[list[Span], list[Box]]:
    """A formula's glyphs as spans from left to right, and its bars; nothing if the picture shows more than those."""
    if not glyphs:
        return [], []
    size = em or statistics.median(sorted(glyph.size for glyph in glyphs)[len(glyphs) // 3 :])
    drawn = parts(image, size)
    found, rest = owned(glyphs, drawn)
    bars = [part for part in rest if is_bar(part, size)]
    if any(max(part[2] - part[0], part[3] - part[1]) > UNNAMED * size for part in rest if part not in bars):
        return [], []
    spans = []
    settled = [sizes.settled(one.glyph, one.box) if one.is_own else one.glyph for one in found]
    for one in accented([replace(one, glyph=g) for one, g in zip(found, level(settled, size), strict=True)]):
        box, bar = rooted(one) if one.glyph.char == "√" else (one.box, None)
        bars += [bar] if bar else []
        spans.append(span(one.glyph, box, EM / size))
    return sorted(spans, key=lambda span: span.box[0]), [points(bar, EM / size) for bar in bars]


def level(glyphs: Sequence[Glyph], em: float) -> list[Glyph]:
    """Glyphs with sizes of a formula's few, and with one baseline where theirs are nearly one."""
    em = sizes.fitted([glyph.size for glyph in glyphs], em)
    sized = [glyph._replace(size=em * sizes.nearest(glyph.size / em)) for glyph in glyphs]
    result: list[Glyph] = []
    for glyph in sized:
        alike = [o.y for o in sized if o.size == glyph.size and abs(o.y - glyph.y) < LEVEL * glyph.size]
        result.append(glyph._replace(y=statistics.median(alike)))
    return result


def accented(found: Sequence[Inked]) -> list[Inked]:
    """Glyphs with those right over a letter that may be its accent named so, and set on its line; without dots of i."""
    result = []
    for one in found:
        under = next((o.glyph for o in found if crowns(one, o)), None) if one.glyph.char in OVER else None
        if under is not None and under.char in "ij":
            continue
        glyph = one.glyph if under is None else under._replace(char=OVER[one.glyph.char], x=one.glyph.x)
        result.append(replace(one, glyph=glyph))
    return result


def crowns(one: Inked, other: Inked) -> bool:
    """Whether a glyph stands right over a letter."""
    size, (_, _, _, bottom), (_, top, _, end) = one.glyph.size, one.box, other.box
    level = abs(one.glyph.x - other.glyph.x) < 0.4 * size and other.glyph.char.isalnum()
    return level and -0.2 * size < top - bottom < 0.35 * size and bottom < end


def rooted(one: Inked) -> tuple[Box, Box | None]:
    """A root's sign, and its bar if the ink of both is one."""
    x0, y0, x1, y1 = one.box
    end = x0 + SIGN * one.glyph.size
    if x1 - x0 < 1.3 * SIGN * one.glyph.size:
        return one.box, None
    return (x0, y0, end, y1), (end, y0, x1, y0 + 0.05 * one.glyph.size)


def span(glyph: Glyph, box: Box, scale: float) -> Span:
    """A glyph as a span, in points."""
    letter = glyph.char.isalpha() and glyph.char.isascii()
    placed = points(box, scale)
    return Span(
        glyph.char,
        placed,
        (placed[0], placed[2]),
        glyph.y * scale,
        glyph.size * scale,
        bold=bool(glyph.style & BOLD),
        italic=bool(glyph.style & ITALIC),
        math=not letter and not glyph.char.isdigit() and glyph.char not in OVER.values(),
    )


def points(box: Box, scale: float) -> Box:
    """A box of px in points."""
    return (box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale)
