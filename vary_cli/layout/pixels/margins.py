"""Running heads and feet: rows at the top or bottom of a page that stand apart from its body."""

from __future__ import annotations

import itertools

import numpy as np

from vary_cli.ink.blobs import Bits, Ints, hull
from vary_cli.layout.pixels.rows import rows
from vary_cli.layout.pixels.sheet import Sheet

PAGE = 36  # em; a picture that is not as high is no page and has neither
REACH = 0.15  # of the page's height; heads and feet stand no farther in
EDGE = 0.07  # of the page's height; what stands as far out is a head or a foot if it stands apart
APART = 1.3  # em of white between a head and the body


def heads(sheet: Sheet) -> Bits:
    """Which pieces of a page are running heads: (N,)."""
    return outermost(sheet, sheet.pieces, sheet.rules.across)


def feet(sheet: Sheet) -> Bits:
    """Which pieces of a page are running feet: (N,)."""
    return outermost(sheet, turned(sheet.pieces, sheet.height), turned(sheet.rules.across, sheet.height), foot=True)


def turned(boxes: Ints, height: int) -> Ints:
    """Boxes on the page turned upside down."""
    return np.stack([boxes[:, 0], height - boxes[:, 3], boxes[:, 2], height - boxes[:, 1]], 1)


def outermost(sheet: Sheet, boxes: Ints, rules: Ints, foot: bool = False) -> Bits:
    """Which pieces stand above the body: (N,). Feet are heads of the page turned upside down."""
    found = np.zeros(len(boxes), np.bool_)
    near = np.flatnonzero(boxes[:, 3] < (REACH + 0.1) * sheet.height)
    if sheet.height < PAGE * sheet.em or len(near) == len(boxes):
        return found
    lines = [near[row] for row in rows(boxes[near], sheet.em)]
    for line, after in itertools.pairwise(lines):
        if not is_running(sheet, boxes[line], boxes[after], boxes, rules, foot):
            break
        found[line] = True
    return found


def is_running(sheet: Sheet, line: Ints, after: Ints, boxes: Ints, rules: Ints, foot: bool) -> bool:
    """Whether a row is a running head: by a rule, by its place, by being a number or of two parts wide apart."""
    box, page = hull(line), hull(boxes)
    if box[3] > REACH * sheet.height:
        return False
    wide = page[2] - page[0]
    long = rules[:, 2] - rules[:, 0] > 0.5 * wide
    below = rules[long & (rules[:, 1] > box[3] - 0.3 * sheet.em) & (rules[:, 1] < box[3] + 1.2 * sheet.em)]
    if len(below):
        return bool(hull(after)[1] > below[:, 1].min())
    if hull(after)[1] - box[3] < APART * sheet.em or box[3] - box[1] > 1.6 * sheet.em:
        return False
    gaps = line[1:, 0] - line[:-1, 2]
    number = box[2] - box[0] < 4 * sheet.em and (
        foot or box[0] > page[2] - 5 * sheet.em or box[2] < page[0] + 5 * sheet.em
    )
    return bool(box[3] < EDGE * sheet.height or number or gaps.max(initial=0) > 3 * sheet.em)
