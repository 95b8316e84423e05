"""Bars, upright or lying: rectangles of one colour, some of them beside each other, some on each other.

Lying bars are upright ones on a picture with x and y exchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vary_cli.ink.blobs import Bits

HOLE = 4  # px; hatching and the lines of a grid leave no wider gaps in a bar
NARROW = 2  # px; thinner is no bar
SOLID = 0.42  # of a bar's rectangle that has its colour at least: hatching takes much
ACROSS, RULE = 0.6, 3  # of a plot's width, px; a rule is as long and no thicker
EVEN = 0.25  # bars differ in width by less


@dataclass(frozen=True)
class Bar:
    """A rectangle, px."""

    left: float
    right: float
    top: float
    bottom: float
    solid: float
    """How much of it has its colour."""

    @property
    def middle(self) -> float:
        """x."""
        return (self.left + self.right) / 2

    def moved(self, across: float, down: float) -> Bar:
        """The bar at another place."""
        return Bar(self.left + across, self.right + across, self.top + down, self.bottom + down, self.solid)


def unruled(mask: Bits) -> Bits:
    """The mask without level lines all across: the frame of a plot, the lines of a grid."""
    long = mask.mean(1) > ACROSS
    thin = ~(np.convolve(long, np.ones(RULE + 1), "same") > RULE)
    return np.asarray(mask & ~(long & thin)[:, None])


def bars(mask: Bits) -> list[Bar]:
    """The upright bars of one colour, from left to right."""
    return [bar for start, stop in blocks(mask.sum(0) > 1) for bar in bar_at(mask, start, stop)]


def blocks(filled: Bits) -> Iterator[tuple[int, int]]:
    """Unbroken stretches."""
    places = np.flatnonzero(filled)
    if not len(places):
        return
    for block in np.split(places, np.flatnonzero(np.diff(places) > HOLE) + 1):
        yield int(block[0]), int(block[-1]) + 1


def bar_at(mask: Bits, start: int, stop: int) -> Iterator[Bar]:
    """The bar that columns hold."""
    if stop - start < NARROW:
        return
    part = mask[:, start:stop]
    rows = part.sum(1)
    if not (rows > 0).any():
        return
    strong = np.flatnonzero(rows > max(0.9, 0.3 * np.percentile(rows[rows > 0], 80)))
    top, bottom = int(strong[0]), int(strong[-1]) + 1
    solid = float(part[top:bottom].mean())
    yield Bar(float(start), float(stop), float(top), float(bottom), solid)


def regular(found: Sequence[Bar]) -> float:
    """How much of the bars' rectangles is filled, as far as they are of one width; 0 where they are no bars."""
    if not found:
        return 0.0
    wide = np.array([bar.right - bar.left for bar in found])
    area = np.array([(bar.right - bar.left) * (bar.bottom - bar.top) for bar in found])
    even = np.abs(wide - np.median(wide)) <= 2 + EVEN * np.median(wide)
    return float(np.average([bar.solid for bar in found], weights=area) * even.mean())
