"""A page as its ink: letters, rules, pictures, and pieces of text. What every later step looks at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vary_cli.ink import tones
from vary_cli.ink.blobs import Blobs, Gray, Ints, blobs, hulls
from vary_cli.layout.pixels import contact, figures, pieces, ruled, shades
from vary_cli.layout.pixels.formulas import stacked
from vary_cli.layout.pixels.ruled import Rules

SPECK = 0.013  # square em; a piece with less ink is dirt


@dataclass(frozen=True)
class Sheet:
    """The ink of one page, in px of its picture."""

    width: int
    height: int
    em: float
    """Size of the common letters."""
    letters: Blobs
    """What is neither rule nor picture nor dirt."""
    rules: Rules
    shades: Ints
    """(S, 4) boxes darker than the paper, behind letters."""
    pictures: Ints
    """(P, 4) boxes."""
    owner: Ints
    """The word of each letter."""
    words: Ints
    """(W, 4) boxes of words, that is of letters linked along the line: often many words, or a part of one."""
    whole: Ints
    """The piece of each word."""
    pieces: Ints
    """(N, 4) boxes of pieces: a word, or the words of a fraction or the like that stand over each other."""


def read(gray: Gray) -> Sheet:
    """Sort the ink of a picture, (height, width)."""
    found = tones.find(gray)
    everything = blobs(found.bits)
    em = pieces.common_size(everything.boxes)
    shaded = shades.find(gray, em)
    rules, rest = ruled.take(gray, found.bits, everything, em)
    rest = figures.unframed(rest, everything, em)
    rest = contact.parted(gray, rest.take(~shades.on_borders(rest, shaded, em)), em)
    pictures, letters = figures.take(
        pieces.parted(rest, em), np.array(found.photographs, np.int64).reshape(-1, 4), rules, em
    )
    owner = pieces.levelled(letters.boxes, pieces.linked(letters.boxes, em), em)
    clean = np.bincount(owner, letters.area) > SPECK * em * em
    letters = letters.take(clean[owner])
    owner = (np.cumsum(clean) - 1)[owner[clean[owner]]]
    words = hulls(letters.boxes, owner)
    whole = stacked(letters.boxes, owner, words, rules, em)
    return Sheet(
        gray.shape[1], gray.shape[0], em, letters, rules, shaded, pictures, owner, words, whole, hulls(words, whole)
    )
