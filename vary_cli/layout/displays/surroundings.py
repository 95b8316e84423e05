"""What stands around a piece of a page: the column it is set in, the text beside, above and below it. px."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from vary_cli import boxes
from vary_cli.document import Box
from vary_cli.layout.displays.pieces import Piece

REACH = 20.0
"""How far up and down a column is looked at, ems."""
APART = 0.62
"""Room above and below displays, from ink to ink, ems; lines of a paragraph are closer."""
NEXT = 2.5
"""Ems; what is farther up or down is not what a display interrupts."""


@dataclass(frozen=True)
class Surroundings:
    """A box among the lines of prose of its page."""

    box: Box
    prose: Sequence[Piece]
    em: float
    width: float
    """Of the page."""

    @cached_property
    def column(self) -> Box | None:
        """The hull of the prose above and below; None where there is none."""
        _, y0, _, y1 = self.box
        reach = REACH * self.em
        over = [p.box for p in self.prose if boxes.spread(p.box, self.box) > 0.3 and not level(p.box, self.box)]
        near = [box for box in over if box[3] > y0 - reach and box[1] < y1 + reach]
        return boxes.hull(near) if near else None

    @property
    def is_beside_text(self) -> bool:
        """Whether text stands on its lines, in its own column."""
        x0, y0, x1, y1 = self.box
        core = (x0, y0 + 0.2 * self.em, x1, y1 - 0.2 * self.em)
        column = self.column
        for piece in self.prose:
            if not level(piece.box, core) or min(piece.box[3], y1) - max(piece.box[1], y0) < 0.4 * self.em:
                continue
            gap = max(piece.box[0] - x1, x0 - piece.box[2])
            if gap < self.em or (column is not None and column[0] < (piece.box[0] + piece.box[2]) / 2 < column[2]):
                return True
        return False

    @property
    def is_centred(self) -> bool:
        """Whether it stands in the middle of its column, or of the page where there is none."""
        column = self.column or (0.0, 0.0, self.width, 0.0)
        left, right = self.box[0] - column[0], column[2] - self.box[2]
        return left > self.em and abs(left - right) < max(self.em, 0.08 * (column[2] - column[0]))

    @property
    def is_indented(self) -> bool:
        """Whether its column begins farther left."""
        column = self.column
        return column is not None and self.box[0] > column[0] + self.em

    @property
    def is_flush(self) -> bool:
        """Whether it begins where the text right above or below it does, as the words of a paragraph do."""
        return any(abs(other.box[0] - self.box[0]) < self.em for other in self.next_to(NEXT))

    @property
    def is_apart(self) -> bool:
        """Whether the text above and below keeps its distance."""
        return not self.next_to(APART)

    def next_to(self, room: float) -> list[Piece]:
        """The prose that stands right above or below it, within so many ems."""
        _, y0, _, y1 = self.box
        near = [p for p in self.prose if boxes.spread(p.box, self.box) > 0.1 and not level(p.box, self.box)]
        return [p for p in near if max(y0 - p.box[3], p.box[1] - y1) < room * self.em]


def level(a: Box, b: Box) -> bool:
    """Whether more than half of the first box stands beside the second one."""
    return min(a[3], b[3]) - max(a[1], b[1]) > 0.5 * (a[3] - a[1])
