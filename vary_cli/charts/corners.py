"""Lines over categories: the height of each corner, by least squares over all of a line's pixels.

What other lines hide is not missed, dashes and markers do not matter, and a corner is known to a part of a pixel.
"""

from __future__ import annotations

import numpy as np

from vary_cli.ink.blobs import Bits, Floats, Ints

ROUNDS = 12
STRAY = 3.0  # px; what lies further off a line hardly counts
FEW = 3.0  # pixels; a corner that fewer tell of is not known
STRAIGHT = 0.7  # of the pixels of straight lines are where their corners say
THICK = 24  # px; a line at one place is lower
STIFF = 1e-3  # how much corners without pixels follow their neighbours


def corners(mask: Bits, places: Floats) -> Floats:
    """y of a line of one colour at some x, nan where it cannot be told: (height, width), (K,) px -> (K,)."""
    ys, xs = np.nonzero(mask[:, max(0, int(places[0]) - 1) : int(places[-1]) + 3])
    xs = np.clip(xs + max(0, int(places[0]) - 1), places[0], places[-1])
    if len(xs) < FEW * len(places):
        return np.full(len(places), np.nan)
    number = np.clip(np.searchsorted(places, xs, "right") - 1, 0, len(places) - 2)
    part = (xs - places[number]) / (places[number + 1] - places[number])
    heights, known = fitted(ys.astype(np.float64), number, part, np.diff(places))
    if known.sum() < STRAIGHT * len(xs):
        return local(mask, places)
    heights[known < FEW] = np.nan
    return heights


def local(mask: Bits, places: Floats) -> Floats:
    """y of a curved line where it passes the places, nan where it does not."""
    heights = np.full(len(places), np.nan)
    for number, place in enumerate(places):
        ys = np.nonzero(mask[:, max(0, round(place) - 1) : round(place) + 2])[0]
        if len(ys) >= FEW and np.ptp(ys) < THICK:
            heights[number] = float(np.median(ys))
    return heights


def fitted(ys: Floats, number: Ints, part: Floats, wide: Floats) -> tuple[Floats, Floats]:
    """Heights of corners, and by how many pixels each is known."""
    count = len(wide) + 1
    weight = np.ones(len(ys))
    for _ in range(ROUNDS):
        heights = solved(ys, number, part, weight, count)
        slope = np.hypot(1, np.diff(heights) / wide)[number]
        off = (ys - heights[number] * (1 - part) - heights[number + 1] * part) / slope
        spread = max(STRAY, 1.5 * float(np.median(np.abs(off))))
        weight = 1 / (1 + (off / spread) ** 2) ** 2 / slope
    near = (np.abs(off) < STRAY).astype(np.float64)
    return heights, spread_over(number, near * (part < 0.5), near * (part >= 0.5), count)


def spread_over(number: Ints, first: Floats, second: Floats, count: int) -> Floats:
    """Weights of pixels added up at the corners left and right of them."""
    left, right = np.bincount(number, first, count), np.bincount(number + 1, second, count)
    return np.asarray(left + right, np.float64)


def solved(ys: Floats, number: Ints, part: Floats, weight: Floats, count: int) -> Floats:
    """Least squares for one set of weights: the heights of the corners."""
    left, right = weight * (1 - part), weight * part
    square = np.diag(spread_over(number, left * (1 - part), right * part, count))
    beside = np.bincount(number, left * part, count)[:-1]
    second = np.diff(np.eye(count), axis=0)
    square += np.diag(beside, 1) + np.diag(beside, -1) + STIFF * second.T @ second
    return np.asarray(np.linalg.solve(square, spread_over(number, left * ys, right * ys, count)), np.float64)
