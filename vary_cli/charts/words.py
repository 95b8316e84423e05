"""What was read on a chart and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from vary_cli.charts.numbers import number
from vary_cli.document import Box


@dataclass(frozen=True)
class Word:
    """A line of text on a chart."""

    text: str
    box: Box
    """px, upright."""
    em: float
    """px."""
    angle: int = 0
    """Degrees by which it is turned, counter-clockwise."""

    @property
    def middle(self) -> tuple[float, float]:
        """px."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2

    @cached_property
    def number(self) -> float | None:
        """The number that it says."""
        return number(self.text)


def bounds(words: list[Word]) -> Box:
    """The box around words."""
    x0, y0, x1, y1 = zip(*(word.box for word in words), strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def inside(word: Word, box: Box) -> bool:
    """Whether a word's middle is in a box."""
    x, y = word.middle
    return box[0] <= x < box[2] and box[1] <= y < box[3]
