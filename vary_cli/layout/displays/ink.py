"""How far the ink of a formula goes: brackets, roots, bars and limits that no line told of. px."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from vary_cli.document import Box
from vary_cli.layout.pixels import ink
from vary_cli.layout.pixels.blobs import blobs
from vary_cli.layout.printed import boxes

ROOM = 2.5
"""Ems around a formula that are searched for its ink."""
SIDE, OVER = 0.3, 0.3
"""Ems; ink that is as close, sideways and upwards, belongs to it."""
SPECK = 0.07
"""Ems; ink that is smaller both ways is dirt, or a dot that something larger will take along."""


def whole(image: Image.Image, box: Box, others: Sequence[Box], em: float) -> Box:
    """A box with all the ink that reaches out of it; `others` are lines that do not belong to it."""
    found = [one for one in around(image, box, em) if not any(boxes.share(one, other) > 0.5 for other in others)]
    grown = True
    while grown:
        near = [one for one in found if touches(box, one, em)]
        found = [one for one in found if one not in near]
        grown = bool(near)
        box = boxes.hull([box, *near])
    return box


def around(image: Image.Image, box: Box, em: float) -> list[Box]:
    """The pieces of ink in and around a box."""
    left, top = max(0, int(box[0] - ROOM * em)), max(0, int(box[1] - ROOM * em))
    right, bottom = min(image.width, int(box[2] + ROOM * em)), min(image.height, int(box[3] + ROOM * em))
    gray = np.asarray(image.crop((left, top, right, bottom)).convert("L"))
    found = blobs(ink.find(gray).bits).boxes
    sides = found[:, 2:] - found[:, :2]
    edge = (found[:, 0] <= 0) | (found[:, 2] >= right - left)
    told = found[(sides.max(1) > SPECK * em) & ~edge] + np.array([left, top, left, top])
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in told.astype(float).tolist()]


def touches(box: Box, other: Box, em: float) -> bool:
    """Whether a piece of ink lies in a box or close to it; a long rule does not."""
    if other[3] - other[1] < 0.2 * em and other[2] - other[0] > box[2] - box[0] + 2 * em:
        return False
    beside = box[0] - SIDE * em < other[2] and other[0] < box[2] + SIDE * em
    return beside and box[1] - OVER * em < other[3] and other[1] < box[3] + OVER * em
