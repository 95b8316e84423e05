"""Small print in a line, looked at once more in its own size: on the line's strip it has few px.

It is raised, as a footnote's mark, or the number before a line of code.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from PIL import Image

from vary_cli.document import Line
from vary_cli.example import MONO, Glyph
from vary_cli.model.glyphs import ReadGlyph, sureness
from vary_cli.model.strips import BASELINE, EM, places, strip

RISE, SMALL, TINY = 0.15, 0.92, 0.25  # ems of the line: what stands higher and is smaller, but not tiny, is raised
ASIDE = 0.15  # em of a mark: what is read left or right of its place by more is of its neighbours
INK = 60  # gray levels: what is darker than paper by more is ink
GAP, DIGITS = 0.25, 0.67  # ems: the least room between a line and its number; how tall digits are, of their own em
SHORT, LOW = (0.2, 0.52), 0.1  # ems of the line: how tall a number's are, and how far below the line they reach at most
LONG = 5  # digits of a number at most


@dataclass(frozen=True)
class Mark:
    """Small characters that follow each other on a line that was read."""

    first: int
    stop: int
    """Which of the line's characters."""
    line: Line
    """A line of nothing else, px of the picture."""
    is_number: bool = False
    """Whether only digits can be meant."""


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


def number(line: Line, said: Sequence[ReadGlyph], image: Image.Image, cell_width: int) -> Iterator[Mark]:
    """The number of a line of code on a picture, where small ink stands apart at the line's beginning."""
    if not any(glyph.style & MONO for glyph in said):
        return
    pixels = strip(image, line)
    ink = pixels < int(pixels.max()) - INK
    columns = np.flatnonzero(ink.any(0))
    gaps = np.flatnonzero(np.diff(columns) > GAP * EM)
    if not len(gaps):
        return
    first, last = int(columns[0]), int(columns[gaps[0]]) + 1
    rows = np.flatnonzero(ink[:, first:last].any(1))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    stop = sum(glyph.x * cell_width < last for glyph in said)
    is_short = SHORT[0] * EM < bottom - top < SHORT[1] * EM and abs(bottom - BASELINE) < LOW * EM
    is_code = sum(1 if glyph.style & MONO else -1 for glyph in said[stop:] if not glyph.char.isspace()) > 0
    if is_short and is_code and stop <= LONG:
        left, scale = places(line, 1)
        baseline, size = line.baseline + (bottom - BASELINE) * scale, (bottom - top) * scale / DIGITS
        box = (left + first * scale, baseline - size, left + last * scale, baseline)
        yield Mark(0, stop, Line(box, baseline, size), is_number=True)


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
    if mark.is_number and not all(glyph.char.isdecimal() for glyph in inside):
        return said
    scale, rise = mark.line.em / line.em, (line.baseline - mark.line.baseline) / line.em
    told = [
        replace(
            glyph,
            x=(own_left - left + glyph.x * own_cell) / cell,
            rise=rise + glyph.rise * scale,
            size=glyph.size * scale,
            style=before[0].style if before else glyph.style,
        )
        for glyph in inside
    ]
    return (*said[: mark.first], *told, *said[mark.stop :])
