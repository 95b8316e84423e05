"""Ruled tables: rules that make up a grid, or lie over each other with columns of text between them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vary_cli.ink.blobs import Bits, Ints, centred, hull, joined, overlapping
from vary_cli.layout.pixels.cuts import are_columns, side_of
from vary_cli.layout.pixels.rows import rows
from vary_cli.layout.pixels.sheet import Sheet

GUTTER = 0.9  # em; white between columns that no rule parts
CROSSED = 0.15  # of the rows may run across it: titles, cells that span columns
ALIKE = 0.8  # em; the rules of one table end within


@dataclass(frozen=True)
class Place:
    """A cell: its row and column, how many columns it spans, and the pieces in it by their indices."""

    row: int
    column: int
    columns: int
    pieces: Ints


@dataclass(frozen=True)
class Grid:
    """A table on a page."""

    box: Ints
    places: tuple[Place, ...]
    header: bool
    """Whether its first row is parted from the others by a rule, and those are not parted."""

    @property
    def pieces(self) -> Ints:
        """Indices of all pieces in it."""
        return np.concatenate([place.pieces for place in self.places])


def grids(sheet: Sheet, free: Bits) -> Iterator[Grid]:
    """The ruled tables of a page, made of the pieces that are free: (N,)."""
    for across, down in networks(sheet):
        box = hull(across)
        down = down[(down[:, 0] > box[0] + sheet.em) & (down[:, 2] < box[2] - sheet.em)]
        for levels in stacks(
            levels_of(across[across[:, 2] - across[:, 0] > 0.5 * (box[2] - box[0])], down, sheet.em), down
        ):
            first = 0
            while first < len(levels) - 1:
                last = len(levels) - 1
                while last > first and (grid := ruled(sheet, box, levels[first : last + 1], down, free)) is None:
                    last -= 1
                if last > first and grid is not None:
                    free = free.copy()
                    free[grid.pieces] = False
                    yield grid
                first = max(last, first + 1)


def stacks(levels: list[float], down: Ints) -> Iterator[list[float]]:
    """Levels cut where rules down begin or end: a table has them throughout or not at all."""
    start, before = 0, None
    for number, (low, high) in enumerate(itertools.pairwise(levels)):
        shared = np.minimum(down[:, 3], high) - np.maximum(down[:, 1], low)
        walled = bool((shared > 0.6 * (high - low)).any())
        if before is not None and walled != before:
            yield levels[start : number + 1]
            start = number
        before = walled
    yield levels[start:]


def networks(sheet: Sheet) -> Iterator[tuple[Ints, Ints]]:
    """Rules that touch each other or, lying over each other, are equally long: those across, those down."""
    across, down, em = sheet.rules.across, sheet.rules.down, sheet.em
    every = np.concatenate([across, down])
    near = np.array([overlapping(every, box, max(4.0, 0.3 * em)) for box in every], np.bool_).reshape(
        len(every), len(every)
    )
    ends = across[:, [0, 2]]
    near[: len(across), : len(across)] |= (np.abs(ends[:, None] - ends) < ALIKE * em).all(2)
    owner = joined(len(every), *np.nonzero(near))
    for number in range(int(owner.max(initial=-1)) + 1):
        mine = owner == number
        if mine[: len(across)].sum() >= 2:
            yield across[mine[: len(across)]], down[mine[len(across) :]]


def levels_of(across: Ints, down: Ints, em: float) -> list[float]:
    """Heights at which rules lie, from top to bottom; beside those of rules across the ends of rules down count."""
    levels = apart(((across[:, 1] + across[:, 3]) / 2).tolist(), 0.6 * em)
    if not levels:
        return []
    ends = [end for end in down[:, [1, 3]].ravel().tolist() if min(abs(end - level) for level in levels) > em]
    return apart([*levels, *ends], 0.6 * em)


def apart(values: Sequence[float], least: float) -> list[float]:
    """Sorted values without those that follow too closely."""
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > least:
            kept.append(float(value))
    return kept


def ruled(sheet: Sheet, box: Ints, levels: Sequence[float], down: Ints, free: Bits) -> Grid | None:
    """The table between rules at some levels, or None if what stands there has no columns."""
    frame = np.array([box[0], levels[0], box[2], levels[-1]])
    inside = np.flatnonzero(free & centred(sheet.pieces, frame))
    if len(inside) < 3:
        return None
    lines = [inside[row] for row in rows(sheet.pieces[inside], sheet.em)]
    walls = walls_of(sheet, lines, frame, down, len(levels) == 2)
    if not walls:
        return None
    bands = [
        [line for line in lines if low <= middle(sheet.pieces[line]) < high] for low, high in itertools.pairwise(levels)
    ]
    bands = [band for band in bands if band]
    close = len(bands) > 2 and np.mean([len(band) < 3 for band in bands]) > 0.6
    places = list(placed(sheet, bands, walls, bool(close)))
    if max(place.row for place in places) < 1:
        return None
    return Grid(frame.astype(np.int64), tuple(places), header=not close and len(bands) > 1 and len(bands[0]) == 1)


def middle(boxes: Ints) -> float:
    """Half-way between the top and the bottom of boxes."""
    return float(boxes[:, 1].min() + boxes[:, 3].max()) / 2


def walls_of(sheet: Sheet, lines: list[Ints], frame: Ints, down: Ints, single: bool) -> list[float]:
    """Where columns are parted: by rules down, else by white that (nearly) no row runs across."""
    x, em = (down[:, 0] + down[:, 2]) / 2, sheet.em
    long = np.minimum(down[:, 3], frame[3]) - np.maximum(down[:, 1], frame[1]) > 0.4 * (frame[3] - frame[1])
    walls = apart(x[long].tolist(), 0.6 * em)
    if walls:
        return [] if single and any(is_text(sheet, np.concatenate(lines), wall) for wall in walls) else walls
    if len(lines) < 2:
        return []
    cover = np.zeros(int(frame[2] - frame[0]) + 2, np.int64)
    for line in lines:
        for left, right in np.clip(sheet.pieces[line][:, [0, 2]] - int(frame[0]), 0, len(cover) - 1).tolist():
            cover[left:right] += 1
    white = cover <= (CROSSED * len(lines) if len(lines) > 3 else 0)
    edges = np.flatnonzero(np.diff(white.astype(int), prepend=0, append=0))
    gaps = [
        (a, b) for a, b in edges.reshape(-1, 2).tolist() if b - a >= GUTTER * em and cover[:a].any() and cover[b:].any()
    ]
    walls = [frame[0] + (a + b) / 2 for a, b in gaps]
    return [] if any(is_text(sheet, np.concatenate(lines), wall) for wall in walls) else walls


def is_text(sheet: Sheet, inside: Ints, wall: float) -> bool:
    """Whether a wall parts columns of running text."""
    boxes = sheet.pieces[inside]
    left = (boxes[:, 0] + boxes[:, 2]) / 2 < wall
    sides = [side_of(boxes[part], sheet.em) for part in (left, ~left)]
    return min(len(side.rows) for side in sides) > 7 and are_columns(*sides)


def placed(sheet: Sheet, bands: list[list[Ints]], walls: list[float], close: bool) -> Iterator[Place]:
    """The cells of a table; a band between two rules is a row, or holds rows that begin in the first column."""
    number = -1
    for band in bands:
        groups: list[list[Ints]] = []
        for line in band:
            filled = {
                int(np.searchsorted(walls, x)) for x in ((sheet.pieces[line, 0] + sheet.pieces[line, 2]) / 2).tolist()
            }
            goes_on = close or (0 not in filled and len(filled) == 1)
            groups = [*groups[:-1], [*groups[-1], line]] if groups and goes_on else [*groups, [line]]
        for group in groups:
            number += 1
            yield from cells(sheet, np.concatenate(group), walls, number)


def cells(sheet: Sheet, members: Ints, walls: list[float], row: int) -> Iterator[Place]:
    """The cells of one row, from left to right."""
    boxes = sheet.pieces[members]
    first = np.searchsorted(walls, boxes[:, 0] + 0.4 * sheet.em)
    last = np.maximum(np.searchsorted(walls, boxes[:, 2] - 0.4 * sheet.em), first)
    for column in np.unique(first).tolist():
        mine = first == column
        yield Place(row, column, int(last[mine].max()) - column + 1, members[mine])
