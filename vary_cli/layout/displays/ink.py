"""How far the ink of a formula goes: brackets, roots, bars and limits that no line told of. px."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image

from vary_cli import boxes
from vary_cli.document import Box
from vary_cli.ink import tones
from vary_cli.ink.blobs import blobs

ROOM = 2.5
"""Ems around a formula that are searched for its ink."""
NEAR = 0.3
"""Ems; ink that is as close belongs to it."""
SPECK = 0.07
"""Ems; ink that is smaller both ways is dirt, or a dot that something larger will take along."""


class Ink(NamedTuple):
    """What is drawn of a formula."""

    box: Box
    parts: tuple[Box, ...]
    """Letters, signs and bars."""

    @property
    def height(self) -> float:
        """Of most of its parts."""
        return statistics.median(part[3] - part[1] for part in self.parts) if self.parts else 0.0


def whole(image: Image.Image, box: Box, others: Sequence[Box], em: float) -> Ink:
    """The ink in a box, and all that reaches out of it; `others` are lines that do not belong to it."""
    left = [one for one in around(image, box, em) if not any(boxes.share(one, other) > 0.5 for other in others)]
    parts: list[Box] = []
    while near := [one for one in left if touches(box, one, em)]:
        left = [one for one in left if one not in near]
        parts += near
        box = boxes.hull([box, *near])
    return Ink(boxes.hull(parts) if parts else box, tuple(parts))


def around(image: Image.Image, box: Box, em: float) -> list[Box]:
    """The pieces of ink in and around a box."""
    left, top = max(0, int(box[0] - ROOM * em)), max(0, int(box[1] - ROOM * em))
    right, bottom = min(image.width, int(box[2] + ROOM * em)), min(image.height, int(box[3] + ROOM * em))
    gray = np.asarray(image.crop((left, top, right, bottom)).convert("L"))
    found = blobs(tones.find(gray).bits).boxes
    sides = found[:, 2:] - found[:, :2]
    is_cut = (found[:, 0] <= 0) | (found[:, 2] >= right - left)
    told = found[(sides.max(1) > SPECK * em) & ~is_cut] + np.array([left, top, left, top])
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in told.astype(float).tolist()]


def touches(box: Box, other: Box, em: float) -> bool:
    """Whether a piece of ink lies in a box or close to it; a long rule does not."""
    if other[3] - other[1] < 0.2 * em and other[2] - other[0] > box[2] - box[0] + 2 * em:
        return False
    beside = box[0] - NEAR * em < other[2] and other[0] < box[2] + NEAR * em
    return beside and box[1] - NEAR * em < other[3] and other[1] < box[3] + NEAR * em
