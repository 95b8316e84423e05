"""What was read on a chart and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from vary_cli.charts.numbers import number
from vary_cli.document import Box


class Boxed(Protocol):
    """What stands somewhere."""

    @property
    def box(self) -> Box:
        """px."""


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
    def number(self) -> float | int | None:
        """The number that it says."""
        return number(self.text)


OPEN = ",，:：;.．"
"""What a word that goes on ends with."""
JOINT = 1.6  # em; it goes on no further away


def mended(words: Sequence[Word]) -> list[Word]:
    """The words, those put together that a wide separator parted: '8,' and '000', 'Coffee:' and '12'."""
    found: list[Word] = []
    for word in sorted(words, key=lambda word: word.box[0]):
        before = next((one for one in found if goes_on(one, word)), None)
        if before is None:
            found.append(word)
        else:
            found[found.index(before)] = joined(before, word)
    return found


def goes_on(one: Word, two: Word) -> bool:
    """Whether the second word is the rest of the first."""
    if one.angle or two.angle or not one.text or not two.text:
        return False
    near = -2 < two.box[0] - one.box[2] < JOINT * max(one.em, two.em) / (1 if one.text[-1] in OPEN else 2)
    level = abs(one.middle[1] - two.middle[1]) < 0.4 * max(one.em, two.em)
    return near and level and (one.text[-1] in OPEN or two.text[0] in OPEN)


def joined(one: Word, two: Word) -> Word:
    """Two words as one."""
    gap = " " if one.text[-1] in ":：" else ""
    return Word(one.text + gap + two.text, bounds([one, two]), one.em)


def bounds(words: Sequence[Boxed]) -> Box:
    """The box around what has boxes."""
    x0, y0, x1, y1 = zip(*(word.box for word in words), strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def inside(word: Word, box: Box) -> bool:
    """Whether a word's middle is in a box."""
    x, y = word.middle
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def is_name(word: Word) -> bool:
    """Whether a word may be a name of a place along an axis."""
    return any(char.isalnum() for char in word.text)
