"""How large the letters of a line are and where they stand, from the ink on each of its rows of pixels.

Lines of Latin letters, of capitals or digits and of Chinese characters each spread their ink over the em in a way of
their own; the gauge finds the spread that fits best.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from vary_cli.layout.pixels.blobs import Floats, Ints

BINS = 48  # the ink of a line from top to bottom, resampled
LATIN, CAPITALS, CHINESE = range(3)
# Height over the baseline in em, and ink there; after the mean of many book faces.
SPREADS = (
    ".76 0 .69 .20 .53 .26 .49 .5 .44 1 .37 .85 .30 .75 .12 .72 .06 .95 .03 1.2 0 .5 -.03 .07 -.16 .06 -.22 0",
    ".73 0 .69 1 .62 .85 .40 .8 .10 .85 .03 1 0 .4 -.03 .02 -.10 0",
    ".86 0 .82 .3 .76 .8 .65 1 .20 .95 .05 .9 0 1 -.04 .8 -.09 .25 -.13 0",
)
SURE = 8  # letters; lines as long say their size themselves
LEAN = 1.2  # how much short lines lean on the sizes of long ones,
LIKELY = 0.06  # and on their script


@dataclass(frozen=True)
class Bank:
    """Spreads at many sizes and places, as unit vectors."""

    kind: Ints
    em: Floats
    """In heights of the line's ink."""
    baseline: Floats
    """Under the top of the ink, in heights of it."""
    vectors: Floats
    """(N, BINS)."""


@dataclass(frozen=True)
class Profile:
    """The ink of N lines, row by row."""

    ink: Floats
    """(N, BINS) unit vectors, from the top to the bottom of each."""
    top: Floats
    """px."""
    height: Floats
    """px."""
    width: Floats
    """px."""


@dataclass(frozen=True)
class Sizes:
    """What the gauge says of N lines."""

    kind: Ints
    """LATIN, CAPITALS or CHINESE."""
    em: Floats
    """px."""
    baseline: Floats
    """y, px."""


@cache
def bank() -> Bank:
    """All spreads that the ink of a line is compared with."""
    made = []
    y = (np.arange(BINS) + 0.5) / BINS
    for kind, spread in enumerate(SPREADS):
        heights, ink = np.array(spread.split(), float).reshape(-1, 2)[::-1].T
        energy = np.trapezoid(np.interp(np.linspace(-0.3, 1, 261), heights, ink, 0, 0) ** 2, dx=0.005)
        for em in np.geomspace(0.9, 2.6, 28):
            for baseline in np.arange(0.5, 1.25, 0.02):
                vector = np.interp((baseline - y) / em, heights, ink, 0, 0) / np.sqrt(energy * em * BINS)
                made.append((kind, em, baseline, vector))
    kinds, ems, baselines, vectors = zip(*made, strict=True)
    return Bank(np.array(kinds), np.array(ems), np.array(baselines), np.array(vectors))


def measure(profile: Profile) -> Sizes:
    """Sizes of lines: long ones as they are, short ones leaning on those."""
    free = fitted(profile, np.zeros(len(profile.top)), np.ones(1), np.zeros(len(SPREADS)))
    letters = profile.width / free.em
    sure = letters > SURE
    if not sure.any():
        return free
    share = np.bincount(free.kind[sure], letters[sure], len(SPREADS)) / letters[sure].sum()
    return fitted(profile, LEAN / (1 + letters / 3), modes(free.em[sure], letters[sure]), LIKELY * (1 - share))


def fitted(profile: Profile, lean: Floats, common: Floats, unlikely: Floats) -> Sizes:
    """The best spread for each line; sizes far from the common ones and unlikely scripts count less."""
    known = bank()
    score = profile.ink @ known.vectors.T - unlikely[known.kind]
    if lean.any():
        em = np.log(known.em) + np.log(profile.height)[:, None]
        far = np.min([np.abs(em - np.log(size)) for size in common], axis=0)
        score -= lean[:, None] * far**2
    best = score.argmax(1)
    half_pixel = 0.5  # ink is wider than its outline
    baseline = profile.top + known.baseline[best] * profile.height - half_pixel
    return Sizes(known.kind[best], known.em[best] * profile.height, baseline)


def modes(ems: Floats, weight: Floats) -> Floats:
    """Sizes that much of the text has."""
    step = 0.04
    steps = np.round(np.log(ems) / step).astype(int)
    counts = np.convolve(np.bincount(steps - steps.min(), weight), np.ones(3), "same")
    return np.asarray(np.exp((np.flatnonzero(counts >= 0.12 * counts.max()) + steps.min()) * step))
