"""Shades: even boxes a little darker than the paper, as behind programs and the heads of tables. Knows no letters."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageFilter

from vary_cli.ink.blobs import NO_BOXES, Bits, Blobs, Floats, Gray, Ints, blobs, overlapping

CELL = 8  # px; tones are compared on squares of this side
BETWEEN = 5  # cells; somewhere in so many is paper without letters
BANDS = ((4.0, 24.0), (16.0, 45.0), (34.0, 75.0))  # a shade is darker than paper by this much; panels are darker still
EVEN = 0.4  # of how much darker it is; most of its cells differ in tone by less
FILLED = 0.85  # of its box at least
GAP = 2  # cells; as many may be missing on a row
COMMON = 0.1  # of the cells at least are of the paper's tone
BORDER = 0.25  # em; a box's frame lies so close to its edges,
FRAME = 0.8  # and so much of its ink
ALIKE = 0.8  # em; a table's head and its rules end within
WIDE, HIGH = 12.0, 1.2  # em; smaller ones are marks behind words


def find(gray: Gray, em: float) -> Ints:
    """The shaded boxes of a picture, (height, width) -> (N, 4) px."""
    tones = cell_tones(gray)
    white = paper(tones)
    depth = white - tones
    found = NO_BOXES
    for low, high in BANDS:
        for box in boxes(cleaned((depth > low) & (depth < high)), depth, em):
            if not overlapping(found, box).any():
                found = np.vstack([found, box])
    return np.array([exact(gray, box * CELL, white) for box in found], np.int64).reshape(-1, 4)


def exact(gray: Gray, box: Ints, white: float) -> list[int]:
    """A box with its edges where the tone changes, to the pixel."""
    x0, y0, x1, y1 = box.tolist()
    tone = float(np.median(gray[y0:y1, x0:x1]))
    columns, rows = np.median(gray[y0:y1], 0), np.median(gray[:, x0:x1], 1)
    dark = [line < (white + tone) / 2 for line in (columns, rows, columns[::-1], rows[::-1])]
    height, width = gray.shape
    left, top, right, bottom = (
        edge(side, near) for side, near in zip(dark, (x0, y0, width - x1, height - y1), strict=True)
    )
    return [left, top, width - right, height - bottom]


def edge(dark: Bits, near: int) -> int:
    """Where a shade begins, about a place: after the last pixel there that is not dark."""
    window = dark[max(0, near - CELL) : near + CELL + 1]
    light = np.flatnonzero(~window)
    return max(0, near - CELL) + (int(light[-1]) + 1 if len(light) else 0)


def edges(shaded: Ints, across: Ints, em: float) -> Ints:
    """The upper and lower edges of the boxes that are as wide as some rules across: those of a table's head."""
    if not len(shaded) or not len(across):
        return NO_BOXES
    ends = np.abs(shaded[:, None, [0, 2]] - across[:, [0, 2]])
    head = shaded[(ends < ALIKE * em).all(2).any(1)]
    return np.concatenate([head[:, [0, 1, 2, 1]], head[:, [0, 3, 2, 3]]])


def on_borders(found: Blobs, shaded: Ints, em: float) -> Bits:
    """Which blobs lie along the edges of a shade: they are of its frame, for no letters stand there. (N,)."""
    reach = np.array([-1, -1, 1, 1]) * max(3, round(BORDER * em))
    runs, inside = found.runs, np.zeros(len(found.runs), np.bool_)
    for side in ([0, 1, 2, 1], [0, 3, 2, 3], [0, 1, 0, 3], [2, 1, 2, 3]):
        for x0, y0, x1, y1 in (shaded[:, side] + reach).tolist():
            inside |= (runs.row >= y0) & (runs.row < y1) & (runs.start >= x0) & (runs.stop <= x1)
    return np.asarray(np.bincount(found.owner, runs.length * inside, len(found)) > FRAME * found.area)


def cell_tones(gray: Gray) -> Floats:
    """The tone of each cell between its letters: (height, width) -> (height / CELL, width / CELL)."""
    means = Image.fromarray(gray).reduce(CELL)
    closed = means.filter(ImageFilter.MaxFilter(BETWEEN)).filter(ImageFilter.MinFilter(BETWEEN))
    return np.asarray(closed).astype(float)


def paper(tones: Floats) -> float:
    """The lightest tone that is common, and more so than its neighbours; the median where none is, on photographs."""
    count = np.convolve(np.bincount(np.round(tones).astype(np.int64).ravel(), minlength=258), np.ones(3), "same")
    peaks = (count >= np.roll(count, 1)) & (count >= np.roll(count, -1)) & (count > COMMON * tones.size)
    return float(np.flatnonzero(peaks)[-1]) if peaks.any() else float(np.median(tones))


def cleaned(pale: Bits) -> Bits:
    """Cells of which some stand together, and those between them on their row."""
    shown = Image.fromarray(pale.astype(np.uint8)).filter(ImageFilter.MinFilter(3)).filter(ImageFilter.MaxFilter(3))
    left = right = np.asarray(shown).astype(np.bool_)
    for _ in range(GAP):
        left, right = left | np.roll(left, 1, 1), right | np.roll(right, -1, 1)
    return left & right


def boxes(pale: Bits, depth: Floats, em: float) -> Iterator[Ints]:
    """Boxes of cells that pale cells fill evenly, large enough to have text in them: (4,) cells."""
    least = np.array([WIDE, HIGH]) * em / CELL
    for box in blobs(pale).boxes:
        x0, y0, x1, y1 = box.tolist()
        if (box[2:] - box[:2] >= least).all() and pale[y0:y1, x0:x1].mean() > FILLED and is_even(depth[y0:y1, x0:x1]):
            yield box


def is_even(depth: Floats) -> bool:
    """Whether nearly all cells are of one tone."""
    middle = float(np.median(depth))
    return float(np.mean(np.abs(depth - middle) < max(2.0, EVEN * middle))) > FILLED
