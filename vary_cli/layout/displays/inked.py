"""What was seen of a formula, with its ink: each glyph gets the box of what is drawn of it, the rest are bars.

Where a model says glyphs by their centres, baselines and sizes, the ink says how far they reach: brackets, roots and
operators grow, and the bars of fractions are no glyphs at all. Points in which the formula's em is EM.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from vary_cli.document import Box, Span
from vary_cli.example import BOLD, ITALIC, Glyph
from vary_cli.layout.displays import sizes
from vary_cli.layout.pixels import ink
from vary_cli.layout.pixels.blobs import blobs
from vary_cli.layout.printed import boxes
from vary_cli.layout.seen import ASCENT, DESCENT

EM = 20.0
"""Points of a formula's letters: so many that what are hairs in print count as bars."""
LEVEL = 0.14
"""Of a size: baselines that differ by less are one."""
THIN, LONG = 0.16, 0.25
"""Ems: bars are thinner, and longer."""
BARRED = frozenset("-−–—_¯→←↔⇒⇐⇔⟶~∼^´`¨=≡≤≥±∓÷⊆⊇≃≅≈Ξ")
"""Glyphs that are a bar, or of which a bar is a part of its own."""
OVER = {
    "^": "ˆ",
    "~": "˜",
    "∼": "˜",
    "¯": "¯",
    "-": "¯",
    "−": "¯",
    "·": "˙",
    ".": "˙",
    "¨": "¨",
    "→": "⃗",
    "´": "´",
    "`": "`",
}
"""Glyphs that are accents where they stand over a letter."""
ACCENT = 0.6
"""How much nearer accents are to their ink than it seems: their places are told less well."""
UNNAMED = 0.2
"""Ems: larger ink than this that is of no glyph and no bar is a glyph that was not seen, or a drawing."""
FIGURE = 1.9
"""Ems: what is larger both ways is no sign, roots aside."""
SIGN = 0.85
"""Ems: a root's sign is as wide, the rest of it is its bar."""


@dataclass(frozen=True)
class Inked:
    """A glyph and its ink, px."""

    glyph: Glyph
    box: Box
    is_own: bool = False
    """Whether the ink is the glyph's alone."""


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


def parts(image: Image.Image, em: float) -> list[Box]:
    """The pieces of ink, specks aside."""
    found = blobs(ink.find(np.asarray(image.convert("L"))).bits).boxes.astype(float)
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in found.tolist() if max(x1 - x0, y1 - y0) > 0.06 * em]


def is_drawing(part: Box, em: float) -> bool:
    """Whether a piece of ink is larger both ways than signs of formulas are: a frame, or a figure."""
    return min(part[2] - part[0], part[3] - part[1]) > FIGURE * em


def is_bar(part: Box, em: float) -> bool:
    """Whether a piece of ink is a level bar."""
    return part[3] - part[1] < max(3.0, THIN * em) and part[2] - part[0] > LONG * em


def level(glyphs: Sequence[Glyph], em: float) -> list[Glyph]:
    """Glyphs with sizes of a formula's few, and with one baseline where theirs are nearly one."""
    em = sizes.fitted([glyph.size for glyph in glyphs], em)
    sized = [glyph._replace(size=em * sizes.nearest(glyph.size / em)) for glyph in glyphs]
    result: list[Glyph] = []
    for glyph in sized:
        alike = [o.y for o in sized if o.size == glyph.size and abs(o.y - glyph.y) < LEVEL * glyph.size]
        result.append(glyph._replace(y=statistics.median(alike)))
    return result


def owned(glyphs: Sequence[Glyph], drawn: Sequence[Box]) -> tuple[list[Inked], list[Box]]:
    """Each glyph with the hull of its ink, and the ink of none.

    A root reaches over what is under it: its ink is taken first.
    """
    roots = {i: root for i, glyph in enumerate(glyphs) if glyph.char == "√" and (root := sign(glyph, drawn))}
    rest = [part for part in drawn if part not in roots.values()]
    owners = [owner(part, glyphs) for part in rest]
    found = []
    for i, glyph in enumerate(glyphs):
        own = [part for part, of in zip(rest, owners, strict=True) if of == i]
        if i not in roots and not own and not any(holds(part, glyph) for part in rest):
            continue  # nothing is drawn there
        shared = any(sum(holds(part, other) for other in glyphs if other.char not in OVER) > 1 for part in own)
        is_own = bool(own) and not shared
        found.append(Inked(glyph, roots.get(i) or (boxes.hull(own) if is_own else usual(glyph)), is_own))
    return found, [part for part, of in zip(rest, owners, strict=True) if of is None]


def sign(root: Glyph, drawn: Sequence[Box]) -> Box | None:
    """The ink of a root: what begins about where its sign does."""
    near = [part for part in drawn if holds(part, root) and abs(part[0] + 0.5 * root.size - root.x) < 0.6 * root.size]
    return max(near, key=boxes.area, default=None)


def owner(part: Box, glyphs: Sequence[Glyph]) -> int | None:
    """The glyph that a piece of ink is of; None for bars and what nobody named."""
    near = [(distance(part, glyph), i) for i, glyph in enumerate(glyphs) if glyph.char != "√" and reaches(part, glyph)]
    return min(near)[1] if near else None


def reaches(part: Box, glyph: Glyph) -> bool:
    """Whether a piece of ink may be of a glyph: it lies where the glyph usually does, or the glyph in it."""
    if (glyph.char not in BARRED and is_bar(part, glyph.size)) or is_drawing(part, glyph.size):
        return False
    nominal = usual(glyph)
    inside = boxes.share(part, nominal) > 0.4
    return inside or holds(part, glyph)


def holds(part: Box, glyph: Glyph) -> bool:
    """Whether a glyph's middle lies in a piece of ink."""
    return part[0] - 1 <= glyph.x <= part[2] + 1 and part[1] - 1 <= glyph.middle <= part[3] + 1


def distance(part: Box, glyph: Glyph) -> float:
    """How far a piece of ink lies from a glyph's middle, in its sizes."""
    x, y = (part[0] + part[2]) / 2, (part[1] + part[3]) / 2
    off = abs(x - glyph.x) / glyph.size + 0.5 * abs(y - glyph.middle) / glyph.size
    return off * (ACCENT if glyph.char in OVER else 1.0)


def usual(glyph: Glyph) -> Box:
    """Where a glyph of its size usually lies."""
    half, size = glyph.half_width, glyph.size
    return (glyph.x - half, glyph.y - ASCENT * size, glyph.x + half, glyph.y + DESCENT * size)


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
