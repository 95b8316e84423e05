"""Several charts on one picture: where each stands, and which words are whose. Reads no values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vary_cli.boxes import beside
from vary_cli.charts import legend
from vary_cli.charts.canvas import UNLIKE, Canvas
from vary_cli.charts.legend import Entry
from vary_cli.charts.words import Word
from vary_cli.document import Box
from vary_cli.ink.blobs import Ints, blobs, hulls, joined

NEAR = 12  # px; parts of one chart lie no further apart
WIDE, HIGH = 0.1, 0.08  # of the picture; a chart's frame is larger
ALIKE = 0.2  # of the largest frame's area; charts of one picture are larger
TITLE = 2.2  # em; a chart's title stands so near above it
EDGE = 4  # px around a frame that are its own


@dataclass(frozen=True)
class Panel:
    """One of several charts."""

    canvas: Canvas
    """The picture with the others painted over."""
    words: list[Word]


def panels(canvas: Canvas, words: Sequence[Word]) -> tuple[list[Panel], str]:
    """Several charts on a picture in the order of reading, none where there is one, and the title over all."""
    frames = frames_on(canvas)
    if len(frames) < 2:
        return [], ""
    entries = legend.entries_anywhere(canvas, words)
    rest = [word for word in words if not any(word.box == entry.word.box for entry in entries)]
    over, rest = common_title(rest, frames)
    owners = [owner(word, frames) for word in rest]
    legends = [by_colour(canvas, entry, frames) for entry in entries]
    found = []
    for number in range(len(frames)):
        others = [grown(box) for place, box in enumerate(frames) if place != number]
        foreign = [entry.box for entry, mine in zip(entries, legends, strict=True) if mine != number]
        own = [word for word, mine in zip(rest, owners, strict=True) if mine == number]
        own += [entry.word for entry, mine in zip(entries, legends, strict=True) if mine == number]
        found.append(Panel(canvas.without([*others, *foreign], canvas.paper), own))
    return found, over


def grown(box: Box) -> Box:
    """A frame with its edge."""
    return box[0] - EDGE, box[1] - EDGE, box[2] + EDGE, box[3] + EDGE


def frames_on(canvas: Canvas) -> list[Box]:
    """Boxes of what is drawn in one piece and as large as a chart, row by row."""
    drawn = blobs(~canvas.where(canvas.paper, UNLIKE // 2))
    height, width, _ = canvas.pixels.shape
    boxes = drawn.boxes[(drawn.boxes[:, 2:] - drawn.boxes[:, :2]).max(1) > 0.03 * width]
    boxes = merged(boxes)
    wide, high = (boxes[:, 2:] - boxes[:, :2]).T
    large = boxes[(wide > WIDE * width) & (high > HIGH * height)]
    if not len(large):
        return []
    area = (large[:, 2:] - large[:, :2]).prod(1)
    kept = large[area > ALIKE * area.max()]
    return in_rows([(float(a), float(b), float(c), float(d)) for a, b, c, d in kept.tolist()])


def in_rows(boxes: Sequence[Box]) -> list[Box]:
    """Boxes row by row, from left to right."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: box[1] + box[3]):
        if rows and beside(rows[-1][0], box):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [box for row in rows for box in sorted(row)]


def merged(boxes: Ints) -> Ints:
    """Boxes put together where they touch or nearly do, until none does."""
    while len(boxes):
        near = (boxes[:, None, :2] < boxes[None, :, 2:] + NEAR / 2).all(2) & (
            boxes[:, None, 2:] > boxes[None, :, :2] - NEAR / 2
        ).all(2)
        owner = joined(len(boxes), *np.nonzero(near))
        fewer = hulls(boxes, owner)
        if len(fewer) == len(boxes):
            return fewer
        boxes = fewer
    return boxes


def common_title(words: list[Word], frames: Sequence[Box]) -> tuple[str, list[Word]]:
    """The uppermost row of words, if it stands over all charts; and the others."""
    first = min(frame[1] for frame in frames)
    above = [word for word in words if not word.angle and word.box[3] < first and len(word.text) > 1]
    if not above:
        return "", words
    top = min(above, key=lambda word: word.box[1])
    row = [word for word in above if abs(word.middle[1] - top.middle[1]) < 0.5 * top.em]
    rest = [word for word in words if word not in row]
    return " ".join(word.text for word in sorted(row, key=lambda word: word.box[0])), rest


def owner(word: Word, frames: Sequence[Box]) -> int:
    """The chart that a word belongs to."""
    costs = [cost(word, frame) for frame in frames]
    return costs.index(min(costs))


def cost(word: Word, frame: Box) -> float:
    """How unlikely a word is a chart's, by where it stands: titles stand above, names of axes left and below."""
    x, y = word.middle
    aside = max(frame[0] - word.box[2], word.box[0] - frame[2], 0.0)
    if frame[0] <= x <= frame[2] and frame[1] <= y <= frame[3]:
        return -1.0
    if word.box[3] <= frame[1] + 2:
        near = frame[1] - word.box[3] < TITLE * word.em
        return (0.0 if near and not word.angle else 400.0) + (frame[1] - word.box[3]) + 2 * aside
    if word.box[1] >= frame[3] - 2:
        return 30.0 + (word.box[1] - frame[3]) + 2 * aside
    return 2 * aside + (60.0 if x > frame[2] else 0.0)


def by_colour(canvas: Canvas, entry: Entry, frames: Sequence[Box]) -> int:
    """The chart that a legend's name belongs to: one that has its colour, the nearest of those."""
    has = [canvas.part(frame).where(entry.colour).mean() for frame in frames]
    costs = [away(entry.box, frame) + (0.0 if share > 2e-4 else 1e4) for share, frame in zip(has, frames, strict=True)]
    return costs.index(min(costs))


def away(box: Box, frame: Box) -> float:
    """How far a box is from a frame, px."""
    return max(frame[0] - box[2], box[0] - frame[2], 0.0) + max(frame[1] - box[3], box[1] - frame[3], 0.0)
