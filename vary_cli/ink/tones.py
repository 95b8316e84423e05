"""What of a picture is ink: dark on paper, or light on a dark panel. Knows tones, not letters.

Paper may be grey, unevenly lit or noisy. A photograph has tones instead of ink and is reported as a box.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from vary_cli.ink.blobs import blobs

Bits = NDArray[np.bool_]
Gray = NDArray[np.uint8]
Bounds = tuple[int, int, int, int]

CELL = 16  # px; paper is measured on squares of this side
DEEP = 44  # cells this much darker than the page's paper belong to a panel or a photograph
BRIGHT = 0.35  # of a panel are letters; where more is as light as paper, that is what it is, and print is dense
BAND = 4  # cells; the least width of a panel that is no higher than one
FLAT = 30  # the cells of a panel differ by less,
DARKER = 70  # percent of them: the others may lie on its edge
STEP, EVEN = 8, 0.6  # gray levels between two panels side by side; share of a panel that is of its tone


@dataclass(frozen=True)
class Ink:
    """The ink of a picture, (height, width), and the boxes of what has tones instead, px."""

    bits: Bits
    photographs: tuple[Bounds, ...] = ()


def find(gray: Gray) -> Ink:
    """Tell ink from paper, (height, width) -> the same; light letters on a dark panel are ink as well."""
    height, width = gray.shape
    padded = np.pad(gray, ((0, -height % CELL), (0, -width % CELL)), mode="edge")
    tones = cell_medians(padded)
    near = smooth(tones, 3)
    white = np.percentile(near, 80)
    deep = near < white - DEEP
    paper = smooth(np.where(deep, white, tones).astype(np.uint8), 7)
    depth = contrast(padded, paper)
    bits = darker(padded, paper, depth)
    photographs = []
    for left, top, right, bottom in zones(deep):
        part = slice(top, bottom), slice(left, right)
        box = (CELL * left, CELL * top, CELL * right, CELL * bottom)
        dark = padded[rows_and_columns(box)] < white - DEEP
        if 1 - dark.mean() > BRIGHT:
            panels = solid(dark)
        elif np.subtract(*np.percentile(near[part][deep[part]], (DARKER, 8))) <= FLAT:
            panels = [(0, 0, box[2] - box[0], box[3] - box[1])]
        elif not (panels := stacked(padded[rows_and_columns(box)])):
            photographs.append(box)
        for panel in panels:
            develop(padded, bits, tuple(np.add(panel, (*box[:2], *box[:2])).tolist()), depth)
    return Ink(np.ascontiguousarray(bits[:height, :width]), tuple(photographs))


def cell_medians(gray: Gray) -> Gray:
    """The middle tone of each cell, from a quarter of its pixels: (height, width) -> (height / CELL, width / CELL)."""
    height, width, side = gray.shape[0] // CELL, gray.shape[1] // CELL, CELL // 2
    thin = gray[::2, ::2].reshape(height, side, width, side).swapaxes(1, 2).reshape(height, width, side * side)
    return np.partition(thin, side * side // 2, axis=2)[:, :, side * side // 2]


def smooth(cells: Gray, size: int) -> Gray:
    """Median over squares of cells."""
    return np.asarray(Image.fromarray(cells).filter(ImageFilter.MedianFilter(size)))


def contrast(gray: Gray, paper: Gray) -> float:
    """How much darker than its paper ink must be at least: above the noise, below pale print."""
    thin = paper.repeat(CELL // 4, 0).repeat(CELL // 4, 1).astype(np.int16) - gray[::4, ::4]
    noise = 1.48 * float(np.median(np.abs(thin - np.median(thin))))
    return max(20.0, 4.5 * noise, min(56.0, 0.3 * float(np.percentile(thin, 99.8))))


def darker(gray: Gray, paper: Gray, depth: float) -> Bits:
    """Pixels at least `depth` darker than the paper of their cell."""
    limit = np.clip(paper - depth, 1, 255).astype(np.uint8)
    blocks = gray.reshape(paper.shape[0], CELL, paper.shape[1], CELL)
    return np.asarray(blocks < limit[:, None, :, None]).reshape(gray.shape)


def zones(deep: Bits) -> list[Bounds]:
    """Boxes of connected deep cells, in cells."""
    found = blobs(deep)
    return [(left, top, right, bottom) for left, top, right, bottom in found.boxes.tolist()]


def solid(dark: Bits) -> list[Bounds]:
    """The band of a box that is dark, if one is: a narrow panel fills its cells but in part. px of the box."""
    rows = np.flatnonzero(dark.mean(1) > 1 - BRIGHT)
    columns = np.flatnonzero(dark[rows].mean(0) > 0.5) if len(rows) >= CELL else rows[:0]
    if len(columns) < BAND * CELL or dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].mean() < 1 - BRIGHT:
        return []
    return [(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)]


def stacked(gray: Gray) -> list[Bounds]:
    """The panels of even tones that a box is made of, from the top or the left, px of it; none if of others."""
    for across in (False, True):
        face = gray.T if across else gray
        tones = np.median(face, axis=1)
        edges = np.flatnonzero(np.abs(np.diff(tones)) > STEP) + 1
        bands = [(int(a), int(b)) for a, b in itertools.pairwise((0, *edges, len(tones))) if b - a >= CELL // 2]
        even = [np.mean(np.abs(face[a:b] - tones[(a + b) // 2]) < STEP) > EVEN for a, b in bands]
        if len(bands) > 1 and all(even) and sum(b - a for a, b in bands) > 0.9 * len(tones):
            return [(a, 0, b, face.shape[1]) if across else (0, a, face.shape[1], b) for a, b in bands]
    return []


def rows_and_columns(box: Bounds) -> tuple[slice, slice]:
    """A box as an index."""
    return slice(box[1], box[3]), slice(box[0], box[2])


def develop(gray: Gray, bits: Bits, box: Bounds, depth: float) -> None:
    """Tell ink from the even tone of a panel instead of the page's paper, in place."""
    left, top, right, bottom = max(0, box[0] - CELL), max(0, box[1] - CELL), box[2] + CELL, box[3] + CELL
    patch = gray[top:bottom, left:right]
    tone = float(np.median(gray[rows_and_columns(box)]))
    inside = np.abs(patch - tone) < FLAT
    ys, xs = np.flatnonzero(inside.mean(1) > 0.3), np.flatnonzero(inside.mean(0) > 0.3)
    if not len(ys) or not len(xs):
        return
    panel = rows_and_columns((left + xs[0], top + ys[0], left + xs[-1] + 1, top + ys[-1] + 1))
    face = gray[panel]
    sign = face < tone - depth if np.mean(face < tone - depth) > np.mean(face > tone + depth) else face > tone + depth
    bits[panel] = sign
