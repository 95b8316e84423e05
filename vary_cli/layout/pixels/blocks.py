"""Lines of one column become blocks: paragraphs, items of lists, headings, footnotes.

By place, size and weight alone: what only the words tell (a number before an item, a program) is left to their reader.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vary_cli.layout.pixels.lines import TextLine

INDENT = 0.7  # em; lines that begin this far apart begin in different places
LEVEL = 0.25  # em; lines that begin within this begin in the same place
WIDER = 0.35  # em; the gap before a paragraph is wider than those in it
MARK = 1.7  # em; the mark of an item is no wider, unless it is a bullet
SIZES, WEIGHTS = 1.17, 1.25  # lines of one block do not differ by such factors


@dataclass(frozen=True)
class Edges:
    """Where the lines of a column begin and end, and how far they lie apart, px."""

    right: float
    pitch: float
    justified: bool
    weight: float
    """Of most strokes, em."""
    indents: tuple[float, ...] = ()
    """Where the first lines of paragraphs begin, if not where the others do."""

    def reached(self, line: TextLine) -> bool:
        """Whether a line ends where the next word would not have fitted."""
        return line.right > self.right - (1.5 if self.justified else 5.0) * line.em


def paragraphs(lines: Sequence[TextLine]) -> list[tuple[TextLine, ...]]:
    """Cut the lines of a column, from top to bottom, where a new paragraph, item or heading begins."""
    blocks: list[list[TextLine]] = []
    edges = edges_of(lines) if lines else None
    for number, line in enumerate(lines):
        after = lines[number + 1] if number + 1 < len(lines) else None
        if edges is None or not blocks or begins(line, after, blocks[-1], edges):
            blocks.append([])
        blocks[-1].append(line)
    return [tuple(block) for block in blocks]


def edges_of(lines: Sequence[TextLine]) -> Edges:
    """The edges that most lines of a column keep to."""
    em = float(np.median([line.em for line in lines]))
    right = float(np.percentile([line.right for line in lines], 92))
    steps = [lower.baseline - upper.baseline for upper, lower in itertools.pairwise(lines)]
    close = [step for step in steps if 0.6 * em < step < 2.2 * em]
    ends = np.array([line.right for line in lines if line.right > right - 5 * em])
    justified = len(ends) > 2 and bool(np.mean(np.abs(ends - right) < 0.4 * em) > 0.5)
    weight = float(np.median([line.weight for line in lines]))
    edges = Edges(right, float(np.median(close)) if close else 1.4 * em, justified, weight)
    indents = [
        line.left
        for before, line, after in zip(lines[:-2], lines[1:-1], lines[2:], strict=True)
        if min(line.left - before.left, line.left - after.left) > INDENT * em
        and abs(before.left - after.left) < LEVEL * em
        and edges.reached(line)
    ]
    return replace(edges, indents=tuple(indents))


def begins(line: TextLine, after: TextLine | None, block: Sequence[TextLine], edges: Edges) -> bool:
    """Whether a line begins a new block instead of going on with the one before it."""
    before = block[-1]
    em = min(line.em, before.em)
    if line.baseline - before.baseline > pitch_of(block, edges) + WIDER * em or differ(line, before, edges):
        return True
    if line.bullet or has_mark(line, after):
        return True
    step = line.left - before.left
    full = edges.reached(before)
    if abs(step) < INDENT * em:
        return edges.justified and not full and any(map(edges.reached, block)) and len(block) > 1
    if step > 0:
        first = after is not None and edges.reached(line) and after.left < line.left - INDENT * em
        return not goes_on(line, block) and (
            first or any(abs(line.left - indent) < LEVEL * em for indent in edges.indents)
        )
    return is_item(block) or (len(block) > 1 and any(map(edges.reached, block)))


def pitch_of(block: Sequence[TextLine], edges: Edges) -> float:
    """How far lines of a block lie apart, px."""
    if len(block) < 2:
        return edges.pitch
    return float(np.median([lower.baseline - upper.baseline for upper, lower in itertools.pairwise(block)]))


def differ(one: TextLine, two: TextLine, edges: Edges) -> bool:
    """Whether two lines differ in size, or one is bold; short ones say little."""
    letters = min((line.right - line.left) / line.em for line in (one, two))
    slack = 1 + 0.5 / max(letters, 1)
    if max(one.em, two.em) > SIZES * slack * min(one.em, two.em):
        return True
    light, bold = sorted((one.weight, two.weight))
    return letters > 3 and bold > WEIGHTS * slack * max(light, edges.weight)


def has_mark(line: TextLine, after: TextLine | None) -> bool:
    """Whether the next line hangs under the second word of this one: the first is the mark of an item."""
    if after is None or after.baseline - line.baseline > 2.2 * line.em:
        return False
    hangs = abs(after.left - line.second) < LEVEL * line.em
    if line.right + after.second - after.left < after.right:  # the next word would have fitted: this line ends a block
        return False
    return hangs and INDENT * line.em < line.second - line.left < (MARK + 1) * line.em


def is_item(block: Sequence[TextLine]) -> bool:
    """Whether a block is an item of a list."""
    return block[0].bullet or has_mark(block[0], block[1] if len(block) > 1 else None)


def goes_on(line: TextLine, block: Sequence[TextLine]) -> bool:
    """Whether a line hangs under the first line of an item."""
    return is_item([*block, line]) and abs(line.left - block[0].second) < INDENT * line.em
