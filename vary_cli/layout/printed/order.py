"""Reading order: a page's parts, columns apart. Knows boxes alone.

A gutter is a strip without text between two columns. A page is cut at its tallest gutter, and those beside it that are
as tall, into what is above it, the columns and what is below, and each of these again, until no gutter is left.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol, TypeVar

from vary_cli.document import Box

LEAST = 3
"""Lines on either side of a gutter."""
NARROWEST = 8.0
"""Width of a column, ems."""
GAP, WIDEST = 0.8, 1.2
"""Width of a gutter, ems; wider ones are no better."""
AS_TALL = 0.7
"""Of the height of a gutter: gutters beside it that are as tall are of the same columns."""
INSET = 1.5
"""Ems right of a column's edge where what stands there begins for itself: names of authors, say."""


class Part(Protocol):
    """Something that stands on a page."""

    @property
    def box(self) -> Box:
        """Points."""


P = TypeVar("P", bound=Part)
Band = tuple[float, float, list[tuple[float, float]]]
"""Top, bottom, and the strips without text from left to right, the outer ones without end."""


@dataclass(frozen=True)
class Gutter:
    """A strip without text between two columns."""

    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Points."""
        return self.bottom - self.top


def columns(parts: Sequence[P], em: float, split: Callable[[list[P], list[P]], bool]) -> Iterator[list[P]]:
    """The page's parts column by column in reading order, each from top to bottom.

    `split` says whether two sides of a gutter, left and right, are columns of text and not, say, of a table.
    """
    gutter = best(parts, em, split)
    if gutter is None:
        if parts:
            yield sorted(parts, key=lambda part: (part.box[1], part.box[0]))
        return
    below = [part for part in parts if _middle(part) > gutter.bottom]
    within = [part for part in parts if gutter.top <= _middle(part) <= gutter.bottom]
    sides = _sides(within, gutter, em, split)
    heads = _heads(sides[0], sides[1], em) if len(sides) == 2 else []
    above = [part for part in parts if _middle(part) < gutter.top or any(part is head for head in heads)]
    sides = [[part for part in side if all(part is not head for head in heads)] for side in sides]
    for side in (above, *sides, below):
        yield from columns(side, em, split)


def _sides(within: Sequence[P], gutter: Gutter, em: float, split: Callable[[list[P], list[P]], bool]) -> list[list[P]]:
    """The columns beside a gutter: two, or more where others as tall part these; one may begin far below the others."""
    tall = [gutter]
    for other in gutters(within, em):
        apart = all(other.x1 <= one.x0 or other.x0 >= one.x1 for one in tall)
        if apart and other.height >= gutter.height - em and _parts_columns(other, within, em, split):
            tall.append(other)
    cuts = [-math.inf, *sorted((one.x0 + one.x1) / 2 for one in tall), math.inf]
    return [[part for part in within if x0 <= (part.box[0] + part.box[2]) / 2 < x1] for x0, x1 in pairwise(cuts)]


def _middle(part: Part) -> float:
    return (part.box[1] + part.box[3]) / 2


def _heads(left: Sequence[P], right: Sequence[P], em: float) -> list[P]:
    """What stands over two columns side by side and begins at neither's edge: authors under a title."""
    sides = [sorted(side, key=lambda part: part.box[1]) for side in (left, right)]
    edges = [statistics.median_low(part.box[0] for part in side) + INSET * em for side in sides]
    heads: list[P] = []
    while all(sides) and all(side[0].box[0] > edge for side, edge in zip(sides, edges, strict=True)):
        first, second = sides[0][0], sides[1][0]
        if not (first.box[1] < _middle(second) < first.box[3]):
            break
        heads += [first, second]
        sides = [side[1:] for side in sides]
    return heads


def best(parts: Sequence[P], em: float, split: Callable[[list[P], list[P]], bool]) -> Gutter | None:
    """The tallest gutter that parts columns of text; it ends where one beside it does, if columns on one side go on."""
    found = [gutter for gutter in gutters(parts, em) if _parts_columns(gutter, parts, em, split)]
    if not found:
        return None
    tallest = max(found, key=lambda gutter: gutter.height * min(gutter.x1 - gutter.x0, WIDEST * em))
    ends = [gutter.bottom for gutter in found if _ends_with(tallest, gutter, parts)]
    return replace(tallest, bottom=min([tallest.bottom, *ends]))


def _ends_with(gutter: Gutter, other: Gutter, parts: Sequence[Part]) -> bool:
    """Whether a shorter gutter beside one ends their columns: what stands below it stands on one side of both."""
    if other.height < AS_TALL * gutter.height or other.top > gutter.top or other.bottom >= gutter.bottom:
        return False
    below = [part.box for part in parts if other.bottom < _middle(part) <= gutter.bottom]
    return all(box[2] <= gutter.x0 for box in below) or all(box[0] >= gutter.x1 for box in below)


def gutters(parts: Sequence[Part], em: float) -> Iterator[Gutter]:
    """Strips without text, each as tall as it can be."""
    open_: list[Gutter] = []
    passed: list[Band] = []
    for band in _bands(parts):
        top, bottom, free = band
        kept: list[Gutter] = []
        for gutter in open_:
            meets = [(max(gutter.x0, x0), min(gutter.x1, x1)) for x0, x1 in free]
            wide = [strip for strip in meets if strip[1] - strip[0] >= GAP * em]
            if not wide:
                yield gutter
            kept += [Gutter(x0, x1, gutter.top, bottom) for x0, x1 in wide]
        inner = [strip for strip in free if abs(strip[0]) != float("inf") and abs(strip[1]) != float("inf")]
        fresh = [_raised(Gutter(x0, x1, top, bottom), passed, em) for x0, x1 in inner if x1 - x0 >= GAP * em]
        open_ = kept + [
            gutter for gutter in fresh if not any(old.x0 < gutter.x1 and gutter.x0 < old.x1 for old in kept)
        ]
        open_ += [gutter for gutter in fresh if gutter not in open_]
        passed.append(band)
    yield from open_


def _raised(gutter: Gutter, passed: Sequence[Band], em: float) -> Gutter:
    """A gutter made taller by lines above it that stand right of it alone: the right column begins higher."""
    for top, bottom, free in reversed(passed):
        left_end = free[0][1]
        if gutter.top - bottom > 2 * em or left_end < gutter.x0 + GAP * em:
            return gutter
        gutter = Gutter(gutter.x0, min(gutter.x1, left_end), top, gutter.bottom)
    return gutter


def _bands(parts: Sequence[Part]) -> Iterator[Band]:
    """Rows of parts that overlap in height."""
    band: list[Box] = []
    bottom = float("-inf")
    for box in sorted((_slim(part.box) for part in parts), key=lambda box: box[1]):
        if band and box[1] >= bottom:
            yield _band(band)
            band = []
        band.append(box)
        bottom = max(box[3] for box in band)
    if band:
        yield _band(band)


def _slim(box: Box) -> Box:
    """A box without its outermost height: lines set tight overlap a little."""
    inset = min(0.15 * (box[3] - box[1]), 2.0)
    return (box[0], box[1] + inset, box[2], box[3] - inset)


def _band(band: list[Box]) -> Band:
    free, reach = [], float("-inf")
    for x0, _, x1, _ in sorted(band):
        if x0 > reach:
            free.append((reach, x0))
        reach = max(reach, x1)
    return min(box[1] for box in band), max(box[3] for box in band), [*free, (reach, float("inf"))]


def _parts_columns(gutter: Gutter, parts: Sequence[P], em: float, split: Callable[[list[P], list[P]], bool]) -> bool:
    within = [part for part in parts if gutter.top <= _middle(part) <= gutter.bottom]
    left = [part for part in within if part.box[2] <= gutter.x0 + 0.1]
    right = [part for part in within if part.box[0] >= gutter.x1 - 0.1]
    return all(map(_is_column, (left, right), (em, em))) and split(left, right)


def _is_column(side: Sequence[Part], em: float) -> bool:
    if not side:
        return False
    tall = max(part.box[3] for part in side) - min(part.box[1] for part in side)
    wide = max(part.box[2] for part in side) - min(part.box[0] for part in side)
    heights = {round(part.box[3] / em) for part in side}
    return wide >= NARROWEST * em and (len(heights) >= LEAST or tall >= 2 * LEAST * em)
