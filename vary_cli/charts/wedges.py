"""Discs and rings cut into wedges: how large each colour's part is. Reads no names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vary_cli.charts.canvas import UNLIKE, Canvas, Colour
from vary_cli.ink.blobs import Bits, Ints, blobs

RAYS, STEPS = 1440, 40
LEAST = 0.04  # of a picture's shorter side; smaller things are no disc
BREAK = 3  # rays; a wedge is wider


@dataclass(frozen=True)
class Disc:
    """Where a disc stands, and the colour in each direction."""

    x: float
    y: float
    radius: float
    rays: Ints
    """(RAYS,): the colour of each, as a code; -1 is none. Counter-clockwise from the right."""
    hollow: bool

    def share(self, colour: Colour) -> float:
        """The part of the disc that has a colour."""
        return float((nearly(self.rays, colour)).sum() / max(1, (self.rays >= 0).sum()))

    def colour_at(self, x: float, y: float) -> Colour | None:
        """The colour of the wedge in the direction of a place."""
        ray = round(np.arctan2(self.y - y, x - self.x) / (2 * np.pi) * RAYS)
        for off in (0, 1, -1, 2, -2, 4, -4):
            if (code := int(self.rays[(ray + off) % RAYS])) >= 0:
                return code >> 16, code >> 8 & 255, code & 255
        return None


def nearly(codes: Ints, colour: Colour) -> Bits:
    """Which codes are a colour, or nearly so."""
    bands = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], 1)
    return np.asarray((np.abs(bands - np.array(colour)).max(1) <= 8) & (codes >= 0))


def disc(canvas: Canvas) -> Disc | None:
    """The disc on a picture that holds a single chart without axes."""
    drawn = ~canvas.where(canvas.paper, UNLIKE)
    found = blobs(drawn)
    if not len(found):
        return None
    height, width = drawn.shape
    large = found.area > (LEAST * min(height, width)) ** 2
    solid = found.area > 0.12 * (found.boxes[:, 2:] - found.boxes[:, :2]).prod(1)
    boxes = found.boxes[large & solid]
    if not len(boxes):
        return None
    main = found.boxes[np.argmax(found.area * solid)]
    reach = 0.25 * (main[2:] - main[:2]).max()
    near = boxes[((boxes[:, :2] < main[2:] + reach) & (boxes[:, 2:] > main[:2] - reach)).all(1)]
    x0, y0 = near[:, :2].min(0).tolist()
    x1, y1 = near[:, 2:].max(0).tolist()
    x, y, radius = (x0 + x1) / 2, (y0 + y1) / 2, max(x1 - x0, y1 - y0) / 2
    middle = canvas.part((x - 0.15 * radius, y - 0.15 * radius, x + 0.15 * radius, y + 0.15 * radius))
    hollow = bool(middle.where(canvas.paper, UNLIKE).mean() > 0.8)
    return Disc(x, y, radius, rays(canvas, x, y, radius), hollow)


def rays(canvas: Canvas, x: float, y: float, radius: float) -> Ints:
    """The colour in each direction: the one that most of a ray has, paper and the lines between wedges aside."""
    angle = np.arange(RAYS) / RAYS * 2 * np.pi
    reach = np.linspace(0.12, 0.97, STEPS) * radius
    height, width, _ = canvas.pixels.shape
    rows = np.clip(np.round(y - np.sin(angle)[:, None] * reach), 0, height - 1).astype(int)
    columns = np.clip(np.round(x + np.cos(angle)[:, None] * reach), 0, width - 1).astype(int)
    seen = canvas.pixels[rows, columns].astype(np.int64)
    codes = seen @ np.array([65536, 256, 1])
    paper = np.abs(seen - np.array(canvas.paper)).max(2) <= UNLIKE
    told = np.full(RAYS, -1, np.int64)
    for ray in range(RAYS):
        values, counts = np.unique(codes[ray][~paper[ray]], return_counts=True)
        if len(values) and counts.max() >= 5:
            told[ray] = values[counts.argmax()]
    return told
