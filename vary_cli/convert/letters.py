"""A formula that cannot be told in LaTeX, letter by letter: what was named on it, row by row and from left to right.

It says less than the picture that it stands under, but it can be found, read aloud and copied. Knows no model.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from vary_cli.example import Glyph, usual_em
from vary_cli.formula.signs import ACCENTS

FEW = 0.6
"""Letters an em; of a formula with fewer most were not named."""
SMALL = 0.8
"""Of a formula's size: smaller letters belong to the row that is nearest."""
APART = 0.45
"""Ems between the baselines of two rows, more than this; and between letters, a blank:"""
BLANK = 0.2
WORDY, _WORD = 0.7, re.compile(r"[^\W\d_]{4,}")
"""Share of letters that stand in words of at least four on a drawing."""
OVER = {sign: accent for accent, sign in ACCENTS.items()}
"""Signs that are accents where they stand over a letter,"""
HIGH, BESIDE = (0.05, 0.8), 0.4
"""as high as this, and as far to a side at most, ems."""


def spelled(glyphs: Iterable[Glyph], width: float) -> str:
    """What stands there, on one line; nothing where hardly anything was named on it. `width`: of the formula, ems."""
    found = sorted(glyphs, key=lambda glyph: glyph.x)
    if not found or len(found) < FEW * width:
        return ""
    carriers = [carrier(glyph, found) for glyph in found]
    pairs = list(zip(found, carriers, strict=True))
    letters = [glyph for glyph, letter in pairs if letter is None]
    marks = {letter: OVER[glyph.char] for glyph, letter in pairs if letter is not None}
    return unicodedata.normalize("NFC", " ".join(text(row, marks) for row in rows(letters, usual_em(found))))


def are_words(said: str) -> bool:
    """Whether letters spell words for the most part: they are a drawing's, not a formula's."""
    return sum(map(len, _WORD.findall(said))) > WORDY * len("".join(said.split()))


def carrier(glyph: Glyph, found: Sequence[Glyph]) -> Glyph | None:
    """Which letter carries a glyph that is an accent; None if it is none."""
    if glyph.char not in OVER:
        return None
    near = [
        other
        for other in found
        if other.char.isalpha() and abs(other.x - glyph.x) < BESIDE * other.size
        if HIGH[0] < (other.y - glyph.y) / other.size < HIGH[1]
    ]
    return min(near, key=lambda other: abs(other.x - glyph.x), default=None)


def rows(letters: Sequence[Glyph], em: float) -> list[list[Glyph]]:
    """Letters by the baselines that the larger ones of them stand on, from the top."""
    large = sorted((glyph for glyph in letters if glyph.size >= SMALL * em), key=lambda glyph: glyph.y) or [letters[0]]
    breaks = [i for i, (a, b) in enumerate(itertools.pairwise(large), 1) if b.y - a.y > APART * em]
    groups = [large[a:b] for a, b in itertools.pairwise([0, *breaks, len(large)])]
    lines = [sum(glyph.y for glyph in group) / len(group) for group in groups]
    nearest = [min(range(len(lines)), key=lambda i: abs(lines[i] - glyph.y)) for glyph in letters]
    return [[glyph for glyph, at in zip(letters, nearest, strict=True) if at == i] for i in range(len(lines))]


def text(row: Sequence[Glyph], marks: Mapping[Glyph, str]) -> str:
    """A row's letters with blanks between those that stand apart."""
    said = ""
    for before, glyph in zip([None, *row], row, strict=False):
        gap = 0.0 if before is None else (glyph.x - glyph.half_width) - (before.x + before.half_width)
        said += " " * (before is not None and gap > BLANK * max(before.size, glyph.size))
        said += glyph.char + marks.get(glyph, "")
    return said
