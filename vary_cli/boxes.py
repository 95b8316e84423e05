"""Arithmetic of boxes: (x0, y0, x1, y1), y downwards."""

from __future__ import annotations

from collections.abc import Iterable

from vary_cli.document import Box


def hull(boxes: Iterable[Box]) -> Box:
    """The smallest box around boxes, at least one."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return (min(x0), min(y0), max(x1), max(y1))


def merged(boxes: Iterable[Box], reach: float) -> list[Box]:
    """Boxes, those that meet within a reach as one, until none do."""
    result: list[Box] = []
    for box in boxes:
        while near := [other for other in result if meets(box, other, reach)]:
            result = [other for other in result if other not in near]
            box = hull([box, *near])
        result.append(box)
    return result


def meets(a: Box, b: Box, reach: float) -> bool:
    """Whether two boxes overlap or lie within a reach of each other."""
    level = a[0] - reach <= b[2] and b[0] - reach <= a[2]
    return level and a[1] - reach <= b[3] and b[1] - reach <= a[3]


def area(box: Box) -> float:
    """Square points; 0 for a box turned inside out."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def common(a: Box, b: Box) -> Box:
    """Where two boxes overlap; turned inside out if they do not."""
    return (max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3]))


def share(inner: Box, outer: Box) -> float:
    """How much of a box lies in another one."""
    return area(common(inner, outer)) / max(area(inner), 1e-6)


def holds(outer: Box, inner: Box, slack: float = 0.0) -> bool:
    """Whether a box's middle lies in another one."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] - slack <= x <= outer[2] + slack and outer[1] - slack <= y <= outer[3] + slack


def beside(a: Box, b: Box) -> bool:
    """Whether two boxes share height: one can stand left of the other on a line."""
    return min(a[3], b[3]) - max(a[1], b[1]) > 0.5 * min(a[3] - a[1], b[3] - b[1])


def spread(a: Box, b: Box) -> float:
    """How far two boxes overlap sideways, as a share of the narrower one."""
    return (min(a[2], b[2]) - max(a[0], b[0])) / max(min(a[2] - a[0], b[2] - b[0]), 1e-6)
