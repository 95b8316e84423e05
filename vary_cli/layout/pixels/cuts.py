"""Columns and their order: the page is cut along the tallest white gutters between columns of text, again and again.

Knows boxes only. The white between the cells of a table, list marks and items, a program and its comments is no gutter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vary_cli.ink.blobs import Bits, Ints, Runs, hull, runs_of
from vary_cli.layout.pixels.rows import rows

CELLS = 4  # to an em
NARROW = 3  # cells; a gutter is at least this wide
SHORT = 12  # cells; and has text on both sides for at least this height
TALL = 3.0  # em; what is taller is no piece of text
TRIES = 8  # gutters looked at before a part counts as one column


@dataclass(frozen=True)
class Column:
    """Boxes of one column by their indices, and the notes in its margin."""

    members: Ints
    notes: Ints


@dataclass(frozen=True)
class Gutter:
    """White from top to bottom between two columns, px."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Side:
    """What stands on one side of a gutter: its rows, (N, 4) px."""

    rows: Ints
    em: float

    @property
    def width(self) -> float:
        """From the leftmost to the rightmost ink, em."""
        return float(self.rows[:, 2].max() - self.rows[:, 0].min()) / self.em

    @property
    def full(self) -> float:
        """Which part of the rows nearly fills the width."""
        wide = (self.rows[:, 2] - self.rows[:, 0]) / self.em
        return float(np.mean(wide > max(0.75 * self.width, self.width - 4)))

    @property
    def dense(self) -> bool:
        """Whether most rows follow each other like lines of a text."""
        pitch = np.diff(self.rows[:, 3]) / self.em
        return len(pitch) > 1 and float(np.mean(pitch < 2.2)) > 0.5


def columns(boxes: Ints, rules: Ints, down: Ints, em: float) -> Iterator[Column]:
    """The columns of a page in reading order: (N, 4) px. Rules across bar gutters, rules down lie in them."""
    yield from cut(np.arange(len(boxes)), np.empty(0, np.int64), boxes, rules, down, em)


def cut(members: Ints, notes: Ints, boxes: Ints, rules: Ints, down: Ints, em: float) -> Iterator[Column]:
    """Cut a part of the page along its best gutter, then what is above, left, right and below of it."""
    for gutter in gutters(boxes[members], rules, em):
        x, y = ((boxes[members, i] + boxes[members, i + 2]) / 2 for i in (0, 1))
        beside = (y >= gutter.top) & (y < gutter.bottom)
        sides = [beside & (x < gutter.left), beside & (x >= gutter.left)]
        left, right = (side_of(boxes[members[side]], em) for side in sides)
        margin = notes_side(left, right, gutter, hull(boxes[members]))
        if margin is not None:
            yield from cut(
                members[~sides[margin]], np.concatenate([notes, members[sides[margin]]]), boxes, rules, down, em
            )
            return
        if is_ruled(gutter, down) or are_columns(left, right):
            for part in (y < gutter.top, *sides, y >= gutter.bottom):
                if part.any():
                    yield from cut(members[part], notes, boxes, rules, down, em)
                    notes = notes[:0]
            return
    yield Column(members, notes)


def side_of(boxes: Ints, em: float) -> Side:
    """The rows of what stands on one side; pictures and tables count as many."""
    tall = boxes[:, 3] - boxes[:, 1] > TALL * em
    stripes = [stripe for box in boxes[tall].tolist() for stripe in striped(box, em)]
    found = [*(hull(boxes[~tall][row]).tolist() for row in rows(boxes[~tall], em)), *stripes]
    return Side(np.array(sorted(found, key=lambda box: box[1] + box[3])), em)


def striped(box: list[int], em: float) -> list[list[int]]:
    """Rows like those of a text in place of a box."""
    left, top, right, bottom = box
    return [[left, int(y), right, int(y + 0.9 * em)] for y in np.arange(top, bottom - 0.9 * em, 1.2 * em)]


def is_ruled(gutter: Gutter, down: Ints) -> bool:
    """Whether a rule runs down a gutter for the greater part."""
    x = (down[:, 0] + down[:, 2]) / 2
    shared = np.minimum(down[:, 3], gutter.bottom) - np.maximum(down[:, 1], gutter.top)
    return bool(((x > gutter.left) & (x < gutter.right) & (shared > 0.6 * (gutter.bottom - gutter.top))).any())


def are_columns(left: Side, right: Side) -> bool:
    """Whether both sides of a gutter are texts of their own."""
    fewer, more = sorted((left, right), key=lambda side: len(side.rows))
    if len(fewer.rows) < 3 or not (fewer.dense and more.dense):
        return False
    narrow, full = min(left.width, right.width), (left.full, right.full)
    if alignment(fewer, more) < 0.5:
        return narrow > 4
    if narrow < 9 or len(fewer.rows) < 6:
        return False
    return min(full) >= 0.4 or (narrow > 12 and len(fewer.rows) > 9 and min(full) > 0.15 and sum(full) > 0.6)


def notes_side(left: Side, right: Side, gutter: Gutter, frame: Ints) -> int | None:
    """0 or 1 if the left or right side of a gutter holds notes in the margin of the other."""
    if gutter.bottom - gutter.top < 0.8 * (frame[3] - frame[1]):
        return None
    for number, (notes, text) in enumerate(((left, right), (right, left))):
        few = len(notes.rows) <= 0.6 * len(text.rows) and len(text.rows) > 5
        near = text.rows[:, 0] - gutter.right if number == 0 else gutter.left - text.rows[:, 2]
        if few and 2.5 < notes.width < 0.45 * text.width and np.mean(near < 1.5 * text.em) > 0.5:
            return number
    return None


def alignment(fewer: Side, more: Side) -> float:
    """Which part of the rows of one side has a row at its very height on the other."""
    heights = [(side.rows[:, 1] + side.rows[:, 3]) / 2 for side in (fewer, more)]
    return float(np.mean(np.abs(heights[0][:, None] - heights[1]).min(1) < 0.25 * fewer.em))


def gutters(boxes: Ints, rules: Ints, em: float) -> Iterator[Gutter]:
    """White stretches with ink on both sides, those beside most of it first."""
    if len(boxes) < 4:
        return
    (x, y), step = hull(boxes)[:2].tolist(), em / CELLS
    runs, worth = stretches(grid(boxes, hull(boxes), step), grid(np.concatenate([boxes, rules]), hull(boxes), step))
    for _ in range(TRIES):
        best = int(worth.argmax()) if len(worth) else 0
        if not len(worth) or worth[best] < SHORT:
            return
        left, top, bottom = int(runs.row[best]), int(runs.start[best]), int(runs.stop[best])
        beside = (runs.start < bottom) & (runs.stop > top)
        columns = set(runs.row[beside & (worth >= worth[best] - CELLS)].tolist())
        right = left
        while right + 1 in columns:
            right += 1
        yield Gutter(x + left * step, y + top * step, x + (right + NARROW) * step, y + bottom * step)
        worth = np.where(beside & (runs.row >= left - CELLS) & (runs.row <= right + CELLS), 0, worth)


def stretches(text: Bits, taken: Bits) -> tuple[Runs, Ints]:
    """Upright runs of white NARROW cells wide (row and column exchanged), and how much text lies on both sides."""
    free = ~windowed(taken, NARROW)
    left = (np.cumsum(text, 1) > 0)[:, : free.shape[1]]
    right = (np.cumsum(text[:, ::-1], 1)[:, ::-1] > 0)[:, NARROW - 1 :]
    runs = runs_of(free.T)
    beside = np.concatenate([np.zeros((1, free.shape[1]), np.int64), np.cumsum(left & right, 0)])
    return runs, beside[runs.stop, runs.row] - beside[runs.start, runs.row]


def grid(boxes: Ints, frame: Ints, step: float) -> Bits:
    """Where boxes lie in a frame, in cells of `step` px: (rows, columns)."""
    width, height = ((frame[2:] - frame[:2]) // step + 1).astype(int)
    cells = np.zeros((height, width), np.bool_)
    lows = np.floor((boxes[:, :2] - frame[:2]) / step).astype(int).clip(0)
    highs = np.ceil((boxes[:, 2:] - frame[:2]) / step).astype(int).clip(0)
    for (left, top), (right, bottom) in zip(lows.tolist(), highs.tolist(), strict=True):
        cells[top:bottom, left:right] = True
    return cells


def windowed(cells: Bits, size: int) -> Bits:
    """Whether any of `size` neighbours to the right is taken: (rows, columns) -> (rows, columns - size + 1)."""
    count = np.concatenate([np.zeros((len(cells), 1), np.int64), np.cumsum(cells, 1)], 1)
    return np.asarray(count[:, size:] - count[:, :-size] > 0)
