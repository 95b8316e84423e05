"""Characters of a line that the glyph head names twice, by two names, and equal ones of which it misses one.

The bounds were set on 55,000 letters of 36 worn pages: no two of them that stood nearer to each other were two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vary_cli.example import Glyph
from vary_cli.ink.owners import ACCENTS
from vary_cli.model.glyphs import SLOTS, ReadGlyph
from vary_cli.model.strips import EM

NEAR = 0.25
"""Of the usual distance between two characters,"""
DOUBT, FURTHER = 0.6, 0.35
"""and of those less probable than this."""
LOGO = ("L", "A")
"""TeX writes these one above the other."""
LEVEL = 0.15
"""Ems of the line; what stands higher or lower by more is another one: a script below another, say."""
APART = 1.25
"""Of the usual distance, which is smaller in type of one width: between two w without a blank stands a third one."""
LONG = {"l": 4, "f": 5}
"""Narrow letters, and how many slots in turn say so where there are two of them; one alone is told by up to three."""


def counted(told: Sequence[ReadGlyph], cell_width: int) -> list[ReadGlyph]:
    """What is read on a line, each character as often as it stands there."""
    kept: list[ReadGlyph] = []
    for one in told:
        if not kept or not are_one(kept[-1], one, cell_width):
            kept.append(one)
        elif one.probability > kept[-1].probability:
            kept[-1] = one
    return [letter for one in addressed(kept, cell_width) for letter in parted(one)]


def addressed(told: Sequence[ReadGlyph], cell_width: int) -> list[ReadGlyph]:
    """A line with the third w of each www: small print shows a comb of six strokes, whose middle is seldom named."""
    kept: list[ReadGlyph] = []
    for one in told:
        if kept and kept[-1].char == one.char == "w" and one.x - kept[-1].x > APART * usual(kept[-1], one) / cell_width:
            kept.append(replace(one, x=(kept[-1].x + one.x) / 2))
        kept.append(one)
    return kept


def usual(before: ReadGlyph, one: ReadGlyph) -> float:
    """How far two characters that touch stand apart, px."""
    return sum(Glyph(glyph.char, 0, 0, glyph.size * EM, 0).half_width for glyph in (before, one))


def are_one(before: ReadGlyph, one: ReadGlyph, cell_width: int) -> bool:
    """Whether a character and the next one are the same by another name."""
    pair = (before, one)
    if (before.char, one.char) == LOGO or any(glyph.char.isspace() or glyph.char in ACCENTS for glyph in pair):
        return False
    near = NEAR if min(before.probability, one.probability) >= DOUBT else FURTHER
    return (one.x - before.x) * cell_width < near * usual(before, one) and abs(one.rise - before.rise) < LEVEL


def parted(one: ReadGlyph) -> list[ReadGlyph]:
    """A letter, or the two that it is by its width."""
    if one.slots < LONG.get(one.char, one.slots + 1):
        return [one]
    aside = one.slots / (4 * SLOTS)
    return [replace(one, x=one.x + off, slots=one.slots // 2) for off in (-aside, aside)]
