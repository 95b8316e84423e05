"""The colours of a chart: its paper, and where a colour stands. Knows no letters and no axes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vary_cli.document import Box
from vary_cli.ink.blobs import Bits

Colour = tuple[int, int, int]
Pixels = NDArray[np.int16]

SAME = 14  # levels; colours that differ by less are one
BLENDED, PURE = 0.35, 1.2  # of a colour; what has less of it is its ground, what has more is another colour
UNLIKE = 24  # levels; what differs from paper by more is drawn


@dataclass(frozen=True)
class Canvas:
    """A picture as colours."""

    pixels: Pixels
    """(height, width, 3)."""

    @classmethod
    def of(cls, image: Image.Image) -> Canvas:
        """A picture's."""
        return cls(np.asarray(image.convert("RGB")).astype(np.int16))

    @cached_property
    def paper(self) -> Colour:
        """The colour at the edges of the picture."""
        edge = np.concatenate([self.pixels[0], self.pixels[-1], self.pixels[:, 0], self.pixels[:, -1]])
        return common(edge)[0]

    @cached_property
    def ground(self) -> Colour:
        """The most frequent colour."""
        return common(self.pixels)[0]

    def part(self, box: Box) -> Canvas:
        """What stands in a box, as far as the picture goes."""
        x0, y0, x1, y1 = (max(0, round(edge)) for edge in box)
        return Canvas(self.pixels[y0 : max(y0 + 1, y1), x0 : max(x0 + 1, x1)])

    def where(self, colour: Colour, reach: int = SAME) -> Bits:
        """Where a colour stands, (height, width)."""
        return np.asarray(np.abs(self.pixels - np.array(colour, np.int16)).max(2) <= reach)

    def shades(self, colour: Colour, ground: Colour) -> Bits:
        """Where a colour is blended with its ground, as thin lines are, (height, width)."""
        away, ink = self.pixels - np.array(ground, np.float32), np.array(colour, np.float32) - np.array(ground)
        part = away @ ink / max(1.0, float(ink @ ink))
        off = np.abs(away - part[..., None] * ink).max(2)
        return np.asarray((part > BLENDED) & (part < PURE) & (off <= SAME))

    def without(self, boxes: list[Box], colour: Colour) -> Canvas:
        """The picture with some boxes painted over."""
        pixels = self.pixels.copy()
        for x0, y0, x1, y1 in boxes:
            pixels[max(0, round(y0)) : max(0, round(y1)), max(0, round(x0)) : max(0, round(x1))] = colour
        return Canvas(pixels)


def common(pixels: Pixels, most: int = 1) -> list[Colour]:
    """The most frequent colours, (N, 3) or (height, width, 3), the most frequent first."""
    flat = pixels.reshape(-1, 3).astype(np.int64)
    codes, counts = np.unique(flat @ np.array([65536, 256, 1]), return_counts=True)
    best = codes[np.argsort(-counts, kind="stable")[:most]]
    return [(int(code) >> 16, int(code) >> 8 & 255, int(code) & 255) for code in best]


def distance(one: Colour, two: Colour) -> int:
    """How much two colours differ, levels."""
    return max(abs(a - b) for a, b in zip(one, two, strict=True))


def vividness(colour: Colour) -> int:
    """How far a colour is from grey, levels."""
    return max(colour) - min(colour)


def is_shade(one: Colour, two: Colour, ground: Colour, least: float) -> bool:
    """Whether one of two colours is the other one blended with their ground: by their cosine, seen from it."""
    away = np.array([one, two], float) - np.array(ground)
    return bool(away[0] @ away[1] > least * np.linalg.norm(away[0]) * np.linalg.norm(away[1]))
