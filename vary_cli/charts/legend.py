"""Legends: swatches of colour with names at their right."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vary_cli.charts.canvas import UNLIKE, Canvas, Colour, common, distance, is_shade, vividness
from vary_cli.charts.words import Word, bounds
from vary_cli.document import Box
from vary_cli.ink.blobs import Bits, Ints, joined

REACH = 4.2  # em; a swatch and the gap to its name are no longer
GAP = 1.7  # em; no wider is the gap
SHORT, TALL = 0.35, 0.8  # em; a swatch is longer than, and reaches no further above and below the middle than
SPACE = 1.0  # em; words of one name stand no further apart
FEW = 6  # pixels of its colour
THIN = 4  # px; lines that are no thicker have few pixels without paper in them
INKS, SHADE = 24, 0.995  # colours that are looked at; cosine between a colour and a paler shade of it
STRAIGHT, DASHED, MARK = 2, 0.3, 1.4  # px; of its length in one row; em, the width of a mark on it
TIGHT = 2  # px; a swatch that is filled has no wider gap
DASHES = 0.8  # em; dashes of a line are no further apart
ROW = 8  # px; names on a row differ by less
PITCH = 3.5  # heights of a name between rows
ALIKE, CENTRED = 4, 6  # px; the starts, or the middles, of swatches and names differ in distance by less
GREY, SOLID, LONG = 30, 0.8, 1.2  # levels; a grey swatch fills so much of its place, or is an unbroken line, in em


@dataclass(frozen=True)
class Entry:
    """One name of a legend."""

    name: str
    colour: Colour
    box: Box
    """Of swatch and name, px."""
    middle: float
    """Of the swatch, px from the left."""
    word: Word
    """What its name was read from."""


def entries(canvas: Canvas, words: Sequence[Word], numbers: bool = False) -> list[Entry]:
    """The names with a swatch, by rows from left to right; of a chart without axes `numbers` may be names."""
    named = [word for word in words if is_name(word) or (numbers and word.number is not None)]
    found = alike([entry for word in named for entry in swatch(canvas, word)])
    best = max(groups(found), key=lambda group: (len({entry.colour for entry in group}), length(group)), default=[])
    distinct = {entry.colour: entry for entry in reversed(best)}.values()
    told = sorted(distinct, key=lambda entry: (round(entry.box[1] / ROW), entry.box[0]))
    return [continued(entry, words, told) for entry in told]


def continued(entry: Entry, words: Sequence[Word], told: Sequence[Entry]) -> Entry:
    """An entry with the words that go on with its name: those right of it before the next swatch."""
    for word in sorted(words, key=lambda word: word.box[0]):
        level = abs(word.middle[1] - entry.word.middle[1]) < 0.4 * entry.word.em and not word.angle
        apart = word.box[0] - entry.box[2]
        if level and word.text and -1 < apart < SPACE * entry.word.em and not any(word is one.word for one in told):
            entry = replace(entry, name=f"{entry.name} {word.text}", box=bounds([entry, word]))
    return entry


def entries_anywhere(canvas: Canvas, words: Sequence[Word]) -> list[Entry]:
    """The names with a swatch of all legends on a picture."""
    return [entry for word in words if is_name(word) for entry in swatch(canvas, word)]


def length(group: Sequence[Entry]) -> int:
    """How many characters its names have."""
    return sum(len(entry.name) for entry in group)


def groups(found: Sequence[Entry]) -> list[list[Entry]]:
    """Entries that stand in rows and columns with each other."""
    left, right = (
        np.array(
            [(i, j) for i, one in enumerate(found) for j, two in enumerate(found) if i != j and beside(one, two)], int
        )
        .reshape(-1, 2)
        .T
    )
    owner = joined(len(found), left, right)
    return [[found[i] for i in np.flatnonzero(owner == number).tolist()] for number in np.unique(owner).tolist()]


def beside(one: Entry, two: Entry) -> bool:
    """Whether two entries stand on one row, or right over each other."""
    high = max(one.box[3] - one.box[1], two.box[3] - two.box[1])
    apart = abs(one.box[1] + one.box[3] - two.box[1] - two.box[3]) / 2
    return apart < 0.4 * high or (abs(one.box[0] - two.box[0]) < ALIKE and apart < PITCH * high)


def is_name(word: Word) -> bool:
    """Whether a word may be the name of something: it is turned level, and no number."""
    digits = sum(char.isdigit() for char in word.text)
    is_number = word.number is not None and 2 * digits > len(word.text)
    return not word.angle and any(char.isalpha() for char in word.text) and not is_number


def alike(found: list[Entry]) -> list[Entry]:
    """Those entries whose swatches begin, or have their middles, as far before their names as most."""
    if not found:
        return []
    before = np.array([(entry.word.box[0] - entry.box[0], entry.word.box[0] - entry.middle) for entry in found])
    near = (np.abs(before[:, None] - before) <= np.array([ALIKE, CENTRED])).any(2)
    most = near[near.sum(1).argmax()]
    return [entry for entry, same in zip(found, most, strict=True) if same]


def swatch(canvas: Canvas, word: Word) -> Iterator[Entry]:
    """The entry that a word is the name of, if it is one."""
    x0, y0, x1, y1 = word.box
    size = max(word.em, y1 - y0)
    left, middle = max(0.0, x0 - REACH * size), (y0 + y1) / 2
    near = canvas.part((left, middle - TALL * size, x0 - 1, middle + TALL * size))
    paper = canvas.part(word.box).ground
    inks = [one for one in common(near.pixels, INKS) if distance(one, paper) > UNLIKE]
    for colour in inks[:4]:
        ys, xs = mark(near.where(colour), size, vividness(colour) > GREY)
        if len(xs) < FEW:
            continue
        wide, high = int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1
        gap = near.pixels.shape[1] - int(xs.max())
        apart = (int(xs.min()) > 0 or left == 0) and high < near.pixels.shape[0]
        if wide > SHORT * size and gap < GAP * size and apart:
            box, middle = (left + float(xs.min()), y0, x1, y1), left + float(xs.min() + xs.max() + 1) / 2
            ink = undiluted(colour, inks, paper) if high <= THIN else colour
            yield Entry(word.text, ink, box, middle, word)
            return


def mark(ink: Bits, size: float, vivid: bool) -> tuple[Ints, Ints]:
    """(y, x) of a swatch's pixels in the ink left of a name: of grey, which letters have too, a solid one alone."""
    ys, xs = last_block(ink, TIGHT)
    if len(xs) and len(xs) >= SOLID * (np.ptp(xs) + 1) * (np.ptp(ys) + 1) and np.ptp(xs) >= SHORT * size:
        return ys, xs
    ys, xs = last_block(ink, DASHES * size)
    solid = vivid or (len(xs) > 0 and np.ptp(xs) >= LONG * size and is_stroke(xs, ys, size))
    return (ys, xs) if solid else (ys[:0], xs[:0])


def is_stroke(xs: Ints, ys: Ints, size: float) -> bool:
    """Whether pixels are a level line: unbroken, or dashed with no more than a mark on it."""
    if len(np.unique(xs)) == np.ptp(xs) + 1:
        return True
    rows = np.bincount(ys - ys.min())
    off = np.abs(ys - ys.min() - int(rows.argmax())) > STRAIGHT
    return bool(rows.max() > DASHED * np.ptp(xs) and (not off.any() or np.ptp(xs[off]) < MARK * size))


def undiluted(colour: Colour, inks: Sequence[Colour], paper: Colour) -> Colour:
    """The ink that a colour has, or is a paler shade of: thin lines are mostly blended with the paper."""
    shades = [colour, *(one for one in inks if is_shade(colour, one, paper, SHADE))]
    return max(shades, key=lambda one: math.dist(one, paper))


def last_block(ink: Bits, gap: float) -> tuple[Ints, Ints]:
    """(y, x) of the pixels in the last block of columns without a wider gap: dashes of a line are one block."""
    ys, xs = np.nonzero(ink)
    columns = np.unique(xs)
    breaks = np.flatnonzero(np.diff(columns) > gap)
    keep = xs > columns[breaks[-1]] if len(breaks) else xs >= 0
    return ys[keep], xs[keep]
