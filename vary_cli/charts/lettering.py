"""Where text stands on a chart: level, slanted or upright lines of letters. Reads no letter and knows no chart.

Letters are strokes that are darker than all about them. Lines, grids and the edges of bars are so too; they are told
apart by their size, and what is left of them reads as nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from vary_cli.charts.words import Word
from vary_cli.document import Line
from vary_cli.layout.pixels import gauge, pieces
from vary_cli.layout.pixels.blobs import Bits, Blobs, Floats, Gray, Ints, Runs, blobs, hulls, joined, measured, runs_of
from vary_cli.layout.pixels.lines import profile_of

ANGLES = (90, 45, 30)  # degrees by which text is turned, counter-clockwise, where it is not level
STROKE = 13  # px; the strokes of letters are thinner
FAINT = 0.3  # of the contrast of most text; what is paler is no ink
LEAST = 36  # levels of gray, the same
RULE = 40  # px; straighter and longer than any stroke
TICK, THIN = 9, 3  # px; marks of axes are no longer and no thicker
LETTER = 56  # px; no letter is larger
LEVEL, TURNED = 1.6, 1.8  # lengths of lines in their heights: letters on level lines so long stay there; turned ones are longer
VIVID = 45  # levels from grey; text is greyer
CROWDED, MANY = 0.14, 12  # of a colour's area; hatching covers more, with more marks
ALIKE = 0.6  # of marks of hatching are of one size
PAPER = 6  # px around a line that is cut out
LOW = 4  # px; what is lower is no line of text
SPACE = 0.75  # heights of a line; words stand no further apart
DIGIT = 0.74  # em; digits are so high
EVEN, NARROW = 0.75, 0.95  # of the letters of a line of digits are of one height; heights of a digit
INKED = 175  # tone of what is ink on a cut


@dataclass(frozen=True)
class Lettering:
    """One line of text on a picture."""

    image: Image.Image
    """Cut out and turned level, grey letters on white."""
    line: Line
    """Its place on `image`."""
    box: tuple[float, float, float, float]
    """px of the whole picture, upright."""
    angle: int
    """Degrees by which it is turned, counter-clockwise."""

    def read(self, text: str) -> Word:
        """The word that it proved to be."""
        return Word(text, self.box, self.line.em, self.angle)


def closed(band: NDArray[np.uint8]) -> Gray:
    """A band of a picture without what is thin and dark on it."""
    return np.asarray(Image.fromarray(band).filter(ImageFilter.MaxFilter(STROKE)).filter(ImageFilter.MinFilter(STROKE)))


def strokes(bands: Gray) -> Gray:
    """How much darker than their surroundings the thin and dark parts of a picture are, (height, width)."""
    value = bands.max(2)
    return closed(value) - value


def letters(bands: Gray, depth: Gray) -> Blobs:
    """Pieces of grey or black ink of the size of letters; rules, the marks on them and hatching aside."""
    strong = depth[depth > LEAST]
    bits = depth > max(LEAST, FAINT * float(np.percentile(strong, 90))) if len(strong) else depth > LEAST
    rules = ruled(np.asarray(bits))
    found = blobs(bits & ~rules)
    wide, high = (found.boxes[:, 2:] - found.boxes[:, :2]).T
    found = found.take((wide < LETTER) & (high < LETTER) & ~ticks(found.boxes, rules))
    found = found.take(vividness(bands, found) < VIVID)
    return found.take(~hatched(bands, found))


def ticks(boxes: Ints, rules: Bits) -> Bits:
    """Which blobs are the marks of an axis: short strokes that stand on a rule, or in a row with their like."""
    short = (boxes[:, 2:] - boxes[:, :2]).max(1) <= TICK
    thin = (boxes[:, 2:] - boxes[:, :2]).min(1) <= THIN
    height, width = rules.shape
    sums = np.pad(rules.astype(np.int64), ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    x0, y0 = np.maximum(boxes[:, :2] - THIN, 0).T
    x1, y1 = np.minimum(boxes[:, 2] + THIN, width), np.minimum(boxes[:, 3] + THIN, height)
    touching = sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0] > 0
    return np.asarray(short & thin & touching)


def vividness(bands: Gray, found: Blobs) -> Floats:
    """How far from grey each blob is, in levels."""
    vivid = np.cumsum(np.pad((bands.max(2) - bands.min(2)).astype(np.int64), ((0, 0), (1, 0))), 1)
    runs = found.runs
    sums = vivid[runs.row, runs.stop] - vivid[runs.row, runs.start]
    return np.asarray(np.bincount(found.owner, sums, len(found)) / np.maximum(found.area, 1))


def hatched(bands: Gray, found: Blobs) -> Bits:
    """Which blobs are hatching: many on one colour, close together; on grey ground also all alike, as no text is."""
    flat = np.stack([closed(np.ascontiguousarray(bands[:, :, band])) for band in range(3)], 2).astype(np.int64) >> 4
    codes = flat @ np.array([256, 16, 1])
    middle = (found.boxes[:, :2] + found.boxes[:, 2:]) // 2
    own = codes[middle[:, 1], middle[:, 0]]
    sizes = found.boxes[:, 2:] - found.boxes[:, :2]
    wide = np.bincount(codes.ravel(), minlength=4096)
    crowd = np.bincount(own, sizes.prod(1), 4096)
    hatching = np.zeros(len(found), np.bool_)
    for code in np.flatnonzero((crowd > CROWDED * wide) & (np.bincount(own, minlength=4096) > MANY)).tolist():
        mine = own == code
        alike = (np.abs(sizes[mine] - np.median(sizes[mine], axis=0)) <= 1).all(1).mean()
        hatching |= mine & (not is_grey(code) or alike > ALIKE)
    return hatching


def is_grey(code: int) -> bool:
    """Whether a colour of 16 levels a band is nearly grey."""
    bands = (code >> 8, code >> 4 & 15, code & 15)
    return max(bands) - min(bands) < 3


def ruled(bits: Bits) -> Bits:
    """The straight lines across and down among ink."""
    rules = np.zeros_like(bits)
    for source, target in ((bits, rules), (bits.T, rules.T)):
        runs = runs_of(np.ascontiguousarray(source))
        long = runs.take(runs.length >= RULE)
        for row, start, stop in zip(long.row, long.start, long.stop, strict=True):
            target[row, start:stop] = True
    return rules


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
    length: Ints
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


def angles(found: Blobs, em: float) -> Ints:
    """The angle of the line that each letter stands on: (N,) degrees."""
    level = linked(found.boxes, em).length
    best, told = np.maximum(level, LEVEL), np.zeros(len(found), np.int64)
    for angle in ANGLES:
        lines = linked(turned(found, angle), em)
        for number in np.unique(lines.owner[lines.length > TURNED]).tolist():
            members = np.flatnonzero(lines.owner == number)
            if len(members) > 1 and lines.length[members[0]] > 1.3 * float(np.median(best[members])):
                told[members], best[members] = angle, lines.length[members]
    return told


def find(image: Image.Image) -> list[Lettering]:
    """The lines of text on a picture."""
    bands = np.asarray(image.convert("RGB"))
    depth = strokes(bands)
    found = letters(bands, depth)
    if not len(found):
        return []
    em = pieces.common_size(found.boxes)
    told = angles(found, em)
    cuts = [cut for angle in (0, *ANGLES) for cut in cuts_at(angle, found.take(told == angle), depth, em)]
    return [replace(cut, line=line) for cut, line in zip(cuts, sized([np.asarray(cut.image) for cut in cuts]), strict=True)]


def cuts_at(angle: int, found: Blobs, depth: Gray, em: float) -> Iterator[Lettering]:
    """The lines at one angle, their sizes still to be measured."""
    if not len(found):
        return
    boxes = turned(found, angle)
    words = pieces.linked(boxes, em)
    owner = phrases(hulls(boxes, words))[words]
    for number, place in enumerate(hulls(boxes, owner)):
        ink = found.take(owner == number)
        if place[3] - place[1] >= LOW and ink.area.sum() > LOW:
            yield cut(ink, place, angle, depth)


def phrases(words: Ints) -> Ints:
    """The line of each word: words side by side, a space apart. (N, 4) -> (N,)."""
    order = np.argsort(words[:, 0], kind="stable")
    left, right = pieces.neighbours(words[order], 0)
    left, right = order[left], order[right]
    one, two = words[left], words[right]
    low, high = np.sort(pieces.heights(one, two), 0)
    level = (pieces.shared_height(one, two) > 0.6 * low) & (high < 1.8 * low)
    return joined(len(words), left[level & (two[:, 0] - one[:, 2] < SPACE * high)], right[level & (two[:, 0] - one[:, 2] < SPACE * high)])


def cut(ink: Blobs, place: Ints, angle: int, depth: Gray) -> Lettering:
    """One line, cut out, its darkest stroke black."""
    x0, y0 = ink.boxes[:, :2].min(0).tolist()
    x1, y1 = ink.boxes[:, 2:].max(0).tolist()
    full = max(1, int(np.percentile(depth[y0:y1, x0:x1], 98)))
    around = (max(0, y0 - PAPER), max(0, x0 - PAPER))
    part = depth[around[0] : y1 + PAPER, around[1] : x1 + PAPER]
    paper = Image.fromarray((255 - np.minimum(255, part * (255.0 / full))).astype(np.uint8))
    left, top, right, bottom = (float(edge) for edge in place.tolist())
    image = level_crop(paper, (left, top, right, bottom), angle, around)
    line = Line((PAPER, PAPER, PAPER + right - left, PAPER + bottom - top), 0, 1)
    return Lettering(image, line, (float(x0), float(y0), float(x1), float(y1)), angle)


def level_crop(paper: Image.Image, box: tuple[float, float, float, float], angle: int, corner: tuple[int, int]) -> Image.Image:
    """What stands in a box along and across lines at an angle, of a part of the picture whose corner is (y, x)."""
    left, top = box[0] - PAPER, box[1] - PAPER
    size = (math.ceil(box[2] + PAPER - left), math.ceil(box[3] + PAPER - top))
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    place = (cos, sin, left * cos + top * sin - corner[1], -sin, cos, top * cos - left * sin - corner[0])
    return paper.transform(size, Image.Transform.AFFINE, place, Image.Resampling.BICUBIC, fillcolor=255)


def sized(cuts: list[Gray]) -> list[Line]:
    """Where the ink of each cut stands and how large it is."""
    inks = [runs_of(gray[: -PAPER or None] < INKED) for gray in cuts]
    offsets = np.cumsum([0, *(gray.shape[0] + 1 for gray in cuts)])
    rows = np.concatenate([ink.row + off for ink, off in zip(inks, offsets, strict=False)])
    runs = Runs(rows, np.concatenate([ink.start for ink in inks]), np.concatenate([ink.stop for ink in inks]))
    owner = np.repeat(np.arange(len(cuts)), [len(ink) for ink in inks])
    found = measured(runs, owner)
    sizes = gauge.measure(profile_of(found, np.arange(len(cuts)), found.boxes))
    lines = [
        Line((float(x0), float(y0 - off), float(x1), float(y1 - off)), float(base - off), float(em))
        for (x0, y0, x1, y1), off, base, em in zip(found.boxes.tolist(), offsets.tolist(), sizes.baseline, sizes.em, strict=False)
    ]
    return [as_digits(line) if is_even(gray) else line for line, gray in zip(lines, cuts, strict=True)]


def is_even(gray: Gray) -> bool:
    """Whether the letters of a cut are narrow and of one height, as digits are."""
    boxes = blobs(gray < INKED).boxes
    wide, high = (boxes[:, 2:] - boxes[:, :2]).T
    tall = high > 0.6 * high.max()
    even = (high[tall] >= high.max() - 1.5) & (boxes[tall, 3] >= boxes[:, 3].max() - 2)
    return bool(even.mean() > EVEN and (wide[tall] < NARROW * high[tall]).mean() > 1 - EVEN)


def as_digits(line: Line) -> Line:
    """The line, sized as digits are."""
    x0, y0, x1, y1 = line.box
    return Line(line.box, y1, (y1 - y0) / DIGIT)
