"""Code: lines of one-width type as fenced blocks, with their indentation to the column and their blank lines."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence

from vary_cli.document import Line, Region

WIDTH = 0.6
"""Of a character of one-width type, ems."""


def fenced(region: Region, texts: Sequence[str]) -> str:
    """A fenced block."""
    lines = source(region, texts)
    longest = max((len(run) for line in lines for run in re.findall("`{3,}", line)), default=2)
    fence = "`" * (longest + 1)
    return "\n".join([fence, *lines, fence])


def source(region: Region, texts: Sequence[str]) -> list[str]:
    """The lines of code."""
    if not region.lines:
        return []
    width, left = advance(region), min(line.box[0] for line in region.lines)
    steps = [b.baseline - a.baseline for a, b in zip(region.lines, region.lines[1:], strict=False)]
    pitch = min((step for step in steps if step > 0.5 * region.lines[0].em), default=0.0)
    found: list[str] = []
    for i, (line, text) in enumerate(zip(region.lines, texts, strict=True)):
        if i and pitch:
            found += [""] * max(0, round(steps[i - 1] / pitch) - 1)
        indent = " " * round((line.box[0] - left) / width)
        found.append(indent + (spaced(line, width, region) if line.spans and text == line.text else text))
    return found


def advance(region: Region) -> float:
    """Width of a character, px."""
    widths = [
        (b - a) * _scale(line)
        for line in region.lines
        for span in line.spans
        for char, a, b in zip(span.text, span.edges, span.edges[1:], strict=False)
        if span.mono and "!" <= char <= "~"
    ]
    return statistics.median(widths) if widths else WIDTH * statistics.median(line.em for line in region.lines)


def _scale(line: Line) -> float:
    """px per point."""
    reach = line.spans[-1].edges[-1] - line.spans[0].edges[0]
    return (line.box[2] - line.box[0]) / reach if reach > 0 else 1.0


def spaced(line: Line, width: float, region: Region) -> str:
    """A line's text with as many blanks between its words as there is room for."""
    scale, text, end = _scale(line), "", line.spans[0].edges[0]
    for span in line.spans:
        for char, a, b in zip(span.text, span.edges, span.edges[1:], strict=False):
            if char == " ":
                continue
            gap = (a - end) * scale / width
            text += (" " * max(round(gap), 1 if _had_blank(text, gap) else 0)) + char
            end = b
    return text


def _had_blank(text: str, gap: float) -> bool:
    """Whether room that is less than a column is a blank after all."""
    return bool(text) and gap > 0.4
