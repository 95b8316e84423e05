"""Charts of lines over categories, the areas below them filled or not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vary_cli.charts import categories, labels, plot
from vary_cli.charts.canvas import SAME, Canvas, Colour, common, distance, is_shade
from vary_cli.charts.corners import corners
from vary_cli.charts.facts import Facts, Unreadable
from vary_cli.charts.scene import Scene
from vary_cli.ink.blobs import Bits

FILLED = 0.35  # of what lies below a line; an area is tinted so far
BLURRED, NEARER = 48, 0.4  # levels; of the distance to another colour
SHADE = 0.98  # cosine between the colours of two lines of which one may be a paler shade
UNBROKEN = 0.3  # of its way; dotted lines are drawn in more
FEW = 12  # pixels; a line has more
NO_NAMES = "the names along its axis could not be told apart"


def read(found: Scene) -> Facts | None:
    """The lines of a chart as facts; None where there are none. Raises Unreadable."""
    box = plot.upright(found)
    if box is None or found.left is None:
        return None
    part = found.bare(False).part(box)
    left, top = round(box[0]), round(box[1])
    inks = found.inks(box)
    masks = {name: drawn(part, colour, inks) for name, colour in inks}
    masks = {name: mask for name, mask in masks.items() if is_line(mask)}
    if not masks:
        return None
    ends = [np.flatnonzero(mask.any(0))[[0, -1]] for mask in masks.values()]
    start, stop = float(np.median([end[0] for end in ends])) + left, float(np.median([end[1] for end in ends])) + left
    base = max(float(np.flatnonzero(mask.any(1))[-1]) for mask in masks.values()) + top
    words = categories.below(found, max(found.left.scale.last, base) - 2, found.left.scale.step)
    places = categories.spaced(words, start, stop)
    if places is None:
        raise Unreadable(NO_NAMES)
    names = categories.named(words, places)
    values = {}
    for number, (name, mask) in enumerate(masks.items()):
        scale = plot.measuring(found, number, len(masks)).scale
        heights = corners(mask, places - left - 0.5) + top + 0.5
        told = {}
        for at, x, y in zip(names, places, heights, strict=True):
            if not np.isnan(y):
                told[at] = labels.at_corner(found, x, y, scale.value(y), abs(scale.unit))
        values[name] = told
    return Facts("area" if is_filled(part, list(masks.values())) else "line", values)


def drawn(part: Canvas, colour: Colour, inks: Sequence[tuple[str, Colour]]) -> Bits:
    """Where a line is drawn; a thin one in paler shades of its colour too, where no other line has those."""
    mask = part.where(colour)
    if is_line(mask):
        return mask
    mask = part.where(colour, tolerance(part, colour, inks))
    if is_line(mask) or any(is_shade(colour, other, part.ground, SHADE) for _, other in inks if other != colour):
        return mask
    return part.shades(colour, part.ground)


def is_line(mask: Bits) -> bool:
    """Whether a colour stands in most of its way: points stand in little of it."""
    columns = np.flatnonzero(mask.any(0))
    return bool(mask.sum() > FEW and len(columns) > UNBROKEN * (columns[-1] - columns[0] + 1))


def tolerance(part: Canvas, colour: Colour, inks: Sequence[tuple[str, Colour]]) -> int:
    """How far the pixels of a thin line may be from its colour: nearer to it than to any other, and to its ground."""
    others = [other for _, other in inks if other != colour] + [part.ground]
    return max(SAME, min(BLURRED, *(int(NEARER * distance(colour, other)) for other in others)))


def is_filled(part: Canvas, masks: list[Bits]) -> bool:
    """Whether what lies below the lines has another colour than what lies above."""
    mask = np.any(masks, axis=0)
    upper, lower = np.zeros(mask.shape, bool), np.zeros(mask.shape, bool)
    highest, lowest = mask.argmax(0), mask.shape[0] - 1 - mask[::-1].argmax(0)
    rows = np.arange(mask.shape[0])[:, None]
    seen = mask.any(0)
    upper, lower = (rows < highest - 4) & seen, (rows > lowest + 4) & (rows < mask.shape[0] - 8) & seen
    if not upper.any() or not lower.any():
        return False
    face = common(part.pixels[upper])[0]
    return float((~part.where(face, 10)[lower]).mean()) > FILLED
