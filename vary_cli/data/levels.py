"""Lines of a PDF's text put together as readers see them: PDFs part them wherever font or height change.

In a formula nearly every sign stands on a line of its own there; what is cut out as one would show its neighbours.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vary_cli.example import Glyph

LEVEL, SCRIPT, BESIDE = 0.5, 0.75, 1.3
"""How far the middles of two parts of a line lie apart upwards, those of scripts, and their letters sideways, ems."""
SMALL = 0.85
"""Of a line's size; what is smaller is a script."""
BLANK = 0.15
"""Least room of a blank between them, ems."""


@dataclass
class Part:
    """Characters of one line."""

    glyphs: list[Glyph]
    middle: float
    size: float
    first: Glyph
    last: Glyph

    @classmethod
    def of(cls, glyphs: list[Glyph]) -> Part:
        """Some characters."""
        middle = statistics.median(glyph.middle for glyph in glyphs)
        size = statistics.median(glyph.size for glyph in glyphs)
        ordered = sorted(glyphs, key=lambda glyph: glyph.x)
        return cls(ordered, middle, size, ordered[0], ordered[-1])

    def goes_on(self, after: Part) -> bool:
        """Whether another part stands where this one ends, on its level or as its scripts do."""
        size = max(self.size, after.size)
        level = LEVEL if min(self.size, after.size) > SMALL * size else SCRIPT
        off, beside = abs(self.middle - after.middle), abs(after.first.x - self.last.x)
        return off < level * size and beside < BESIDE * size

    def extend(self, after: Part) -> None:
        """Take the other part in, with a blank where room for one is left and none is told."""
        gap = after.first.x - after.first.half_width - self.last.x - self.last.half_width
        if gap > BLANK * self.size and not self.last.char.isspace() and not after.first.char.isspace():
            self.glyphs.append(self.last._replace(char=" ", x=(self.last.x + after.first.x) / 2))
        self.glyphs += after.glyphs
        if after.size >= self.size:
            self.middle, self.size = after.middle, after.size
        self.last = max(self.last, after.last, key=lambda glyph: glyph.x)


def lines(glyphs: Iterable[Glyph]) -> tuple[Glyph, ...]:
    """The characters, with what stands on one level and close together on one line."""
    parts: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        parts.setdefault(glyph.line, []).append(glyph)
    joined: list[Part] = []
    for part in sorted(map(Part.of, parts.values()), key=lambda part: part.first.x):
        before = next((other for other in reversed(joined) if other.goes_on(part)), None)
        if before is None:
            joined.append(part)
        else:
            before.extend(part)
    return numbered(joined)


def numbered(parts: Sequence[Part]) -> tuple[Glyph, ...]:
    """The characters of lines, numbered from the top."""
    ordered = sorted(parts, key=lambda part: part.middle)
    return tuple(glyph._replace(line=number) for number, part in enumerate(ordered) for glyph in part.glyphs)
