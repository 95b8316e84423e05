"""Looks at a block: its picture at a size and a height, so that each glyph is seen well within a row of cells in some.

A block is looked at six times, twice as it is and four times enlarged, which parts what stands over each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vary_cli.model.strips import ENLARGED, HEIGHT, block

TOP = HEIGHT // 4  # px of paper above a block at least, when it is looked at
LOOKS = ((1.0, 2), (ENLARGED, 4))  # how much larger, and how often: at heights spread over a row
INSIDE = 0.2  # of a row's height: glyphs nearer to its borders are seen better another time


@dataclass(frozen=True)
class Look:
    """One look at an example's picture."""

    example: int
    pixels: NDArray[np.uint8]
    top: int
    """px of paper above the block."""
    scale: float
    """px of the block for one of the picture."""

    def shows(self, y: float) -> bool:
        """Whether what has its middle at y, px of the picture, stands well within a row of cells."""
        return is_inside((y * self.scale + self.top) / HEIGHT % 1)


def is_inside(height: float) -> bool:
    """Whether a height, in rows from a row's top, is well within it."""
    return INSIDE <= height <= 1 - INSIDE


def looks_at(number: int, image: Image.Image, em: float) -> Iterator[Look]:
    """The looks at an example's picture, whose text is `em` px large."""
    gray = image.convert("L")
    for larger, count in LOOKS:
        for top in range(TOP, TOP + HEIGHT, HEIGHT // count):
            pixels = block(gray, em / larger, top)
            yield Look(number, pixels, top, pixels.shape[1] / gray.width)
