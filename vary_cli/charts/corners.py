"""Lines over categories: the height of each corner, by least squares over all of a line's pixels.

What other lines hide is not missed, dashes and markers do not matter, and a corner is known to a part of a pixel.
"""

from __future__ import annotations

import numpy as np

from vary_cli.charts.canvas import Bits
from vary_cli.layout.pixels.blobs import Floats

ROUNDS = 12
STRAY = 3.0  # px; what lies further off a line hardly counts
FEW = 3.0  # pixels; a corner that fewer tell of is not known
STIFF = 1e-3  # how much corners without pixels follow their neighbours
BENT = 4.0  # px; a line that stays closer than this to its corners' links is straight between them


def corners(mask: Bits, places: Floats) -> Floats:
    """y of a line of one colour at some x, nan where it cannot be told: (height, width), (K,) px -> (K,)."""
    ys, xs = np.nonzero(mask[:, max(0, int(places[0]) - 1) : int(places[-1]) + 3])
    xs = np.clip(xs + max(0, int(places[0]) - 1), places[0], places[-1])
    if len(xs) < FEW * len(places):
        return np.full(len(places), np.nan)
    number = np.clip(np.searchsorted(places, xs, "right") - 1, 0, len(places) - 2)
    part = (xs - places[number]) / (places[number + 1] - places[number])
    heights, known = fitted(ys + 0.0, number, part, np.diff(places))
    heights[known < FEW] = np.nan
    return heights


def fitted(ys: Floats, number: Floats, part: Floats, wide: Floats) -> tuple[Floats, Floats]:
    """Heights of corners, and by how many pixels each is known."""
    count = len(wide) + 1
    weight = np.ones(len(ys))
    for _ in range(ROUNDS):
        heights, known = solved(ys, number, part, weight, count)
        slope = np.hypot(1, np.diff(heights) / wide)[number]
        off = (ys - heights[number] * (1 - part) - heights[number + 1] * part) / slope
        spread = max(STRAY, 1.5 * float(np.median(np.abs(off))))
        weight = 1 / (1 + (off / spread) ** 2) ** 2 / slope
    near = np.abs(off) < STRAY
    known = np.bincount(number, near * (part < 0.5), count) + np.bincount(number + 1, near * (part >= 0.5), count)
    return heights, known


def solved(ys: Floats, number: Floats, part: Floats, weight: Floats, count: int) -> tuple[Floats, Floats]:
    """Least squares for one set of weights."""
    left, right = weight * (1 - part), weight * part
    known = np.bincount(number, left, count) + np.bincount(number + 1, right, count)
    square = np.diag(np.bincount(number, left * (1 - part), count) + np.bincount(number + 1, right * part, count))
    beside = np.bincount(number, left * part, count)[:-1]
    square += np.diag(beside, 1) + np.diag(beside, -1)
    second = np.diff(np.eye(count), axis=0)
    square += STIFF * second.T @ second
    return np.linalg.solve(square, np.bincount(number, left * ys, count) + np.bincount(number + 1, right * ys, count)), known
