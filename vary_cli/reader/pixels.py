"""A decoded picture of any kind -> an upright RGB picture on white, with square pixels, and its size in points."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageOps

ORIENTATION = 0x0112
"""EXIF tag; from 5 on the picture lies on its side."""
SCANNED = (100.0, 1200.0)
"""dpi that scanners write; others are what programs put in where nobody said."""
ASSUMED = 200.0
"""dpi of a picture that does not say."""
FLATTEST = 4.0
"""How far the resolutions of both directions may differ; a fax has 204 x 98 dpi."""


def page(image: Image.Image, budget: int) -> tuple[Image.Image, tuple[float, float]]:
    """The picture, decoded and shrunk to at most `budget` px, and its width and height in points.

    Raises what Pillow's decoders raise.
    """
    across, down = resolution(image)
    if image.getexif().get(ORIENTATION, 1) >= 5:
        across, down = down, across
    image.load()
    upright = coloured(ImageOps.exif_transpose(image))
    size = upright.width * 72 / across, upright.height * 72 / down
    return squared(upright, size, max(across, down), budget), size


def resolution(image: Image.Image) -> tuple[float, float]:
    """dpi across and down, as the file says if that can be, else assumed."""
    across, down = (float(value) for value in image.info.get("dpi", (0, 0)))
    smallest, largest = SCANNED
    if smallest <= max(across, down) <= largest and max(across, down) <= FLATTEST * min(across, down):
        return across, down
    return ASSUMED, ASSUMED


def coloured(image: Image.Image) -> Image.Image:
    """As RGB: what is transparent becomes white, more than 8 bits are scaled."""
    if image.mode.startswith(("I", "F")):
        image = narrowed(image)
    elif image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    return image.convert("RGB")


def narrowed(image: Image.Image) -> Image.Image:
    """A grey picture with 8 bits: 16 bits by their range, 32 bits and floats, which have none, by their extremes."""
    values = np.nan_to_num(np.asarray(image, dtype=np.float32))
    low, high = (0.0, 65535.0) if image.mode.startswith("I;16") else (float(values.min()), float(values.max()))
    return Image.fromarray(np.rint((values - low) * (255 / ((high - low) or 1))).clip(0, 255).astype(np.uint8))


def squared(image: Image.Image, size: tuple[float, float], dpi: float, budget: int) -> Image.Image:
    """The picture with square pixels: so many dpi of its size in points, or as many as the budget allows."""
    width, height = (side * dpi / 72 for side in size)
    shrink = min(1.0, math.sqrt(budget / (width * height)))
    target = max(1, int(width * shrink + 0.01)), max(1, int(height * shrink + 0.01))
    if target == image.size:
        return image
    return image.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)
