"""Charts drawn on the spot, without letters: their words are given as they would be read."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from vary_cli.charts import Word

Colour = tuple[int, int, int]
RED, BLUE, GREEN = (214, 39, 40), (31, 119, 180), (44, 160, 44)
GREY = (127, 127, 127)
WIDE, HIGH = 600, 420
LEFT, RIGHT, TOP, BOTTOM = 80, 560, 60, 360
"""Of the plot, px."""


def word(text: str, x: float, y: float, angle: int = 0, size: float = 12) -> Word:
    """A word around a place, px."""
    wide, high = 0.55 * size * len(text), 0.8 * size
    if angle:
        wide, high = high, wide
    return Word(text, (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2), size, angle)


def numbers_beside(values: Sequence[float], top: float) -> list[Word]:
    """Numbers at the left of the plot, whose upper end is worth `top`; all end at the same place."""
    told = [f"{value:g}" for value in values]
    places = [BOTTOM - value / top * (BOTTOM - TOP) for value in values]
    return [word(text, LEFT - 8 - 0.275 * 12 * len(text), y) for text, y in zip(told, places, strict=True)]


def names_below(names: Sequence[str], places: Sequence[float]) -> list[Word]:
    """Names below the plot."""
    return [word(name, x, BOTTOM + 16) for name, x in zip(names, places, strict=True)]


def paper() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """An empty plot with its axes."""
    image = Image.new("RGB", (WIDE, HIGH), "white")
    draw = ImageDraw.Draw(image)
    draw.line([(LEFT, TOP), (LEFT, BOTTOM), (RIGHT, BOTTOM)], "black")
    return image, draw


def dashed(draw: ImageDraw.ImageDraw, ends: tuple[float, float, float, float], colour: Colour) -> None:
    """A dashed line."""
    x0, y0, x1, y1 = ends
    for start in range(0, round(x1 - x0), 10):
        parts = (start / (x1 - x0), min(1.0, (start + 5) / (x1 - x0)))
        draw.line([(x0 + part * (x1 - x0), y0 + part * (y1 - y0)) for part in parts], colour, 3)


def legend(draw: ImageDraw.ImageDraw, names: dict[str, Colour], lines: bool = False) -> list[Word]:
    """A legend over the plot: swatches, or dashed lines, and their names as words."""
    words = []
    for number, (name, colour) in enumerate(names.items()):
        x = 120 + 140 * number
        if lines:
            dashed(draw, (x, 25, x + 24, 25), colour)
        else:
            draw.rectangle((x, 20, x + 24, 29), colour)
        words.append(word(name, x + 34 + 0.275 * 12 * len(name), 25))
    return words
