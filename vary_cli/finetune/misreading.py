"""What the glyph head would make of a formula: characters taken for others, overlooked, or placed a little beside.

A decoder that learns from what truly stands there alone has never seen an error, and passes each one on.
"""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from vary_cli.model.marks import Marks

OVERLOOKED = 0.012
"""Share of characters that are seen as ink alone,"""
MISTAKEN = 0.018
"""and of those that are taken for another one."""
SLANTED = 0.04
"""Share of those whose slant is told wrong."""
PLACED, SIZED, INKED = 0.05, 0.05, 0.02
"""Errors of baselines, sizes (as a share) and ink, ems; the formula's own em is off as sizes are."""
ALIKE = (
    "l1I|ι oO0σ vνυ wω xχ× uμ nη pρP kκK aα BβS8 yγ cC sS zZ2 tτ εe∈ϵ φϕψ Vν Uμ ·., -−– ~∼ =≡ dδ∂ LΛA 5S gq9 6b hħ rΓ "
    "fJ∫ \"' ([ )]"
)
OTHERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789αβγδ+-="
LOOKALIKES = {char: group.replace(char, "") for group in ALIKE.split() for char in group}


def misread(marks: Marks, chance: random.Random) -> Marks:
    """The marks of a formula as they might have been read."""
    noise = np.random.default_rng(chance.getrandbits(63))
    places = marks.places.copy()
    count = len(places)
    em = marks.em * float(np.exp(noise.normal(0, SIZED)))
    named = np.array([bool(char) for char in marks.chars])
    drawn = noise.random(count)
    lost = named & (drawn < OVERLOOKED)
    chars = ["" if gone else char for char, gone in zip(marks.chars, lost.tolist(), strict=True)]
    for i in np.flatnonzero(named & (drawn >= OVERLOOKED) & (drawn < OVERLOOKED + MISTAKEN)).tolist():
        chars[i] = chance.choice(LOOKALIKES.get(chars[i]) or OTHERS)
    places[:, :4] += noise.normal(0, INKED * em, (count, 4))
    places[:, 4] += named * noise.normal(0, PLACED * em, count)
    places[:, 5] *= np.exp(noise.normal(0, SIZED, count))
    places[:, 7] = np.where(named & (noise.random(count) < SLANTED), 1 - places[:, 7], places[:, 7])
    places[lost, 4], places[lost, 5:] = places[lost, 3], 0.0
    return replace(marks, chars=tuple(chars), places=places, em=em)
