"""How large the letters of a line are and where they stand, from the ink on each of its rows of pixels.

Lines of Latin letters, of capitals or digits and of Chinese characters each spread their ink over the em in a way of
their own; the gauge finds the spreads that fit best, on the line and on its page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from vary_cli.ink.blobs import Floats, Ints
from vary_cli.layout.pixels.pieces import ranked

BINS = 48  # the ink of a line from top to bottom, resampled
BOTTOM, STEP = -0.32, 0.04  # em; the lowest height of a spread, and how far the others lie apart
# Ink by its height over the baseline: means of groups of faces alike, as lines of print and of many fonts have it.
SPREADS = (
    # Letters of book faces, by how large small letters are against capitals; capitals and digits.
    "0 0 0 2 4 4 4 6 36 99 81 62 58 60 68 64 61 70 88 71 22 15 17 18 15 10 1 0 0 0 0 0 0",
    "0 0 0 1 4 5 4 5 17 92 99 77 67 68 75 77 72 76 91 97 41 15 16 17 16 13 3 0 0 0 0 0 0",
    "0 0 0 1 3 5 5 5 16 82 99 80 69 68 72 77 74 73 82 97 81 33 20 21 22 20 8 1 0 0 0 0 0",
    "0 0 0 0 2 4 5 4 15 78 99 83 68 63 66 78 80 70 69 77 94 99 64 22 17 19 16 8 1 0 0 0 0",
    "0 0 0 0 0 0 0 0 4 99 99 76 68 66 68 70 75 84 80 71 66 69 75 75 84 78 39 6 0 0 0 0 0",
    # Chinese characters, from low ones to high ones, with and without letters among them.
    "0 0 0 0 0 22 64 85 82 77 74 75 79 86 93 94 95 97 99 99 93 92 92 90 89 78 53 25 3 0 0 0 0",
    "0 0 0 0 0 0 6 47 79 80 75 76 79 81 83 91 96 97 99 96 95 98 94 90 94 90 86 80 56 18 1 0 0",
    "0 0 0 0 0 21 49 62 63 84 86 82 82 83 89 94 96 95 97 99 89 84 76 65 66 61 40 16 1 0 0 0 0",
    "0 0 0 0 0 0 9 42 68 83 84 81 80 81 83 93 99 97 97 98 96 97 88 78 79 75 72 67 46 14 0 0 0",
)
CAPITALS = 4
RARE = (0.0, 0.0, 0.0, 0.0, 0.008, 0.0, 0.0, 0.0, 0.01)  # whole lines of capitals, and characters set low
SURE = 8  # letters; lines as long say their size themselves
LEAN = 1.2  # how much short lines lean on the sizes of long ones,
LIKELY = 0.06  # and on their script
DOUBT = 0.01  # spreads that fit worse by less have a say
LARGER = 1.2  # times the page's usual size; so large letters may as well be capitals of that size, which fit
TIED, AGREE = 0.005, 0.1  # worse by less than the one, and differ in size by less than the other (a log)
SHARED = 0.5  # how much the lines of a page share their face


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
    """Number of its spread."""
    em: Floats
    """px."""
    baseline: Floats
    """y, px."""
    doubt: Floats
    """Another size that they may have as well, px; 0 for none."""


@cache
def bank() -> Bank:
    """All spreads that the ink of a line is compared with."""
    made = []
    y = (np.arange(BINS) + 0.5) / BINS
    for kind, spread in enumerate(SPREADS):
        ink = np.array(spread.split(), float)
        heights = BOTTOM + STEP * np.arange(len(ink))
        energy = np.trapezoid(np.interp(np.linspace(-0.35, 1, 271), heights, ink, 0, 0) ** 2, dx=0.005)
        for em in np.geomspace(0.85, 2.6, 34):
            for baseline in np.arange(0.5, 1.25, 0.02):
                vector = np.interp((baseline - y) / em, heights, ink, 0, 0) / np.sqrt(energy * em * BINS)
                made.append((kind, em, baseline, vector))
    kinds, ems, baselines, vectors = zip(*made, strict=True)
    return Bank(np.array(kinds), np.array(ems), np.array(baselines), np.array(vectors))


def measure(profile: Profile) -> Sizes:
    """Sizes of lines: long ones as they and the page are, short ones leaning on those."""
    likeness = profile.ink @ bank().vectors.T
    unlike = np.array(RARE) + SHARED * strangeness(profile, likeness)
    free = fitted(profile, likeness, np.zeros(len(profile.top)), np.ones(1), unlike)
    letters = profile.width / free.em
    sure = letters > SURE
    if not sure.any():
        return free
    share = np.bincount(free.kind[sure], letters[sure], len(SPREADS)) / letters[sure].sum()
    common = modes(free.em[sure], letters[sure])
    found = fitted(profile, likeness, LEAN / (1 + letters / 3), common, unlike + LIKELY * (1 - share))
    return replace(found, doubt=np.where(sure, doubts(profile, likeness, found.em, letters), 0.0))


def doubts(profile: Profile, likeness: Floats, ems: Floats, letters: Floats) -> Floats:
    """The size that lines would have if they were capitals of the page's usual size, where these fit nearly as well."""
    usual = ranked(ems, letters, 0.5)
    known = bank()
    em = known.em * profile.height[:, None]
    fits = (known.kind == CAPITALS) & (np.abs(np.log(em / usual)) < AGREE)
    capitals = np.where(fits, likeness, 0.0)
    best = capitals.argmax(1)
    tied = capitals.max(1) > likeness.max(1) - TIED
    return np.where(tied & (ems > LARGER * usual), np.take_along_axis(em, best[:, None], 1)[:, 0], 0.0)


def strangeness(profile: Profile, likeness: Floats) -> Floats:
    """How much worse each spread fits the page's lines than the one that fits them best: (N, bank) -> (SPREADS,)."""
    kinds = bank().kind
    best = np.stack([likeness[:, kinds == kind].max(1) for kind in range(len(SPREADS))], 1)
    letters = np.minimum(profile.width / profile.height, 40.0)
    if (letters > 4).any():
        letters = np.where(letters > 4, letters, 0)
    mean = letters @ best / max(letters.sum(), 1e-9) - np.array(RARE)
    return np.asarray(mean.max() - mean)


def fitted(profile: Profile, likeness: Floats, lean: Floats, common: Floats, unlikely: Floats) -> Sizes:
    """Sizes by the spreads that fit each line best; sizes far from the common ones and unlikely spreads count less."""
    known = bank()
    score = likeness - unlikely[known.kind]
    if lean.any():
        em = np.log(known.em) + np.log(profile.height)[:, None]
        far = np.min([np.abs(em - np.log(size)) for size in common], axis=0)
        score -= lean[:, None] * far**2
    kinds = [np.flatnonzero(known.kind == kind) for kind in range(len(SPREADS))]
    best = np.stack([kind[score[:, kind].argmax(1)] for kind in kinds], 1)
    fit = np.take_along_axis(score, best, 1)
    say = np.exp((fit - fit.max(1, keepdims=True)) / DOUBT)
    say /= say.sum(1, keepdims=True)
    half_pixel = 0.5  # ink is wider than its outline
    baseline = profile.top + (say * known.baseline[best]).sum(1) * profile.height - half_pixel
    em = np.exp((say * np.log(known.em[best])).sum(1)) * profile.height
    return Sizes(fit.argmax(1), em, baseline, np.zeros(len(em)))


def modes(ems: Floats, weight: Floats) -> Floats:
    """Sizes that much of the text has."""
    step = 0.04
    steps = np.round(np.log(ems) / step).astype(int)
    counts = np.convolve(np.bincount(steps - steps.min(), weight), np.ones(3), "same")
    return np.asarray(np.exp((np.flatnonzero(counts >= 0.12 * counts.max()) + steps.min()) * step))
