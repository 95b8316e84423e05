"""Pictures: which drawn boxes are pictures, and the text that belongs to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from vary_cli import boxes
from vary_cli.document import Box
from vary_cli.layout.printed.block import Block, Sheet
from vary_cli.layout.printed.rows import Row

DENSE = 0.3
"""A drawing that text fills to this share is a frame around text."""
FLUSH = 3
"""So many lines that begin at one place are text in a frame, not labels."""
TOO_LARGE = 0.85
"""Of the page: backgrounds."""


def take(pieces: Sequence[Row], drawn: Sequence[Box], sheet: Sheet) -> tuple[list[Block], list[Row]]:
    """The pictures of a page, each with the labels in it, and the pieces of text that stand in none."""
    pictures: list[Block] = []
    left = list(pieces)
    for box in sorted(drawn, key=boxes.area, reverse=True):
        if boxes.area(box) > TOO_LARGE * sheet.width * sheet.height or any(
            boxes.share(box, p.box) > 0.8 for p in pictures
        ):
            continue
        inside = [piece for piece in left if boxes.holds(box, piece.box)]
        if is_frame(inside, box, sheet):
            continue
        pictures.append(Block("picture", tuple(inside), box))
        left = [piece for piece in left if piece not in inside]
    return pictures, left


def is_frame(inside: Sequence[Row], box: Box, sheet: Sheet) -> bool:
    """Whether a drawing is a frame around text: text fills it, or makes lines as text does."""
    if not inside:
        return False
    if sum(boxes.area(piece.box) for piece in inside) > DENSE * boxes.area(box):
        return True
    if sheet.kind(box) == "picture":
        return False
    wide = [piece for piece in inside if len(piece.text) > 12]
    starts = Counter(round(piece.box[0] / 2) for piece in wide)
    if max(starts.values(), default=0) >= FLUSH:
        return True
    return box[3] - box[1] < (len(inside) + 3) * 1.5 * inside[0].size and bool(wide)
