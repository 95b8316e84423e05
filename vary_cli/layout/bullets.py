"""The bullets of items: what stands as a dot before its text is one, whatever was read there. Knows no model."""

from __future__ import annotations

from collections.abc import Sequence

from vary_cli.document import Line
from vary_cli.example import Glyph
from vary_cli.layout.printed.lists import BULLETS

BULLET = "•"
KNOWN = f"{BULLETS}*-"
OTHER = frozenset("abcdefghijklmnpqrstuvwxyzABCDEFGHIJKLMNPQRSTUVWXYZ123456789#$%&@+=?!/\\<>~")
"""What is surely none, whatever it looks like."""


def told(line: Line, glyphs: Sequence[Glyph]) -> list[Glyph]:
    """What was read on a line, its bullet for certain."""
    if not line.bullet or not line.gaps:
        return list(glyphs)
    (end, start), size = line.gaps[0], line.em
    if any(glyph.x <= start and glyph.char in OTHER for glyph in glyphs):
        return list(glyphs)
    text = [glyph for glyph in glyphs if glyph.x > end and (glyph.x > start or not glyph.char.isspace())]
    read = next((glyph.char for glyph in glyphs if glyph not in text and glyph.char in KNOWN), BULLET)
    middles = ((line.box[0] + end) / 2, (end + start) / 2)
    number = text[0].line if text else 0
    return [*(Glyph(char, x, line.baseline, size, number) for char, x in zip((read, " "), middles, strict=True)), *text]
