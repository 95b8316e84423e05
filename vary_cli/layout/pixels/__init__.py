"""Layout of scans and pictures from their pixels alone: regions in reading order, with their lines. Reads no letter."""

from __future__ import annotations

import numpy as np
from PIL import Image

from vary_cli.document import Box, Region
from vary_cli.ink.blobs import Ints
from vary_cli.layout.pixels import page, shades, skew
from vary_cli.layout.pixels.sheet import read
from vary_cli.layout.seen import Drawn

SLIGHT = 0.12  # degrees; lines turned by less need no turning back


def regions(image: Image.Image) -> tuple[Region, ...]:
    """The regions of an upright picture in reading order, px."""
    return with_drawn(image)[0]


def with_drawn(image: Image.Image) -> tuple[tuple[Region, ...], Drawn]:
    """The regions of an upright picture in reading order, and what else is drawn on it, px."""
    sheet = read(np.asarray(image.convert("L")))
    edges = shades.edges(sheet.shades, sheet.rules.across, sheet.em)
    rules = np.concatenate([sheet.rules.across, sheet.rules.down, edges])
    return tuple(page.regions(sheet)), Drawn(boxes(rules), boxes(sheet.shades))


def boxes(found: Ints) -> tuple[Box, ...]:
    """Boxes as the house has them."""
    x0, y0, x1, y1 = found.astype(float).T.tolist()
    return tuple(zip(x0, y0, x1, y1, strict=True))


def em(image: Image.Image) -> float:
    """The size of most letters on an upright picture, px."""
    return read(np.asarray(image.convert("L"))).em


def upright(image: Image.Image) -> tuple[Image.Image, float]:
    """The picture turned back so that its lines are level, and the degrees it was turned by, counter-clockwise."""
    letters = skew.letters(image)
    if side := 90.0 * skew.quarters(letters):
        image = image.rotate(-side, expand=True)
        letters = skew.letters(image)
    turn = skew.angle(letters)
    if abs(turn) < SLIGHT:
        return image, side
    return image.rotate(-turn, resample=Image.Resampling.BICUBIC, expand=True, fillcolor="white"), side + turn
