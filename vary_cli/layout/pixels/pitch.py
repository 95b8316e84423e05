"""Type of one width: lines whose letters stand at even steps, as programs are set. Knows places, no faces."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from vary_cli.ink.blobs import Floats
from vary_cli.layout.pixels.lines import TextLine

STEPS = np.linspace(0.42, 0.72, 76)  # em; a letter of one-width type is so wide
EVEN = 0.82  # how well letters keep to their steps; 1 is to the pixel
LOOSE = 0.5  # so well do those that touch each other
TWOFOLD = 0.55  # what keeps to every other step as well is Chinese
FEW = 6  # letters; fewer say nothing
CHANCE = 9.0  # letters times the square of their evenness; chance brings no more about
ALONE = 1.7  # em; a single line of a program stands so far from the lines about it,
INDENT = 0.7  # em; or so far in
TYPED = 0.8  # of a page's lines; where as many are of one width the page is typewritten, not a program


def fit(centres: Floats, steps: Floats) -> Floats:
    """How well letters keep to steps of each size, 0 to 1: (N,), (S,) px -> (S,)."""
    turns = np.exp(2j * np.pi * centres / steps[:, None])
    return np.asarray(np.abs(turns.mean(1)))


def evenness(line: TextLine) -> float | None:
    """How well the letters of a line keep to even steps; None if they are too few to tell."""
    centres = np.array(line.centres)
    if len(centres) < FEW:
        return None
    steps = STEPS * line.em
    found = fit(centres, steps)
    best = int(found.argmax())
    twofold = float(fit(centres, 2 * steps[best : best + 1])[0])
    if found[best] > EVEN and len(centres) * found[best] ** 2 < CHANCE:
        return None
    return float(found[best]) if twofold < TWOFOLD else 0.0


def is_typed(lines: Sequence[TextLine]) -> bool:
    """Whether most lines of a page are of one width: then that says nothing of any."""
    told = [even for line in lines if (even := evenness(line)) is not None]
    return len(told) > 12 and float(np.mean(np.array(told) > EVEN)) > TYPED


def runs(lines: Sequence[TextLine]) -> Iterator[tuple[bool, list[TextLine]]]:
    """The lines of a column cut into programs (True) and other text, from top to bottom."""
    program = np.array([False] * len(lines), np.bool_)
    for first, last in stretches([evenness(line) for line in lines], lines):
        program[first:last] = stands_apart(lines, first, last)
    for found, group in itertools.groupby(range(len(lines)), key=lambda number: bool(program[number])):
        yield found, [lines[number] for number in group]


def stretches(even: Sequence[float | None], lines: Sequence[TextLine]) -> Iterator[tuple[int, int]]:
    """First and after the last of lines of one width, with short lines of any kind among and right after them."""
    number = 0
    while number < len(lines):
        if not holds(even[number], lines[number], sure=True):
            number += 1
            continue
        first = number
        while number < len(lines) and holds(even[number], lines[number]) and near(lines, first, number):
            number += 1
        while (last := even[number - 1]) is not None and last <= EVEN:
            number -= 1
        while first and len(lines[first - 1].centres) < FEW and near(lines, first - 1, first):
            first -= 1
        yield first, number


def holds(even: float | None, line: TextLine, sure: bool = False) -> bool:
    """Whether a line may be one of a program; `sure`: whether it shows it."""
    return not line.bullet and (not sure if even is None else even > (EVEN if sure else LOOSE))


def near(lines: Sequence[TextLine], first: int, number: int) -> bool:
    """Whether a line follows the one before it closely, and its letters are as large as the first's."""
    if number == first:
        return True
    upper, lower = lines[number - 1], lines[number]
    em = lines[first].em
    return bool(lower.baseline - upper.baseline < 3.2 * em and 0.75 < lower.em / em < 1.35)


def stands_apart(lines: Sequence[TextLine], first: int, last: int) -> bool:
    """Whether lines of one width are no part of the text about them."""
    if sum(len(line.centres) for line in lines[first:last]) < FEW:
        return False
    return all(apart(lines[a], lines[b]) for a, b in ((first, first - 1), (last - 1, last)) if 0 <= b < len(lines)) or (
        last - first > 2
    )


def apart(line: TextLine, other: TextLine) -> bool:
    """Whether white parts two lines, or they begin in different places."""
    em = max(line.em, other.em)
    return bool(abs(line.baseline - other.baseline) > ALONE * em or abs(line.left - other.left) > INDENT * em)
