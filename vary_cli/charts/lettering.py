"""Where text stands on a chart: level, slanted or upright lines of letters, cut out and turned level. Reads no letter.

What of lines, grids and marks is left among them reads as nothing. How large letters are small print hardly tells:
a line is offered in several sizes, and the model says in which it reads best.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from vary_cli.charts.angles import ANGLES, angles, turned
from vary_cli.charts.strokes import letters, strokes
from vary_cli.charts.words import Word
from vary_cli.document import Box, Line
from vary_cli.ink.blobs import Blobs, Gray, Ints, Runs, hull, hulls, joined, measured, runs_of
from vary_cli.layout.pixels import gauge, pieces
from vary_cli.layout.pixels.lines import profile_of

PAPER = 6  # px around a line that is cut out
EDGE = 2  # px; the edges of letters reach so far beyond their ink
LOW = 4  # px; what is lower is no line of text
SPACE = 0.6  # heights of a line; words stand no further apart
DIGITS, HAN = (0.74, 0.0), (0.93, 0.1)  # em; their height, and how far they reach below the baseline
CLOSE = 0.08  # of an em; sizes that differ by less are one
MORE = 0.15  # of log-probability; a reading that is twice as long may be less sure by that
INKED = 175  # tone of what is ink on a cut


@dataclass(frozen=True)
class Lettering:
    """One line of text on a picture."""

    image: Image.Image
    """Cut out and turned level, grey letters on white."""
    sizes: tuple[Line, ...]
    """Its place on `image`, as large as its letters may be."""
    box: Box
    """px of the whole picture, upright."""
    angle: int
    """Degrees by which it is turned, counter-clockwise."""

    def read(self, texts: Sequence[str], scores: Sequence[float]) -> Word:
        """The word that it proved to be, by what was read at each size and how surely."""
        best = max(range(len(texts)), key=lambda number: scores[number] + MORE * math.log2(1 + len(texts[number])))
        return Word(texts[best], self.box, self.sizes[best].em, self.angle)


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
    lines = sized([np.asarray(cut.image) for cut in cuts]) if cuts else []
    return [replace(cut, sizes=tuple(sizes_of(line))) for cut, line in zip(cuts, lines, strict=True)]


def cuts_at(angle: int, found: Blobs, depth: Gray, em: float) -> Iterator[Lettering]:
    """The lines at one angle, their sizes still to be measured."""
    if not len(found):
        return
    boxes = turned(found, angle)
    words = pieces.linked(boxes, em)
    owner = phrases(hulls(boxes, words))[words]
    for number, place in enumerate(hulls(boxes, owner)):
        ink = found.take(owner == number)
        if place[3] - place[1] >= LOW and place[2] - place[0] > 1:
            yield cut(ink, place, angle, depth)


def phrases(words: Ints) -> Ints:
    """The line of each word: words side by side, a space apart. (N, 4) -> (N,)."""
    order = np.argsort(words[:, 0], kind="stable")
    left, right = pieces.neighbours(words[order], 0)
    left, right = order[left], order[right]
    one, two = words[left], words[right]
    low, high = np.sort(pieces.heights(one, two), 0)
    level = (pieces.shared_height(one, two) > 0.6 * low) & (high < 1.8 * low) & (two[:, 0] - one[:, 2] < SPACE * high)
    return joined(len(words), left[level], right[level])


def cut(ink: Blobs, place: Ints, angle: int, depth: Gray) -> Lettering:
    """One line, cut out, its darkest stroke black."""
    x0, y0, x1, y1 = hull(ink.boxes).tolist()
    left, top = max(0, x0 - PAPER), max(0, y0 - PAPER)
    full = max(1, int(np.percentile(depth[y0:y1, x0:x1], 98)))
    shown = depth[top : y1 + PAPER, left : x1 + PAPER] * (255.0 / full)
    paper = Image.fromarray((255 - np.minimum(255, shown)).astype(np.uint8))
    box = (float(x0), float(y0), float(x1), float(y1))
    return Lettering(level_crop(paper, place, angle, (left, top)), (), box, angle)


def level_crop(paper: Image.Image, place: Ints, angle: int, corner: tuple[int, int]) -> Image.Image:
    """What stands at a place along and across lines at an angle, and nothing that is about it.

    `corner` is that of the part of the picture.
    """
    left, top, right, bottom = (place + np.array([-PAPER, -PAPER, PAPER, PAPER])).tolist()
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    rows = (cos, sin, left * cos + top * sin - corner[0], -sin, cos, top * cos - left * sin - corner[1])
    size = (right - left, bottom - top)
    shown = paper.transform(size, Image.Transform.AFFINE, rows, Image.Resampling.BICUBIC, fillcolor=255)
    alone = Image.new("L", size, 255)
    own = (PAPER - EDGE, PAPER - EDGE, size[0] - PAPER + EDGE, size[1] - PAPER + EDGE)
    alone.paste(shown.crop(own), own[:2])
    return alone


def sized(cuts: Sequence[Gray]) -> list[Line]:
    """Where the ink of each cut stands, and how large its letters are by its spread from top to bottom."""
    inks = [runs_of(gray < INKED) for gray in cuts]
    offs = np.cumsum([0, *(len(gray) + 1 for gray in cuts)])
    rows = np.concatenate([ink.row + off for ink, off in zip(inks, offs, strict=False)])
    runs = Runs(rows, np.concatenate([ink.start for ink in inks]), np.concatenate([ink.stop for ink in inks]))
    found = measured(runs, np.repeat(np.arange(len(cuts)), [len(ink) for ink in inks]))
    sizes = gauge.measure(profile_of(found, np.arange(len(cuts)), found.boxes))
    told = zip(found.boxes.tolist(), offs.tolist(), sizes.baseline.tolist(), sizes.em.tolist(), strict=False)
    return [line_at(box, off, baseline, em) for box, off, baseline, em in told]


def line_at(box: Sequence[float], off: float, baseline: float, em: float) -> Line:
    """A line `off` px higher."""
    x0, y0, x1, y1 = map(float, box)
    return Line((x0, y0 - off, x1, y1 - off), baseline - off, em)


def sizes_of(line: Line) -> Iterator[Line]:
    """The line as it was measured, as one of digits or capitals, and as one of Chinese characters."""
    yield line
    top, bottom = line.box[1], line.box[3]
    for height, depth in (DIGITS, HAN):
        em = (bottom - top) / height
        if abs(em - line.em) > CLOSE * line.em:
            yield Line(line.box, bottom - depth * em, em)
