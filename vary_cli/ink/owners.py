"""Which ink is of which glyph: a glyph's middle and size are known, how far its ink reaches is seen here. px."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from vary_cli import boxes
from vary_cli.document import Box
from vary_cli.example import Glyph
from vary_cli.ink import tones
from vary_cli.ink.blobs import Bits, blobs

THIN, LONG = 0.16, 0.25
"""Ems: bars are thinner, and longer."""
BARRED = frozenset("-−–—_¯→←↔⇒⇐⇔⟶~∼^´`¨=≡≤≥±∓÷⊆⊇≃≅≈Ξ")
"""Glyphs that are a bar, or of which a bar is a part of its own."""
ACCENTS = frozenset("^~∼¯-−·.¨→´`")
"""Glyphs that are accents where they stand over a letter."""
ACCENT = 0.6
"""How much nearer accents are to their ink than it seems: their places are told less well."""
FIGURE = 1.9
"""Ems: what is larger both ways is no sign, roots aside."""


@dataclass(frozen=True)
class Inked:
    """A glyph and its ink, px."""

    glyph: Glyph
    box: Box


def parts(image: Image.Image, em: float) -> list[Box]:
    """The pieces of ink, specks aside."""
    return pieces(inked(image), 0.06 * em)


def inked(image: Image.Image) -> Bits:
    """Where ink is, (height, width)."""
    return tones.find(np.asarray(image.convert("L"))).bits


def pieces(bits: Bits, least: float = 0) -> list[Box]:
    """Connected pieces of ink that are larger than `least` px one way."""
    found = blobs(bits).boxes.astype(float)
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in found.tolist() if max(x1 - x0, y1 - y0) > least]


def is_drawing(part: Box, em: float) -> bool:
    """Whether a piece of ink is larger both ways than signs of formulas are: a frame, or a figure."""
    return min(part[2] - part[0], part[3] - part[1]) > FIGURE * em


def is_bar(part: Box, em: float) -> bool:
    """Whether a piece of ink is a level bar."""
    return part[3] - part[1] < max(3.0, THIN * em) and part[2] - part[0] > LONG * em


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
        shared = any(sum(holds(part, other) for other in glyphs if other.char not in ACCENTS) > 1 for part in own)
        found.append(Inked(glyph, roots.get(i) or (boxes.hull(own) if own and not shared else glyph.box)))
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
    return boxes.share(part, glyph.box) > 0.4 or holds(part, glyph)


def holds(part: Box, glyph: Glyph) -> bool:
    """Whether a glyph's middle lies in a piece of ink."""
    return part[0] - 1 <= glyph.x <= part[2] + 1 and part[1] - 1 <= glyph.middle <= part[3] + 1


def distance(part: Box, glyph: Glyph) -> float:
    """How far a piece of ink lies from a glyph's middle, in its sizes."""
    x, y = (part[0] + part[2]) / 2, (part[1] + part[3]) / 2
    off = abs(x - glyph.x) / glyph.size + 0.5 * abs(y - glyph.middle) / glyph.size
    return off * (ACCENT if glyph.char in ACCENTS else 1.0)
