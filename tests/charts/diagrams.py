"""Charts drawn on the spot, without letters: their words are given as they would be read."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from vary_cli.charts import Word

RED, BLUE, GREEN = (214, 39, 40), (31, 119, 180), (44, 160, 44)
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


def legend(draw: ImageDraw.ImageDraw, names: dict[str, tuple[int, int, int]]) -> list[Word]:
    """A legend over the plot: swatches, and their names as words."""
    words = []
    for number, (name, colour) in enumerate(names.items()):
        x = 120 + 140 * number
        draw.rectangle((x, 20, x + 24, 29), colour)
        words.append(word(name, x + 34 + 0.275 * 12 * len(name), 25))
    return words
