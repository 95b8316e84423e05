"""How large a formula's glyph is set and on which line it stands, by its ink: letters of a kind are about as high.

A model's own word for it is rough, and whether a letter is a script hangs on it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from vary_cli.document import Box
from vary_cli.example import Glyph

INK = 0.75
"""How much the ink has to say of a glyph's size; the rest is the model's."""
FAR = 0.45
"""Ink that says another size by more than this share is not the glyph's alone."""
_REACHES = {
    "acemnorsuvwxzαεικνοπστυω∞": (0.0, 0.45),
    "bdhklδθλ": (0.0, 0.70),
    "ti": (0.0, 0.64),
    "gpqyγηµμρχ": (-0.21, 0.45),
    "βζξφψ": (-0.21, 0.70),
    "ABCDEFGHIKLMNOPRSTUVWXYZΓΔΘΛΞΠΣΦΨΩ": (0.0, 0.685),
    "0123456789": (0.0, 0.66),
}
REACH = {char: reach for chars, reach in _REACHES.items() for char in chars}
"""How far characters reach under and over their baseline, ems."""


LEVELS = (1.0, 0.71, 0.53)
"""Sizes of a formula's glyphs: on the line, in scripts, in scripts of scripts."""
TRIED = (1.0, 0.95, 1.05, 0.9, 1.1, 0.86, 1.15, 1.2)
"""How far off a page's em may be from a formula's."""
LEAN = 0.35
"""How much of being off tells against it."""


def nearest(share: float) -> float:
    """The level that a size is of, in ems."""
    return min(LEVELS, key=lambda level: abs(math.log(share / level)))


def fitted(found: Sequence[float], em: float) -> float:
    """A formula's em, near the page's, that its sizes fit best."""

    def misfit(tried: float) -> float:
        off = sum(abs(math.log(size / (em * tried * nearest(size / (em * tried))))) for size in found)
        return off / max(1, len(found)) + LEAN * abs(math.log(tried))

    return em * min(TRIED, key=misfit)


def settled(glyph: Glyph, ink: Box) -> Glyph:
    """A glyph with the size and the baseline that its ink tells."""
    if glyph.char not in REACH:
        return glyph
    low, high = REACH[glyph.char]
    size = (ink[3] - ink[1]) / (high - low)
    if abs(size - glyph.size) > FAR * glyph.size:
        return glyph
    size = INK * size + (1 - INK) * glyph.size
    return glyph._replace(size=size, y=ink[3] + low * size)
