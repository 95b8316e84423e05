"""Lines of text as their ink: where they stand, how large and how bold they are, how they begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vary_cli.document import Line
from vary_cli.ink.blobs import Blobs, Floats, Ints, hull, hulls
from vary_cli.layout.pixels import gauge
from vary_cli.layout.pixels.gauge import BINS, Profile, Sizes
from vary_cli.layout.pixels.rows import rows
from vary_cli.layout.pixels.sheet import Sheet

TAIL = 0.006  # of a line's ink at its top and bottom says nothing of its height
SPACE = 0.26  # em; words stand this far apart
HOLLOW = 0.4  # em; a ring before an item is smaller than an o
STACK = 1.55  # em; lower fractions are read with their line


@dataclass(frozen=True)
class TextLine:
    """One line of text, px."""

    left: int
    top: int
    right: int
    bottom: int
    baseline: float
    em: float
    weight: float
    """Mean stroke, em."""
    second: int
    """Where its second word begins, or its right end."""
    bullet: bool
    """Whether its first word is a dot or a square."""
    centres: tuple[float, ...]
    """Middles of its letters."""
    parts: tuple[Line, ...]
    """Itself; or, if fractions and the like stand in it, what is level: from left to right, there downwards."""


@dataclass(frozen=True)
class Ink:
    """The letters of lines, and the line of each."""

    letters: Blobs
    line: Ints
    boxes: Ints
    """Of the lines, (N, 4)."""
    sizes: Sizes
    weight: Floats
    """Mean stroke of each line, em."""


def lines_of(sheet: Sheet, members: Sequence[Ints]) -> list[TextLine]:
    """The lines made of some pieces each, by their indices."""
    if not members:
        return []
    levels = [list(level_parts(sheet, row)) for row in members]
    ink = inked(sheet, [part for parts in levels for part in parts])
    ends = np.cumsum([len(parts) for parts in levels])
    return [text_line(ink, range(end - len(parts), end)) for parts, end in zip(levels, ends.tolist(), strict=True)]


def level_parts(sheet: Sheet, row: Ints) -> Iterator[Ints]:
    """The words of a row, cut where some stand over each other, in the order of reading."""
    level: list[int] = []
    for piece in row.tolist():
        words = np.flatnonzero(sheet.whole == piece)
        if len(words) == 1 or sheet.pieces[piece, 3] - sheet.pieces[piece, 1] < STACK * sheet.em:
            level += words.tolist()
            continue
        if level:
            yield np.array(level)
        level = []
        yield from (words[part] for part in rows(sheet.words[words], sheet.em))
    if level:
        yield np.array(level)


def inked(sheet: Sheet, parts: Sequence[Ints]) -> Ink:
    """The ink of lines made of some words each."""
    line_of_word = np.full(len(sheet.words), -1)
    for number, words in enumerate(parts):
        line_of_word[words] = number
    line = line_of_word[sheet.owner]
    letters, line = sheet.letters.take(line >= 0), line[line >= 0]
    boxes = hulls(letters.boxes, line)
    sizes = gauge.measure(profile_of(letters, line, boxes))
    return Ink(letters, line, boxes, sizes, strokes(letters, line, len(boxes)) / sizes.em)


def text_line(ink: Ink, parts: range) -> TextLine:
    """A line made of its level parts."""
    boxes = ink.boxes[parts.start : parts.stop]
    main = parts.start + int((boxes[:, 2] - boxes[:, 0]).argmax())
    em, baseline = float(ink.sizes.em[main]), float(ink.sizes.baseline[main])
    letters = np.flatnonzero(ink.line == parts.start)
    letters = letters[np.argsort(ink.letters.boxes[letters, 0], kind="stable")]
    count, second = first_word(ink.letters.boxes[letters], em)
    bullet = count == 1 and is_bullet(ink.letters.boxes[letters[0]], int(ink.letters.area[letters[0]]), em, baseline)
    left, top, right, bottom = hull(boxes).tolist()
    lines = tuple(
        Line(
            (float(x0), float(y0), float(x1), float(y1)),
            float(ink.sizes.baseline[part]),
            float(ink.sizes.em[part]),
            doubt=float(ink.sizes.doubt[part]),
            gaps=gaps(ink.letters.boxes[ink.line == part]),
            bullet=bullet and part == parts.start,
        )
        for part, (x0, y0, x1, y1) in zip(parts, boxes.tolist(), strict=True)
    )
    middles = centres(ink.letters.boxes[letters])
    return TextLine(left, top, right, bottom, baseline, em, float(ink.weight[main]), second, bullet, middles, lines)


def profile_of(letters: Blobs, owner: Ints, boxes: Ints) -> Profile:
    """How the ink of each line spreads from its top to its bottom."""
    line, high = owner[letters.owner], boxes[:, 3] - boxes[:, 1]
    start = np.cumsum(high) - high
    ink = np.bincount(start[line] + letters.runs.row - boxes[line, 1], letters.runs.length, high.sum())
    bins = (np.arange(BINS) + 0.5) / BINS
    spreads, tops, heights = [], [], []
    for height, top in zip(np.split(ink, start[1:]), boxes[:, 1].tolist(), strict=True):
        share = np.cumsum(height) / height.sum()
        first, last = np.searchsorted(share, (TAIL, 1 - TAIL)).tolist()
        spread = np.interp(bins * (last + 1 - first), np.arange(last + 1 - first) + 0.5, height[first : last + 1])
        spreads.append(spread / np.linalg.norm(spread))
        tops.append(top + first)
        heights.append(last + 1 - first)
    return Profile(
        np.array(spreads), np.array(tops, float), np.array(heights, float), (boxes[:, 2] - boxes[:, 0]).astype(float)
    )


def strokes(letters: Blobs, owner: Ints, count: int) -> Floats:
    """The mean width of each line's strokes, px: bars across are left out."""
    line, length = owner[letters.owner], letters.runs.length
    high = (letters.boxes[:, 3] - letters.boxes[:, 1])[letters.owner]
    upright = length < 0.4 * high
    line, length = line[upright], length[upright]
    return np.asarray(np.bincount(line, length, count) / np.maximum(np.bincount(line, minlength=count), 1))


def first_word(boxes: Ints, em: float) -> tuple[int, int]:
    """How many letters the first word has, and where the second begins: boxes of letters from left to right."""
    reach = np.maximum.accumulate(boxes[:, 2])
    gaps = np.flatnonzero(boxes[1:, 0] - reach[:-1] >= SPACE * em)
    if not len(gaps):
        return len(boxes), int(reach[-1])
    return int(gaps[0]) + 1, int(boxes[gaps[0] + 1, 0])


def gaps(boxes: Ints) -> tuple[tuple[float, float], ...]:
    """Stretches of a line on which no letter stands, px, from boxes of ink."""
    boxes = boxes[np.argsort(boxes[:, 0], kind="stable")]
    reach = np.maximum.accumulate(boxes[:, 2])[:-1]
    free = boxes[1:, 0] > reach
    return tuple(zip(reach[free].astype(float).tolist(), boxes[1:, 0][free].astype(float).tolist(), strict=True))


def centres(boxes: Ints) -> tuple[float, ...]:
    """Middles of letters, px, from boxes of ink from left to right: a dot and its stem are one letter."""
    if not len(boxes):
        return ()
    reach = np.maximum.accumulate(boxes[:, 2])
    new = np.concatenate([[True], boxes[1:, 0] >= reach[:-1]])
    number = np.cumsum(new) - 1
    left = boxes[new, 0]
    right = np.zeros(len(left), np.int64)
    np.maximum.at(right, number, boxes[:, 2])
    return tuple(((left + right) / 2).tolist())


def is_bullet(box: Ints, area: int, em: float, baseline: float) -> bool:
    """Whether a letter is a mark in the middle of the line: solid, or smaller than any letter with a hole."""
    left, top, right, bottom = box.tolist()
    sides, middle = sorted(((right - left) / em, (bottom - top) / em)), (baseline - (top + bottom) / 2) / em
    solid = area > 0.6 * (right - left) * (bottom - top)
    return bool(0.1 < sides[1] < (0.7 if solid else HOLLOW) and (solid or sides[0] > 0.15) and 0.12 < middle < 0.55)
