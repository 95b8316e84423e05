"""Raised characters, looked at once more in their own size: on the strip of its line a footnote's mark has few px."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from vary_cli.document import Line
from vary_cli.example import Glyph
from vary_cli.model.glyphs import ReadGlyph
from vary_cli.model.strips import places

RISE, SMALL, TINY = 0.15, 0.92, 0.25  # ems of the line: what stands higher and is smaller, but not tiny, is raised
ASIDE = 0.15  # em of a mark: what is read left or right of its place by more is of its neighbours


@dataclass(frozen=True)
class Mark:
    """Raised characters that follow each other on a line that was read."""

    first: int
    stop: int
    """Which of the line's characters."""
    line: Line
    """A line of nothing else, px of the picture."""


def marks(line: Line, said: Sequence[ReadGlyph], cell_width: int) -> Iterator[Mark]:
    """The marks on a line, from left to right."""
    left, cell = places(line, cell_width)
    for raised, run in groupby(range(len(said)), key=lambda i: is_raised(said[i])):
        if not raised:
            continue
        numbers = list(run)
        inside = [said[i] for i in numbers]
        size = statistics.median(glyph.size for glyph in inside) * line.em
        baseline = line.baseline - statistics.median(glyph.rise for glyph in inside) * line.em
        first, last = (Glyph(one.char, left + one.x * cell, baseline, size, 0).box for one in (inside[0], inside[-1]))
        yield Mark(numbers[0], numbers[-1] + 1, Line((first[0], first[1], last[2], first[3]), baseline, size))


def is_raised(glyph: ReadGlyph) -> bool:
    """Whether a character stands higher than others and is smaller."""
    return glyph.rise > RISE and TINY < glyph.size < SMALL and not glyph.char.isspace()


def retold(
    line: Line, said: tuple[ReadGlyph, ...], mark: Mark, seen: Sequence[ReadGlyph], cell_width: int
) -> tuple[ReadGlyph, ...]:
    """A line's characters with what was seen of a mark by itself, if that is surer. `seen`: on the mark's own strip."""
    before = said[mark.first : mark.stop]
    (left, cell), (own_left, own_cell) = (places(one, cell_width) for one in (line, mark.line))
    low, _, high, _ = mark.line.box
    room = ASIDE * mark.line.em
    inside = [g for g in seen if low - room < own_left + g.x * own_cell < high + room and not g.char.isspace()]
    if not inside or sureness(inside) <= sureness(before):
        return said
    scale, rise = mark.line.em / line.em, (line.baseline - mark.line.baseline) / line.em
    told = [
        replace(
            glyph,
            x=(own_left - left + glyph.x * own_cell) / cell,
            rise=rise + glyph.rise * scale,
            size=glyph.size * scale,
            style=before[0].style,
        )
        for glyph in inside
    ]
    return (*said[: mark.first], *told, *said[mark.stop :])


def sureness(glyphs: Sequence[ReadGlyph]) -> float:
    """Mean probability."""
    return statistics.fmean(glyph.probability for glyph in glyphs)
