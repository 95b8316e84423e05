"""Values written on marks. One that agrees with what was measured is the value; others are misread or another's."""

from __future__ import annotations

from collections.abc import Sequence

from vary_cli.charts.bars import Bar
from vary_cli.charts.numbers import rounded
from vary_cli.charts.scene import Scene
from vary_cli.charts.words import Word

NEAR = 2.5  # em; labels stand no further from the end of their mark
AGREES, PIXELS = 0.03, 1.6  # of a value, or px; labels differ from what was measured by less


def agreed(words: Sequence[Word], measured: float, unit: float) -> float | int:
    """What the labels that may be a mark's say, if one agrees with what was measured; else that, rounded."""
    room = max(AGREES * abs(measured), PIXELS * unit)
    fits = [word.number for word in words if word.number is not None and abs(word.number - measured) <= room]
    if not fits:
        return rounded(measured, unit / 2)
    return min(fits, key=lambda value: abs(value - measured))


def proved(found: Scene, bar: Bar, measured: float, unit: float, lying: bool, stacked: bool) -> float | int:
    """The value of a bar."""
    return agreed([word for word in found.words if is_at(word, bar, lying, stacked)], measured, unit)


def is_at(word: Word, bar: Bar, lying: bool, stacked: bool) -> bool:
    """Whether a word may be a bar's label: at its end, or in its middle."""
    x, y = word.middle
    if lying:
        return bar.left - 2 < y < bar.right + 2 and -NEAR * word.em < word.box[0] - bar.bottom < NEAR * word.em
    if not bar.left - word.em < x < bar.right + word.em:
        return False
    return (bar.top - 2 < y < bar.bottom + 2) if stacked else -NEAR * word.em < y - bar.top < NEAR * word.em


def at_corner(found: Scene, x: float, y: float, measured: float, unit: float) -> float | int:
    """The value of a line's corner."""
    near = [
        word for word in found.words if abs(word.middle[0] - x) < word.em and abs(word.middle[1] - y) < NEAR * word.em
    ]
    return agreed(near, measured, unit)
