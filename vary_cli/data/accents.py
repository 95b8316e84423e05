"""Accents of TeX's formulas: signs of their own where they are drawn, told as Unicode's that belong to letters."""

from __future__ import annotations

from collections.abc import Sequence

from vary_cli.example import Glyph

ACCENTS = {"ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˙": "\u0307", "¨": "\u0308", "´": "\u0301", "\u20d7": "\u20d7"}
"""Signs, and those that stand over letters;"""
ALONE = frozenset(ACCENTS) - {"\u20d7"}
STRANGE = frozenset("ˇ˘˚")
"""others, of which glyph heads know nothing."""
SKEW, HIGH = 0.4, 0.5
"""How far an accent stands from its letter's middle, and its type over that of the letter, ems at most."""


def settled(glyphs: Sequence[Glyph]) -> list[Glyph] | None:
    """The characters of a formula, its accents told as of their letters; None if one has no letter, or is strange."""
    told = moved(glyphs)
    return None if any(glyph.char in STRANGE or glyph.char in ALONE for glyph in told) else told


def moved(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Characters with those accents that have a letter below them told as of it."""
    letters = [glyph for glyph in glyphs if glyph.char not in ACCENTS and not glyph.char.isspace()]
    return [over(glyph, letters) if glyph.char in ACCENTS else glyph for glyph in glyphs]


def over(accent: Glyph, letters: Sequence[Glyph]) -> Glyph:
    """An accent as of the letter that stands below it; as it is if none does."""
    under = [letter for letter in letters if -0.1 < (letter.y - accent.y) / accent.size < HIGH]
    letter = min(under, key=lambda letter: abs(letter.x - accent.x), default=None)
    if letter is None or abs(letter.x - accent.x) > SKEW * accent.size:
        return accent
    return letter._replace(char=ACCENTS[accent.char], style=accent.style)
