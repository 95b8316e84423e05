"""The ink of letters on a chart: strokes darker than all about them, without rules, marks of axes and hatching.

Reads no letter and knows no lines of text.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from vary_cli.ink.blobs import Bits, Blobs, Floats, Gray, Ints, blobs, runs_of

STROKE = 13  # px; the strokes of letters are thinner
FAINT = 0.3  # of the contrast of most text; what is paler is no ink
LEAST = 36  # levels of gray, the same
RULE = 40  # px; straighter and longer than any stroke
TICK, THIN = 9, 3  # px; marks of axes are no longer and no thicker
STRUNG, END = 1.5, 0.15  # times as wide as high; of its width, where the line alone is
LETTER = 56  # px; no letter is larger
VIVID, DARK = 45, 0.7  # levels from grey, text is greyer; of most text's contrast, its darkest strokes have more
SPARSE, CROWDED, MANY = 0.04, 0.14, 12  # of a colour's area; hatching covers more, with more marks
ALIKE = 0.6  # of marks of hatching are of one size


def closed(band: Gray) -> Gray:
    """A band of a picture without what is thin and dark on it."""
    return np.asarray(Image.fromarray(band).filter(ImageFilter.MaxFilter(STROKE)).filter(ImageFilter.MinFilter(STROKE)))


def strokes(bands: Gray) -> Gray:
    """How much darker than their surroundings the thin and dark parts of a picture are, (height, width)."""
    value = bands.max(2)
    return np.asarray(closed(value) - value, np.uint8)


def letters(bands: Gray, depth: Gray) -> Blobs:
    """Pieces of grey or black ink of the size of letters; rules, the marks on them and hatching aside."""
    strong = depth[depth > LEAST]
    bits = depth > max(LEAST, FAINT * float(np.percentile(strong, 90))) if len(strong) else depth > LEAST
    rules = ruled(np.asarray(bits))
    found = blobs(bits & ~rules)
    wide, high = (found.boxes[:, 2:] - found.boxes[:, :2]).T
    found = found.take((wide < LETTER) & (high < LETTER) & ~ticks(found.boxes, rules))
    found = found.take(vividness(bands, depth, found) < VIVID)
    found = found.take(~strung(found))
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


def strung(found: Blobs) -> Bits:
    """Which blobs are a mark on a piece of line, as legends show lines: thin at both ends, at half their height."""
    wide, high = (found.boxes[:, 2:] - found.boxes[:, :2]).T
    middle = (found.boxes[:, 1] + found.boxes[:, 3] - 1) / 2
    runs, owner = found.runs, found.owner
    level = np.abs(runs.row - middle[owner]) <= THIN / 2
    fits = np.ones(len(found), np.bool_)
    for begins in (
        runs.start < (found.boxes[:, 0] + END * wide)[owner],
        runs.stop > (found.boxes[:, 2] - END * wide)[owner],
    ):
        fits &= np.bincount(owner[begins & ~level], minlength=len(found)) == 0
    return np.asarray(fits & (wide > STRUNG * high) & (high > 2 * THIN))


def vividness(bands: Gray, depth: Gray, found: Blobs) -> Floats:
    """How far from grey the darkest strokes of each blob are, in levels, or all of it where none is dark.

    The edges of letters take the colour of their ground.
    """
    vivid = (bands.max(2) - bands.min(2)).astype(np.int64)
    dark = depth > DARK * float(np.percentile(depth[depth > LEAST], 90)) if len(found) else depth > 0
    strokes_of, whole = summed(found, dark), summed(found, np.ones_like(vivid))
    return np.where(
        strokes_of > 0, summed(found, vivid * dark) / np.maximum(strokes_of, 1), summed(found, vivid) / whole
    )


def summed(found: Blobs, values: NDArray[np.generic]) -> Floats:
    """The sum of values, (height, width), over each blob."""
    sums = np.cumsum(np.pad(values.astype(np.int64), ((0, 0), (1, 0))), 1)
    runs = found.runs
    return np.bincount(found.owner, sums[runs.row, runs.stop] - sums[runs.row, runs.start], len(found)).astype(
        np.float64
    )


def hatched(bands: Gray, found: Blobs) -> Bits:
    """Which blobs are hatching: many on one colour that is no paper, close together or all alike."""
    flat = np.stack([closed(np.ascontiguousarray(bands[:, :, band])) for band in range(3)], 2).astype(np.int64) >> 4
    codes = flat @ np.array([256, 16, 1])
    middle = (found.boxes[:, :2] + found.boxes[:, 2:]) // 2
    own = codes[middle[:, 1], middle[:, 0]]
    sizes = found.boxes[:, 2:] - found.boxes[:, :2]
    wide = np.bincount(codes.ravel(), minlength=4096)
    crowd = np.bincount(own, sizes.prod(1), 4096)
    hatching = np.zeros(len(found), np.bool_)
    for code in np.flatnonzero((crowd > SPARSE * wide) & (np.bincount(own, minlength=4096) > MANY)).tolist():
        mine = own == code
        alike = (np.abs(sizes[mine] - np.median(sizes[mine], axis=0)) <= 1).all(1).mean() > ALIKE
        dense = crowd[code] > CROWDED * wide[code]
        hatching |= mine & ((dense and not is_grey(code)) or (alike and code != codes[0, 0]))
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
