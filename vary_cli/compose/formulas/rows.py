"""Rows of a formula: which glyphs stand on one, which of them is the relation, which number it bears."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vary_cli.compose.formulas import bars
from vary_cli.compose.formulas.glyphs import Item, em
from vary_cli.document import Box

SCRIPT = 0.86
"""Of the size of what it stands at: smaller items are scripts."""
NUMBER = re.compile(r"\(([A-Z]?\.?\d{1,3}(?:[.–-]\d{1,3})*[a-z]?['′]*)\)")
RELATIONS = "=<>≤≥≈≡∼∝→∈≠≪≫⊂⊆⇒⇔≅≃:"


def stacked(found: list[Item], rules: Sequence[Box]) -> list[list[Item]]:
    """Items row by row. Parts of a fraction stand in the row of its bar; small items at what they are nearest to."""
    size = em(found)
    free = [rule for rule in rules if bars.sign(rule, found) is None]  # the bar of a root parts no rows
    heights = {id(item): _row_height(item, free, size) for item in found}
    rowed = sorted(
        (item for item in found if item.size >= SCRIPT * size and not item.is_tall), key=lambda item: heights[id(item)]
    )
    lines: list[list[Item]] = []
    for item in rowed:
        if lines and abs(heights[id(item)] - heights[id(lines[-1][-1])]) < 0.45 * size:
            lines[-1].append(item)
        else:
            lines.append([item])
    lines = lines or [[]]
    for item in found:
        if item not in rowed:
            nearest = min(lines, key=lambda line: _off(item, line, heights[id(item)], heights) if line else 0.0)
            nearest.append(item)
    return [sorted(line, key=lambda item: item.box[0]) for line in lines]


def _row_height(item: Item, rules: Sequence[Box], size: float) -> float:
    """The height of the row that an item belongs to: of the fraction it is part of, else its own."""
    outer = bars.fraction_of(item, rules, size)
    if outer is not None:
        return outer
    return item.height if item.is_tall else item.baseline - 0.25 * item.size


def _off(item: Item, line: Sequence[Item], height: float, heights: dict[int, float]) -> float:
    near = min(abs(other.middle - item.middle) for other in line)
    return abs(heights.get(id(line[0]), height) - height) + 0.05 * near


def relation(line: Sequence[Item]) -> Item | None:
    """The first relation of a row."""
    return next((item for item in line if item.is_glyph and item.latex in RELATIONS), None)


def tagged(line: list[Item]) -> tuple[list[Item], str]:
    """A row without its number, and the number."""
    for i in range(len(line) - 1, 0, -1):
        least = 0.25 if line[i - 1].latex in (",", ".", ";") else 1.5
        if line[i].box[0] - max(item.box[2] for item in line[:i]) > least * line[i].size:
            found = NUMBER.fullmatch("".join(item.latex for item in line[i:]))
            return (line[:i], found[1].replace("′", "'")) if found else (line, "")
    return line, ""
