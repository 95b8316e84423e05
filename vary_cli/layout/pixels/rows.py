"""Rows: pieces that stand side by side on one line of text. Knows nothing of columns: give it one at a time."""

from __future__ import annotations

import numpy as np

from vary_cli.ink.blobs import Ints

SHARED = 0.5  # of the lower piece's height; what shares less with a row stands on another
INSIDE = 0.85  # of its height; such a piece is a part of the row in any case
LOW, STRAY = 0.34, 0.2  # em; pieces as low as this may stand that far above or below a row
SCRIPT, TOUCHED = 0.5, 0.3  # em; so low are marks over and under a line, which reach so far into it (of their height)
CROWDED = 0.3  # em; other pieces of a row overlap no further along it


def rows(boxes: Ints, em: float) -> list[Ints]:
    """Indices of the boxes of each row, from left to right; rows from top to bottom. (N, 4) px."""
    found: list[Row] = []
    widest_first = np.lexsort((boxes[:, 1], boxes[:, 0] - boxes[:, 2]))
    for index, box in zip(widest_first.tolist(), boxes[widest_first].tolist(), strict=True):
        fits = [row for row in found if row.takes(box, em)]
        if fits:
            min(fits, key=lambda row: row.distance(box)).add(index, box)
        else:
            found.append(Row(index, box))
    found.sort(key=lambda row: row.top + row.bottom)
    return [np.array([index for _, index in sorted(row.members)]) for row in found]


class Row:
    """A row that grows; its height is that of its widest piece."""

    def __init__(self, index: int, box: list[int]) -> None:
        self.left, self.top, self.right, self.bottom = box
        self.spans = [(box[0], box[2])]
        self.members = [(box[0], index)]

    def takes(self, box: list[int], em: float) -> bool:
        """Whether a piece stands beside the others."""
        left, top, right, bottom = box
        high = bottom - top
        shared = min(bottom, self.bottom) - max(top, self.top)
        if high < LOW * em and self.distance(box) < (self.bottom - self.top) / 2 + STRAY * em:
            return True
        if high < SCRIPT * em and shared > TOUCHED * high and right - left < (self.right - self.left) / 2:
            return True
        if shared < SHARED * min(high, self.bottom - self.top):
            return False
        slack = min(CROWDED * em, (right - left) / 2)
        return shared > INSIDE * high or all(left >= b - slack or right <= a + slack for a, b in self.spans)

    def distance(self, box: list[int]) -> float:
        """How far the middle of a piece is from the row's, px."""
        return abs(box[1] + box[3] - self.top - self.bottom) / 2

    def add(self, index: int, box: list[int]) -> None:
        """Take a piece in."""
        self.spans.append((box[0], box[2]))
        self.members.append((box[0], index))
