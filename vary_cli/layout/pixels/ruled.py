"""Rules: long thin straight lines of ink that frame, underline and separate. The rest are letters and drawings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from vary_cli.ink.blobs import NO_BOXES, Bits, Blobs, Gray, Ints, Runs, blobs, grouped, hulls, joined, runs_of
from vary_cli.layout.pixels.pieces import neighbours

ACROSS, DOWN = 2.2, 2.8  # em; shorter strokes are dashes, fraction bars, brackets
STROKE = 1.0  # em; runs of this length may be parts of a rule,
DASH = 0.35  # and thin blobs of this length
THIN = 0.2  # em; a rule is at most this thick,
CLIMB, FAR = 0.003, 10.0  # of the length beyond so many em: a scan is never quite level
GAP = 0.8  # em; broken by wear no wider,
WHOLE = 0.75  # and this much of it is left
LONG = 16  # px over which a pale rule is averaged,
PALE, DARK = 9, 64  # and then darker than paper by this much: what is darker is ink
TURNED = [1, 0, 3, 2]


@dataclass(frozen=True)
class Rules:
    """Boxes of rules, (N, 4) px each."""

    across: Ints
    down: Ints


def take(gray: Gray, bits: Bits, found: Blobs, em: float) -> tuple[Rules, Blobs]:
    """The rules of a picture, (height, width), and the blobs of its ink without them."""
    image = Image.fromarray(gray)
    across = [bars(found.runs, em), thin(found.boxes, found.area, em), pale(np.asarray(image.reduce((LONG, 1))), em)]
    turned = [
        upright_bars(bits, found.boxes, em),
        thin(found.boxes[:, TURNED], found.area, em),
        pale(np.asarray(image.reduce((1, LONG))).T, em),
    ]
    rules = Rules(chained(across, ACROSS, em), chained(turned, DOWN, em)[:, TURNED])
    if not len(rules.across) and not len(rules.down):
        return rules, found
    cleared = bits.copy()
    for x0, y0, x1, y1 in np.concatenate([rules.across, rules.down]).tolist():
        cleared[y0:y1, x0:x1] = False
    return rules, blobs(cleared)


def bars(runs: Runs, em: float) -> Ints:
    """Boxes of long runs that lie one over the other, if they are thin together."""
    found = grouped(runs.take(runs.stop - runs.start >= STROKE * em))
    return thin(found.boxes, found.area, em)


def thin(boxes: Ints, area: Ints, em: float) -> Ints:
    """The boxes whose ink is no thicker than a rule. Long ones climb a little where a scan is not quite level."""
    (wide, high), most = (boxes[:, 2:] - boxes[:, :2]).T, max(3.0, THIN * em)
    climbs = CLIMB * np.maximum(0, wide - FAR * em)
    fits: Bits = (area <= most * wide) & (high <= most + climbs)
    return boxes[fits]


def upright_bars(bits: Bits, boxes: Ints, em: float) -> Ints:
    """Boxes of long upright runs in blobs taller than letters, with x and y exchanged."""
    found = [NO_BOXES]
    for x0, y0, x1, y1 in boxes[boxes[:, 3] - boxes[:, 1] >= 1.5 * em].tolist():
        found.append(bars(runs_of(bits[y0:y1, x0:x1].T), em) + np.array([y0, x0, y0, x0]))
    return np.concatenate(found)


def pale(means: Gray, em: float) -> Ints:
    """Stretches of rules across too pale for ink, from means of LONG px: darker than clear paper above and below."""
    tones = means.astype(np.int16)
    reach = max(4, round(0.25 * em))
    rows = len(tones) - 2 * reach
    if rows <= 0:  # hardly higher than a letter, or wider
        return NO_BOXES
    beside = [tones[reach + step : reach + step + rows] for off in {3, (reach + 3) // 2, reach} for step in (-off, off)]
    paper = np.min(beside, axis=0)
    depth = paper - tones[reach:-reach]
    found = blobs((depth > PALE) & (depth < DARK) & (paper > np.median(tones) - PALE))
    boxes = thin(found.boxes, found.area, em)
    return boxes[boxes[:, 2] - boxes[:, 0] >= 4] * (LONG, 1, LONG, 1) + (0, reach, 0, reach)


def chained(parts: list[Ints], shortest: float, em: float) -> Ints:
    """Boxes of the rules across that fragments in line with each other make up."""
    found = np.concatenate(parts)
    found = found[found[:, 2] - found[:, 0] >= DASH * em]
    found = found[np.argsort(found[:, 0], kind="stable")]
    left, right = neighbours(found, GAP * em)
    middle = (found[:, 1] + found[:, 3]) / 2
    level = np.abs(middle[left] - middle[right]) <= max(2.0, 0.12 * em)
    owner = joined(len(found), left[level], right[level])
    rules = hulls(found, owner)
    length = rules[:, 2] - rules[:, 0]
    inked = np.bincount(owner, found[:, 2] - found[:, 0], len(rules))
    flat = rules[:, 3] - rules[:, 1] <= max(4.0, 1.5 * THIN * em)
    return rules[(length >= shortest * em) & (inked >= WHOLE * length) & flat]
