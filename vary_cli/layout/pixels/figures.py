"""Pictures on a page: photographs, drawings and plots with their labels; and frames, which are none."""

from __future__ import annotations

import numpy as np

from vary_cli.ink.blobs import NO_BOXES, Bits, Blobs, Ints, centred, hull, hulls, overlapping
from vary_cli.layout.pixels.pieces import linked, phrases
from vary_cli.layout.pixels.ruled import Rules

LARGE, LONG = 1.9, 2.5  # em; letters and brackets are smaller one way or the other
EDGE = 0.4  # em; the ink of a frame lies this close to its box,
HOLLOW = 0.85  # this much of it
WALL = 8.0  # em; what is taller and narrow is the side of a wavy or broken frame
BADGE = 5.0  # em; a frame as high as wide and no larger is a sign
NEAR = 0.9  # em; labels stand no farther off
LABEL = 8.0  # em; labels are shorter
CROWDED = 6  # lines that are longer; rules about so many are none of a picture's


def take(found: Blobs, photographs: Ints, rules: Rules, em: float) -> tuple[Ints, Blobs]:
    """Boxes of pictures, (P, 4), and the blobs that are letters."""
    drawn, frames = drawings(found, em)
    seeds = np.concatenate([found.boxes[drawn], photographs])
    letters = found.take(~drawn & ~frames)
    if not len(seeds):
        return NO_BOXES, letters
    words = linked(letters.boxes, em)
    parts = hulls(letters.boxes, words)
    lines = phrases(parts, em)
    parts = hulls(parts, lines)
    is_label = parts[:, 2] - parts[:, 0] < LABEL * em
    pictures = grown(seeds, parts[is_label], np.concatenate([rules.across, rules.down]), em)
    if any(centred(parts[~is_label], box).sum() >= CROWDED for box in pictures):  # drawings in the cells of a table
        pictures = grown(seeds, parts[is_label], NO_BOXES, em)
    inside = np.any([centred(parts, box) for box in pictures], axis=0)  # a line beside a picture's label stays whole
    touching = np.any([overlapping(letters.boxes, box) for box in seeds], axis=0)
    return pictures, letters.take(~(inside[lines[words]] | touching))


def unframed(rest: Blobs, whole: Blobs, em: float) -> Blobs:
    """What is left of all ink without its rules, less what is left of frames: their round corners."""
    frames = drawings(whole, em)[1]
    if not frames.any():
        return rest
    wide = int(whole.runs.stop.max()) + 1
    places = [runs.row * wide + runs.start for runs in (whole.runs, rest.runs)]
    source = whole.owner[np.searchsorted(places[0], places[1], "right") - 1]
    kept = np.ones(len(rest), np.bool_)
    kept[rest.owner[frames[source]]] = False
    return rest.take(kept)


def drawings(found: Blobs, em: float) -> tuple[Bits, Bits]:
    """Which blobs are drawings and which are frames around something: (N,) each."""
    wide, high = (found.boxes[:, 2:] - found.boxes[:, :2]).T
    frames = (wide >= LONG * em) & (high >= 1.3 * em)
    for index in np.flatnonzero(frames).tolist():
        frames[index] = is_hollow(found, index, em)
    frames &= (np.maximum(wide, high) > BADGE * em) | (wide > 2 * high)
    frames |= (high >= WALL * em) & (wide < LARGE * em)
    large = (np.minimum(wide, high) >= LARGE * em) & (np.maximum(wide, high) >= LONG * em) & ~frames
    for index in np.flatnonzero(large).tolist():
        large[index] = not in_a_row(found.boxes, index)
    return large, frames


def is_hollow(found: Blobs, index: int, em: float) -> bool:
    """Whether nearly all ink of a blob runs along its box."""
    x0, y0, x1, y1 = found.boxes[index] + np.array([1, 1, -1, -1]) * max(3, int(EDGE * em))
    runs = found.runs.take(found.owner == index)
    within = np.where((runs.row >= y0) & (runs.row < y1), np.minimum(runs.stop, x1) - np.maximum(runs.start, x0), 0)
    return float(np.maximum(within, 0).sum()) < (1 - HOLLOW) * float(found.area[index])


def in_a_row(boxes: Ints, index: int) -> bool:
    """Whether two more blobs of the same height stand beside this one, as letters do."""
    height = boxes[index, 3] - boxes[index, 1]
    alike = np.abs(boxes[:, 3] - boxes[:, 1] - height) < 0.35 * height
    level = np.abs(boxes[:, 3] - boxes[index, 3]) < 0.3 * height
    aside = np.maximum(boxes[:, 0] - boxes[index, 2], boxes[index, 0] - boxes[:, 2])
    return int((alike & level & (aside < 2 * height)).sum()) >= 3


def grown(seeds: Ints, labels: Ints, rules: Ints, em: float) -> Ints:
    """Boxes of whole pictures: seeds with the rules that touch them and the labels about them."""
    boxes = merged(seeds)
    while True:
        larger = merged(absorbed(absorbed(boxes, rules, 0.3 * em), labels, NEAR * em))
        if np.array_equal(larger, boxes):
            return boxes
        boxes = larger


def absorbed(boxes: Ints, parts: Ints, reach: float) -> Ints:
    """Boxes enlarged by the parts within their reach."""
    return np.array([hull(np.vstack([parts[overlapping(parts, box, reach)], box])) for box in boxes])


def merged(boxes: Ints) -> Ints:
    """Boxes that overlap become one."""
    done: list[Ints] = []
    for box in boxes:
        while clash := [i for i, other in enumerate(done) if overlapping(other[None], box)[0]]:
            box = hull(np.vstack([box, *(done.pop(i) for i in reversed(clash))]))
        done.append(box)
    return np.array(sorted(done, key=lambda box: tuple(box)))
