"""Charts of points in the plane: marks of one size and of a colour for each series, measured along two axes."""

from __future__ import annotations

import numpy as np

from vary_cli.charts import plot
from vary_cli.charts.facts import Facts
from vary_cli.charts.numbers import rounded
from vary_cli.charts.scene import Scene
from vary_cli.ink.blobs import Bits, Floats, blobs

LEAST, LARGEST = 4, 22  # px; marks of points are so large
FEW = 2  # points that make a cloud
ALIKE = 2.0  # px; marks differ in size by less, those that touch each other aside
MOST = 0.6  # of what has the series' colours is such marks


def read(found: Scene) -> Facts | None:
    """The points of a chart as facts; None where there are none."""
    box = plot.upright(found)
    if box is None or found.left is None or found.bottom is None:
        return None
    part = found.clear.part((box[0], box[1], box[2], min(box[3], found.bottom.box[1] - 1)))
    left, top = round(box[0]), round(box[1])
    middles = {name: marks(part.where(colour)) for name, colour in found.inks(box)}
    if not middles or any(places is None for places in middles.values()):
        return None
    across, up = found.bottom.scale, found.left.scale
    values = {
        name: sorted(
            (rounded(across.value(x + left), across.unit / 2), rounded(up.value(y + top), -up.unit / 2))
            for x, y in places
        )
        for name, places in middles.items()
        if places is not None
    }
    return Facts("scatter", values)


def marks(mask: Bits) -> Floats | None:
    """The middles of marks of one colour, (N, 2) px; None where it has no such marks."""
    found = blobs(mask)
    sizes = found.boxes[:, 2:] - found.boxes[:, :2]
    found = found.take(sizes.max(1) >= LEAST)
    if len(found) < FEW:
        return None
    sizes = found.boxes[:, 2:] - found.boxes[:, :2]
    usual = np.median(sizes, axis=0)
    alike = (np.abs(sizes - usual) <= ALIKE).all(1)
    if usual.max() > LARGEST or abs(usual[0] - usual[1]) > ALIKE or alike.mean() < MOST:
        return None
    return np.asarray((found.boxes[:, :2] + found.boxes[:, 2:]) / 2 - 0.5)
