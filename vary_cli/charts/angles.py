"""How lines of text are turned: level, slanted as names along an axis are, or upright. Reads no letter."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from vary_cli.ink.blobs import NO_BOXES, Blobs, Floats, Ints, centred, hull, hulls
from vary_cli.layout.pixels import pieces

ANGLES = (90, 45, 30)  # degrees by which text is turned, counter-clockwise, where it is not level
LEVEL, TURNED = 1.6, 1.8  # heights; level lines keep their letters from that length on, turned ones are longer
LONGER = 1.3  # times the length of the level line that letters would else be in
DENSE = 0.55  # heights of letters; they stand no further apart on most places of their line
FEW = 3  # letters; each of so few must stand in a shorter level line, of more only most of them
ASIDE = 1.0  # heights of a row of turned names; more of them stand so far beside it


def turned(found: Blobs, angle: int) -> Ints:
    """The boxes of blobs along and across lines at an angle, (N, 4)."""
    if not angle:
        return found.boxes
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    corners = []
    for x in (found.runs.start, found.runs.stop):
        for y in (found.runs.row, found.runs.row + 1):
            corners.append((x * cos - y * sin, x * sin + y * cos))
    along, across = np.array(corners).swapaxes(0, 1)  # (4, runs) each
    boxes = np.stack([along.min(0), across.min(0), along.max(0), across.max(0)], 1)
    return hulls(np.round(boxes).astype(np.int64), found.owner)


@dataclass(frozen=True)
class Linked:
    """Letters in lines at one angle."""

    owner: Ints
    """The line of each letter."""
    length: Floats
    """Of each letter's line: how long it is in its heights; 1 where it is no line."""


def linked(boxes: Ints, em: float) -> Linked:
    """Letters joined along the line."""
    owner = pieces.linked(boxes, em)
    lines = hulls(boxes, owner)
    wide, high = (lines[:, 2:] - lines[:, :2]).T
    tallest = np.zeros(len(lines), np.int64)
    np.maximum.at(tallest, owner, boxes[:, 3] - boxes[:, 1])
    length = np.where(high <= 1.5 * tallest, wide / np.maximum(high, 1), 1.0)
    return Linked(owner, length[owner])


def is_dense(boxes: Ints) -> bool:
    """Whether letters stand as close along their line as letters do: those of names over each other do not."""
    order = np.argsort(boxes[:, 0])
    gaps = boxes[order[1:], 0] - np.maximum.accumulate(boxes[order, 2])[:-1]
    return bool(np.median(gaps) < DENSE * np.median(boxes[:, 3] - boxes[:, 1]))


def angles(found: Blobs, em: float) -> Ints:
    """The angle of the line that each letter stands on: (N,) degrees."""
    level = linked(found.boxes, em).length
    best, told = np.maximum(level, LEVEL), np.zeros(len(found), np.int64)
    for angle in ANGLES:
        boxes = turned(found, angle)
        lines = linked(boxes, em)
        for number in np.unique(lines.owner[lines.length > TURNED]).tolist():
            members = np.flatnonzero(lines.owner == number)
            usual = float((np.max if len(members) <= FEW else np.median)(best[members]))
            if len(members) > 1 and lines.length[members[0]] > LONGER * usual and is_dense(boxes[members]):
                told[members], best[members] = angle, lines.length[members]
    return banded(found, told)


def banded(found: Blobs, told: Ints) -> Ints:
    """The same, but letters among slanted or upright names of one row stand as those do, short names too."""
    for angle in ANGLES:
        mine = told == angle
        row = names_at(found.take(mine), angle)
        if len(row) < 2:
            continue
        box = hull(row)
        wide = ASIDE * (box[3] - box[1])
        inside = centred(found.boxes, box + np.array([-wide, -2, wide, 0]).astype(np.int64))
        if (inside & mine).sum() > 0.5 * inside.sum():
            told[inside] = angle
    return told


def names_at(found: Blobs, angle: int) -> Ints:
    """The boxes of turned names that begin at one height, (N, 4)."""
    if not len(found):
        return NO_BOXES
    size = float(np.median(found.boxes[:, 3] - found.boxes[:, 1]))
    names = hulls(found.boxes, pieces.linked(turned(found, angle), pieces.common_size(found.boxes)))
    names = names[names[:, 3] - names[:, 1] > 2 * size]
    return names[np.abs(names[:, 1] - np.median(names[:, 1])) < size] if len(names) else NO_BOXES
