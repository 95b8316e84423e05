"""Axes: columns and rows of numbers that make a scale. Knows no bars and no lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from vary_cli.charts.canvas import Canvas
from vary_cli.charts.scales import Scale, scale
from vary_cli.charts.words import Word, bounds
from vary_cli.document import Box

Side = Literal["left", "right", "below"]
FAR = 1e6  # px; no picture is as large
STRIP = 14  # px beside numbers in which the marks of their axis are
DRAWN = 60.0  # levels from paper; what differs by as much is drawn in full
REACH = 5.0  # px; numbers stand no further from their marks
CLEAR = 1.5  # px of a mark on average
ALIGNED = 4.0  # px; the ends of numbers in a column, or their middles in a row, differ by less


@dataclass(frozen=True)
class Axis:
    """Numbers along a line, and the scale they make."""

    scale: Scale
    words: tuple[Word, ...]

    @property
    def box(self) -> Box:
        """Around its numbers, px."""
        return bounds(list(self.words))


def columns(words: Sequence[Word], at_right: bool) -> list[Axis]:
    """Upright axes, the longest first. Numbers of a left one end beside it, those of a right one begin there."""
    found = axes(words, lambda word: word.box[0 if at_right else 2], lambda word: word.middle[1])
    return [axis for axis in found if axis.scale.unit < 0]


def rows(words: Sequence[Word]) -> list[Axis]:
    """Level axes, the longest first."""
    found = axes(words, lambda word: word.middle[1], lambda word: word.middle[0])
    return [axis for axis in found if axis.scale.unit > 0]


def axes(words: Sequence[Word], side: Callable[[Word], float], along: Callable[[Word], float]) -> list[Axis]:
    """The scales that words make whose `side` is the same."""
    numbers = [word for word in words if word.number is not None and not word.angle]
    found = [axis for group in aligned(numbers, side) for axis in scaled(group, along)]
    return sorted(found, key=lambda axis: -axis.scale.count)


def strip(axis: Axis, side: Side) -> Box:
    """Where the marks of an axis are; `side` is where its numbers stand."""
    x0, y0, x1, _ = axis.box
    if side == "below":
        return 0.0, y0 - STRIP, FAR, y0 - 1
    return (x1 + 1, 0.0, x1 + STRIP, FAR) if side == "left" else (x0 - STRIP, 0.0, x0 - 1, FAR)


def marked(axis: Axis, canvas: Canvas, side: Side) -> Axis:
    """An axis, its scale moved to where the marks beside its numbers, or the lines of a grid, truly stand."""
    away = np.abs(canvas.part(strip(axis, side)).pixels - np.array(canvas.paper)).max(2)
    drawn = np.minimum(away / DRAWN, 1).sum(0 if side == "below" else 1)
    drawn = drawn - np.median(drawn)
    places = np.array([axis.scale.place(word.number) for word in axis.words if word.number is not None])
    places = places[(places > 0) & (places < len(drawn))]
    offs = np.arange(-REACH, REACH + 0.01, 0.25)
    rows = np.arange(len(drawn)) + 0.5
    told = np.array([np.interp(places + off, rows, drawn).mean() for off in offs])
    if not len(places) or told.max() < CLEAR:
        return axis
    best = offs[told >= told.max() - 1e-6].mean()
    return replace(axis, scale=axis.scale.moved(float(best)))


def aligned(words: Sequence[Word], side: Callable[[Word], float]) -> Iterator[list[Word]]:
    """Words in groups by their `side`."""
    ordered = sorted(words, key=side)
    places = np.array([side(word) for word in ordered])
    for block in np.split(np.arange(len(ordered)), np.flatnonzero(np.diff(places) > ALIGNED) + 1):
        yield [ordered[i] for i in block]


def scaled(words: list[Word], along: Callable[[Word], float]) -> Iterator[Axis]:
    """The scales among aligned words: that of most of them, then that of those beyond it."""
    while found := scale([(along(word), word.number) for word in words if word.number is not None]):
        mine = [word for word in words if found.first - 1 <= along(word) <= found.last + 1]
        yield Axis(found, tuple(mine))
        words = [word for word in words if word not in mine]
