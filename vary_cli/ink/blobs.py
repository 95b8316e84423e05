"""Connected pieces of ink: their boxes, sizes and runs. Knows nothing of letters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.bool_]
Gray = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NO_BOXES: Ints = np.empty((0, 4), np.int64)


@dataclass(frozen=True)
class Runs:
    """Unbroken horizontal stretches of ink, row by row: their row, first column, column after the last. (N,) each."""

    row: Ints
    start: Ints
    stop: Ints

    def __len__(self) -> int:
        return len(self.row)

    @property
    def length(self) -> Ints:
        """Pixels of each."""
        return self.stop - self.start

    def take(self, which: Bits | Ints) -> Runs:
        """Some of them."""
        return Runs(self.row[which], self.start[which], self.stop[which])


@dataclass(frozen=True)
class Blobs:
    """Connected pieces of ink."""

    boxes: Ints
    """(N, 4): x0, y0, x1, y1 in px."""
    area: Ints
    """(N,): pixels of ink."""
    runs: Runs
    owner: Ints
    """The blob of each run."""

    def __len__(self) -> int:
        return len(self.boxes)

    def take(self, which: Bits) -> Blobs:
        """Some of them."""
        runs = which[self.owner]
        number = np.cumsum(which) - 1
        return Blobs(self.boxes[which], self.area[which], self.runs.take(runs), number[self.owner[runs]])


def runs_of(bits: Bits) -> Runs:
    """The runs of a picture of ink, (height, width)."""
    height, width = bits.shape
    framed = np.zeros((height, width + 1), np.bool_)
    framed[:, :width] = bits
    flat = framed.ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    if flat[:1].any():
        edges = np.concatenate(([0], edges))
    row, start = np.divmod(edges[0::2], width + 1)
    return Runs(row, start, start + edges[1::2] - edges[0::2])


def touching(runs: Runs) -> tuple[Ints, Ints]:
    """Pairs of runs on neighbouring rows that touch, corners included."""
    wide = int(runs.stop.max(initial=0)) + 2
    first, last = runs.row * wide + runs.start, runs.row * wide + runs.stop
    low = np.searchsorted(last, first + wide, "left")
    return counted(low, np.searchsorted(first, last + wide, "right") - low)


def counted(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Pairs (i, j) with `count[i]` numbers j from `first[i]` on for every i."""
    left = np.repeat(np.arange(len(first)), count)
    return left, np.arange(len(left)) - np.repeat(np.cumsum(count) - count - first, count)


def joined(size: int, left: Ints, right: Ints) -> Ints:
    """Numbers 0, 1, ... of the groups into which pairs (left[i], right[i]) join `size` things: (size,)."""
    root = np.arange(size)
    while True:
        left, right = root[left], root[right]
        apart = left != right
        if not apart.any():
            return np.unique(root, return_inverse=True)[1]
        left, right = left[apart], right[apart]
        np.minimum.at(root, np.maximum(left, right), np.minimum(left, right))
        while (root[root] != root).any():
            root = root[root]


def hulls(boxes: Ints, owner: Ints) -> Ints:
    """The box around the boxes of each owner: (N, 4), (N,) -> (owners, 4). Every number up to the last owns one."""
    if not len(boxes):
        return NO_BOXES
    order = np.argsort(owner, kind="stable")
    starts = np.flatnonzero(np.diff(owner[order], prepend=-1))
    lows = np.minimum.reduceat(boxes[order, :2], starts)
    return np.concatenate([lows, np.maximum.reduceat(boxes[order, 2:], starts)], 1)


def hull(boxes: Ints) -> Ints:
    """The box around boxes: (N, 4) -> (4,)."""
    return np.concatenate([boxes[:, :2].min(0), boxes[:, 2:].max(0)])


def measured(runs: Runs, owner: Ints) -> Blobs:
    """Blobs by the runs they own."""
    boxes = hulls(np.stack([runs.start, runs.row, runs.stop, runs.row + 1], 1), owner)
    area = np.bincount(owner, runs.length, len(boxes)).astype(np.int64)
    return Blobs(boxes, area, runs, owner)


def grouped(runs: Runs) -> Blobs:
    """Blobs of the runs that touch each other."""
    return measured(runs, joined(len(runs), *touching(runs)))


def blobs(bits: Bits) -> Blobs:
    """The blobs of a picture of ink, (height, width)."""
    return grouped(runs_of(bits))


def overlapping(boxes: Ints, box: Ints, reach: float = 0) -> Bits:
    """Which boxes come within reach of a box: (N, 4), (4,) -> (N,)."""
    return np.asarray((boxes[:, :2] < box[2:] + reach).all(1) & (boxes[:, 2:] > box[:2] - reach).all(1))


def centred(boxes: Ints, box: Ints) -> Bits:
    """Which boxes have their middle in a box: (N, 4), (4,) -> (N,)."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    return np.asarray((middle >= box[:2]).all(1) & (middle < box[2:]).all(1))
