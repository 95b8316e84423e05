"""The columns of a table: where rulings or strips without text part them. Points."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vary_cli import boxes
from vary_cli.document import Box
from vary_cli.layout.printed.rows import Row, words

STRIP = 0.55
"""Width of the strip between two columns, ems."""
WORD = 0.45
"""Blanks that are wider, in ems, may part cells."""


@dataclass(frozen=True)
class Axis:
    """Cuts between columns or between rows, outer edges included."""

    cuts: tuple[float, ...]
    walls: tuple[Box, ...] = ()
    """Rulings at the cuts between columns; none where columns are parted by room alone."""

    def is_open(self, index: int, y: float) -> bool:
        """Whether no ruling stands at a cut at some height, in a table whose columns are ruled."""
        x = self.cuts[index]
        return bool(self.walls) and not any(abs(w[0] - x) < 3 and w[1] - 1 <= y <= w[3] + 1 for w in self.walls)

    def widened(self, first: int, count: int, y: float) -> tuple[int, int]:
        """Columns together with those beside them that no ruling parts from them."""
        last = first + count
        while first > 0 and self.is_open(first, y):
            first -= 1
        while last < self.count and self.is_open(last, y):
            last += 1
        return first, last - first

    @property
    def count(self) -> int:
        """How many there are between the cuts."""
        return len(self.cuts) - 1

    def span(self, low: float, high: float) -> tuple[int, int]:
        """Which columns a stretch covers: the first, and how many."""
        middles = [(a + b) / 2 for a, b in zip(self.cuts, self.cuts[1:], strict=False)]
        covered = [
            i
            for i, (a, b) in enumerate(zip(self.cuts, self.cuts[1:], strict=False))
            if min(b, high) - max(a, low) > 0.3 * min(b - a, high - low)
        ]
        if not covered:
            nearest = min(range(len(middles)), key=lambda i: abs(middles[i] - (low + high) / 2))
            return nearest, 1
        return covered[0], covered[-1] - covered[0] + 1


def column_axis(lines: Sequence[Row], upright: Sequence[Box], place: Box, em: float) -> Axis:
    """Where columns are parted: at upright rulings if they run all through, else at strips without text."""
    tall = [r for r in clustered(upright, 0) if r[3] - r[1] > 0.6 * (place[3] - place[1])]
    cuts = sorted({round(r[0], 1) for r in tall})
    inner = [x for x in cuts if place[0] + em < x < place[2] - em]
    if inner:
        return Axis((min(place[0], cuts[0]), *inner, max(place[2], cuts[-1])), tuple(upright))
    size = max(em, statistics.median(line.size for line in lines))
    strips = _parting(list(_strips(lines, size)), lines)
    left, right = min(line.box[0] for line in lines), max(line.box[2] for line in lines)
    return Axis((min(left, place[0]), *((a + b) / 2 for a, b in strips), max(right, place[2])))


def clustered(rules: Sequence[Box], axis: int) -> list[Box]:
    """Rulings at one place as one."""
    groups: list[Box] = []
    for rule in sorted(rules, key=lambda rule: rule[axis]):
        if groups and abs(groups[-1][axis] - rule[axis]) < 3:
            groups[-1] = boxes.hull([groups[-1], rule])
        else:
            groups.append(rule)
    return groups


def _strips(lines: Sequence[Row], em: float) -> Iterator[tuple[float, float]]:
    """Strips that no words cross, but for a few lines that span columns."""
    chunks = [[word.box for word in words(line, WORD)] for line in lines]
    most = 0 if len(lines) < 4 else max(1, int(0.2 * len(lines)))
    marks = sorted({x for line in chunks for box in line for x in (box[0], box[2])})
    counts = [
        sum(any(box[0] < (a + b) / 2 < box[2] for box in line) for line in chunks) for a, b in itertools.pairwise(marks)
    ]
    for free, run in itertools.groupby(range(len(counts)), key=lambda i: counts[i] <= most):
        stretch = list(run)
        if free and marks[stretch[-1] + 1] - marks[stretch[0]] >= STRIP * em:
            fewest = min(counts[i] for i in stretch)
            best = max(
                (list(part) for least, part in itertools.groupby(stretch, key=lambda i: counts[i] == fewest) if least),
                key=lambda part: marks[part[-1] + 1] - marks[part[0]],
            )
            yield marks[best[0]], marks[best[-1] + 1]


def _parting(strips: list[tuple[float, float]], lines: Sequence[Row]) -> list[tuple[float, float]]:
    """Strips with text on either side of each in more than one line, or in every line of a few."""
    least = 1 if len(lines) < 4 else 2
    kept: list[tuple[float, float]] = []
    for i, strip in enumerate(strips):
        low = kept[-1][1] if kept else float("-inf")
        high = strips[i + 1][0] if i + 1 < len(strips) else float("inf")
        sides = (low, strip[0]), (strip[1], high)
        if all(sum(_has_word(line, *side) for line in lines) >= least for side in sides):
            kept.append(strip)
    return kept


def _has_word(line: Row, low: float, high: float) -> bool:
    return any(low - 1 <= word.box[0] and word.box[2] <= high + 1 for word in words(line, WORD))
