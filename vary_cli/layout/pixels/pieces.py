"""Words and parts of words: letters linked along the line, never across a wide gap. Knows nothing of columns.

Distances are in `em`, the size of the page's common letters in px.
"""

from __future__ import annotations

import itertools

import numpy as np

from vary_cli.ink.blobs import Bits, Blobs, Floats, Ints, counted, hulls, joined, measured

ALIKE = 2.6  # letters of one word differ in height by less
TALL, LETTER = 1.3, 0.3  # em; words that are higher may stand on two lines; letters are higher
OUTSIZE = 12  # times the middle height; frames and drawings are taller and say nothing of letters


def common_size(boxes: Ints) -> float:
    """The em of most text, px, within a tenth or so: (N, 4) boxes of ink."""
    wide, high = (boxes[:, 2:] - boxes[:, :2]).T
    letters = (high >= 4) & (wide >= 2) & (wide < 6 * high)
    if not letters.any():
        return 20.0
    letters &= high < OUTSIZE * np.median(high[letters])
    rough = ranked(high[letters], np.minimum(wide, 2 * high)[letters], 0.8) / 0.75
    wide, high = (lambda words: (words[:, 2:] - words[:, :2]).T)(hulls(boxes, linked(boxes, rough)))
    words = (wide > 1.5 * rough) & (high > 0.3 * rough) & (high < 3 * rough)
    return ranked(high[words], wide[words], 0.5) / 0.95 if words.any() else rough


def ranked(values: Ints | Floats, weights: Ints | Floats, share: float) -> float:
    """The value below which this share of the weight lies."""
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order[np.searchsorted(total, share * total[-1])]])


def linked(boxes: Ints, em: float) -> Ints:
    """The piece of each blob: (N, 4) boxes -> (N,) numbers from 0."""
    order = np.argsort(boxes[:, 0], kind="stable")
    boxes = boxes[order]
    left, right = neighbours(boxes, 0.62 * em)
    link = same_word(boxes[left], boxes[right], em)
    dots, letters = hanging(boxes, np.concatenate([left, right]), np.concatenate([right, left]), em)
    owner = np.empty(len(boxes), np.int64)
    owner[order] = joined(len(boxes), np.concatenate([left[link], dots]), np.concatenate([right[link], letters]))
    return owner


def levelled(boxes: Ints, owner: Ints, em: float) -> Ints:
    """The word of each blob anew: commas and dirt may link letters of two lines, between which nothing stands."""
    words, result = hulls(boxes, owner), owner.copy()
    count = len(words)
    for index in np.flatnonzero(words[:, 3] - words[:, 1] > TALL * em).tolist():
        members = np.flatnonzero(owner == index)
        letters = boxes[members[boxes[members, 3] - boxes[members, 1] > LETTER * em]]
        letters = letters[np.argsort(letters[:, 1])]
        bottoms = np.maximum.accumulate(letters[:, 3])
        middles = (boxes[members, 1] + boxes[members, 3]) / 2
        for gap in np.flatnonzero(letters[1:, 1] > bottoms[:-1]).tolist():
            result[members[middles > (bottoms[gap] + letters[gap + 1, 1]) / 2]] = count
            count += 1
    return np.unique(result, return_inverse=True)[1].reshape(-1)


def phrases(boxes: Ints, em: float) -> Ints:
    """The phrase of each piece: pieces side by side, less than a wide gap apart. (N, 4) -> (N,)."""
    order = np.argsort(boxes[:, 0], kind="stable")
    left, right = neighbours(boxes[order], 1.5 * em)
    left, right = order[left], order[right]
    level = shared_height(boxes[left], boxes[right]) > 0.5 * heights(boxes[left], boxes[right]).min(0)
    return joined(len(boxes), left[level], right[level])


def neighbours(boxes: Ints, reach: float) -> tuple[Ints, Ints]:
    """Pairs of boxes, sorted by their left sides, that come within reach or nearly a letter's height of each other."""
    far = boxes[:, 2] + np.maximum(reach, 0.9 * (boxes[:, 3] - boxes[:, 1]))
    first = np.arange(len(boxes)) + 1
    left, right = counted(first, np.maximum(np.searchsorted(boxes[:, 0], far, "right") - first, 0))
    near = (boxes[left, 1] < boxes[right, 3] + reach) & (boxes[right, 1] < boxes[left, 3] + reach)
    return left[near], right[near]


def heights(one: Ints, two: Ints) -> Ints:
    """Heights of paired boxes: (2, N)."""
    return np.stack([one[:, 3] - one[:, 1], two[:, 3] - two[:, 1]])


def shared_height(one: Ints, two: Ints) -> Ints:
    """Rows that paired boxes have in common; negative is a gap."""
    return np.minimum(one[:, 3], two[:, 3]) - np.maximum(one[:, 1], two[:, 1])


def same_word(one: Ints, two: Ints, em: float) -> Bits:
    """Whether letters stand side by side, a word space apart at most."""
    low, high = np.sort(heights(one, two), 0)
    reach = np.maximum(0.84 * high, 0.42 * em)
    near = (high <= ALIKE * low) & (two[:, 0] - one[:, 2] <= reach)
    return np.asarray(near & (shared_height(one, two) >= 0.45 * low))


def is_small(boxes: Ints, em: float) -> Bits:
    """Dots, dashes, commas and accents: whatever cannot start a word."""
    wide, high = (boxes[:, 2:] - boxes[:, :2]).T
    return np.asarray((high < 0.24 * em) | ((high < 0.34 * em) & (wide < 0.2 * em)))


def hanging(boxes: Ints, dots: Ints, letters: Ints, em: float) -> tuple[Ints, Ints]:
    """Dots, commas, dashes and accents with the letter nearest to each, from pairs of neighbours."""
    small = is_small(boxes, em)
    pairs = small[dots] & ~small[letters]
    dots, letters = dots[pairs], letters[pairs]
    dot, letter = boxes[dots], boxes[letters]
    high, middle = letter[:, 3] - letter[:, 1], (dot[:, 1] + dot[:, 3]) / 2
    aside = np.maximum(dot[:, 0] - letter[:, 2], letter[:, 0] - dot[:, 2])
    above, below = letter[:, 1] - middle, middle - letter[:, 3]
    level = (above <= np.minimum(0.5 * high, 0.28 * em)) & (below <= np.minimum(0.3 * high, 0.15 * em))
    off = np.maximum(np.maximum(above, below), 0)
    dash = (dot[:, 2] - dot[:, 0] > 2.5 * (dot[:, 3] - dot[:, 1])) & (aside < 0) & (off > 0)
    fits = np.flatnonzero(level & ~dash & (aside < 0.35 * em) & (high < 2 * em))
    nearest = fits[np.lexsort((np.maximum(aside, 0)[fits] + off[fits], dots[fits]))]
    nearest = nearest[np.flatnonzero(np.diff(dots[nearest], prepend=-1))]
    return dots[nearest], letters[nearest]


def parted(found: Blobs, em: float) -> Blobs:
    """The same ink, but letters of two lines that touch each other are cut apart where least ink joins them."""
    high = found.boxes[:, 3] - found.boxes[:, 1]
    owner, count = found.owner.copy(), len(found)
    for index in np.flatnonzero((high >= 1.35 * em) & (high < 4 * em)).tolist():
        for row in cuts_through(found, index, em):
            owner[(found.owner == index) & (found.runs.row >= row)] = count
            count += 1
    return measured(found.runs, owner) if count > len(found) else found


def cuts_through(found: Blobs, index: int, em: float) -> list[int]:
    """Rows where a tall blob is cut: between the lines of letters beside it, if hardly any ink is there."""
    x0, y0, x1, y1 = found.boxes[index].tolist()
    boxes = found.boxes
    high = boxes[:, 3] - boxes[:, 1]
    inside = np.minimum(boxes[:, 3], y1) - np.maximum(boxes[:, 1], y0) > 0.6 * high
    gap = np.maximum(boxes[:, 0] - x1, x0 - boxes[:, 2])
    beside = boxes[inside & (gap > -0.2 * em) & (gap < 0.6 * em) & (high > 0.3 * em) & (high < 1.25 * em)]
    levels = np.sort((beside[:, 1] + beside[:, 3]) / 2)
    own = found.owner == index
    ink = np.bincount(found.runs.row[own] - y0, found.runs.length[own], y1 - y0)
    rows = []
    for upper, lower in itertools.pairwise(levels):
        if lower - upper > 0.6 * em:
            row = int(upper) + int(ink[int(upper) - y0 : int(lower) - y0 + 1].argmin())
            rows += [row] if ink[row - y0] < 0.5 * np.median(ink) else []
    return rows
