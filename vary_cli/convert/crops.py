"""What is cut out of a page: regions with their lines and the layer's claims on them, and pictures. Knows no model."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from itertools import pairwise

from PIL import Image, ImageOps

from vary_cli.document import Box, Line, PageImage, Picture, Region
from vary_cli.example import Glyph


def cut(image: Image.Image, box: Box, margin: float = 0) -> tuple[Image.Image, tuple[int, int]]:
    """A part of a picture with a margin, as far as the picture goes, and its upper left corner, px."""
    whole = frame(image, box, margin)
    return image.crop(whole), whole[:2]


def frame(image: Image.Image, box: Box, margin: float = 0) -> tuple[int, int, int, int]:
    """What is cut out of a picture for a box with a margin, whole px."""
    left, top = max(0, math.floor(box[0] - margin)), max(0, math.floor(box[1] - margin))
    right, bottom = min(image.width, math.ceil(box[2] + margin)), min(image.height, math.ceil(box[3] + margin))
    return left, top, max(left + 1, right), max(top + 1, bottom)


def moved(line: Line, left: float, top: float) -> Line:
    """The line on a crop whose corner was at (left, top). What the layer says of it is left behind."""
    x0, y0, x1, y1 = line.box
    return Line((x0 - left, y0 - top, x1 - left, y1 - top), line.baseline - top, line.em, doubt=line.doubt)


def claimed(region: Region, scale: float, left: float, top: float) -> Iterator[Glyph]:
    """The layer's characters in px of the crop; `scale` is px per point."""
    for number, line in enumerate(region.lines):
        for span in line.spans:
            y, size = span.baseline * scale - top, span.size * scale
            for char, (x0, x1) in zip(span.text, pairwise(span.edges), strict=True):
                yield Glyph(char, (x0 + x1) / 2 * scale - left, y, size, number)


def picture(page: PageImage, box: Box, count: int) -> Picture:
    """A part of the page as a picture, held compressed until it is written."""
    data = io.BytesIO()
    crop, _ = cut(page.image, box)
    (ImageOps.invert(crop) if page.negative else crop).save(data, "PNG")
    return Picture(f"p{page.number:03d}-fig{count:02d}.png", Image.open(data))
