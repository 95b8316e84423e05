"""Scales: what a place on a chart is worth, by the numbers that stand along its axis. Some of them may be misread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

NEAR = 2.5  # px; a number stands no further from its place


@dataclass(frozen=True)
class Scale:
    """A straight scale."""

    zero: float
    """px where 0 stands, or would stand."""
    unit: float
    """What a pixel is worth; negative where values grow towards smaller px."""
    first: float
    """px of its first number,"""
    last: float
    """and of its last."""
    step: float
    """px from one number to the next."""
    count: int
    """How many numbers agree with it."""

    def value(self, place: float) -> float:
        """What a place is worth."""
        return (place - self.zero) * self.unit

    def place(self, value: float) -> float:
        """Where a value stands, px."""
        return self.zero + value / self.unit

    def moved(self, off: float) -> Scale:
        """The scale some pixels further."""
        return Scale(self.zero + off, self.unit, self.first + off, self.last + off, self.step, self.count)


def scale(marks: Sequence[tuple[float, float]]) -> Scale | None:
    """The scale on which most of the marks (px, number) lie; None if too few agree."""
    if len(marks) < 2:
        return None
    places, values = np.array(marks, float).T
    best: np.ndarray | None = None
    for i, j in combinations(range(len(marks)), 2):
        if values[i] == values[j] or places[i] == places[j]:
            continue
        unit = (values[j] - values[i]) / (places[j] - places[i])
        agrees = np.abs(places - (places[i] + (values - values[i]) / unit)) < NEAR
        if best is None or agrees.sum() > best.sum():
            best = agrees
    if best is None or best.sum() < min(3, len(marks)):
        return None
    return fitted(places[best], values[best])


def fitted(places: np.ndarray, values: np.ndarray) -> Scale:
    """The scale through marks that agree."""
    slope, start = np.polyfit(values, places, 1)
    gaps = np.diff(np.sort(places))
    return Scale(
        float(start), 1 / float(slope), float(places.min()), float(places.max()), float(gaps.min()), len(values)
    )
