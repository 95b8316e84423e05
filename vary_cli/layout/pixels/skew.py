"""How far a picture of text is turned, from the feet of its letters: they gather on lines, heads and sides do less."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vary_cli.ink import tones
from vary_cli.ink.blobs import blobs
from vary_cli.layout.pixels.pieces import neighbours

WIDEST = 8.0  # degrees; more is not skew
FEW = 25  # letters; fewer say nothing about skew,
MANY = 60  # and fewer than so many nothing about which side is up
ASIDE = 1.5  # how many more letters stand close over than beside another one, if a picture lies on its side
CLOSE = 0.4  # of a letter's height
OVER = 1.25  # how much more heads gather on lines than feet, if it stands upside down


Letters = NDArray[np.float64]
"""Boxes of everything of a letter's size, (N, 4) px of the picture as it is looked at."""


def letters(image: Image.Image) -> Letters:
    """What may be letters of a picture, large ones looked at in half their size."""
    scale = 2 if min(image.size) > 600 else 1
    found = blobs(tones.find(np.asarray(image.convert("L").reduce(scale))).bits)
    wide, high = (found.boxes[:, 2:] - found.boxes[:, :2]).T
    marks = high[(high > 4) & (wide > 2)]
    size = np.median(marks) if len(marks) else 0
    return np.asarray(found.boxes[(high > 0.6 * size) & (high < 3 * size) & (wide < 6 * size)], np.float64)


def quarters(found: Letters) -> int:
    """Quarter turns counter-clockwise that a picture of text has been given: 0 to 3; 0 where that is not clear."""
    if len(found) < MANY:
        return 0
    x, y = (found[:, :2] + found[:, 2:]).T / 2
    sides = [(x, found[:, 3]), (-y, found[:, 2]), (-x, -found[:, 1]), (y, -found[:, 0])]
    if lies(found):
        return 1 if gathered(*sides[1]) > gathered(*sides[3]) else 3
    return 2 if gathered(*sides[2]) > OVER * gathered(*sides[0]) else 0


def gathered(along: NDArray[np.float64], across: NDArray[np.float64]) -> float:
    """How well one side of letters gathers on lines that are level but for little."""
    return max(sharpness(np.stack([along, across], 1), turn) for turn in np.arange(-2, 2.01, 0.25))


def lies(found: Letters) -> bool:
    """Whether letters follow each other from top to bottom, not from left to right."""
    reach = CLOSE * float(np.median(found[:, 3] - found[:, 1]))
    boxes = found[np.argsort(found[:, 0], kind="stable")].astype(np.int64)
    one, two = (boxes[pairs] for pairs in neighbours(boxes, reach))
    across, down = (np.maximum(one[:, i], two[:, i]) - np.minimum(one[:, i + 2], two[:, i + 2]) for i in (0, 1))
    beside, over = (across > 0) & (across < reach) & (down < 0), (down > 0) & (down < reach) & (across < 0)
    return int(over.sum()) > ASIDE * max(1, int(beside.sum()))


def angle(found: Letters) -> float:
    """Degrees by which the lines of text are turned counter-clockwise; 0.0 where there is too little text to tell."""
    if len(found) < FEW:
        return 0.0
    feet = np.stack([(found[:, 0] + found[:, 2]) / 2, found[:, 3]], 1)
    coarse = np.arange(-WIDEST, WIDEST + 0.01, 0.25)
    scores = np.array([sharpness(feet, turn) for turn in coarse])
    if scores.max() < 1.5 * np.median(scores):
        return 0.0
    best = float(coarse[scores.argmax()])
    fine = best + np.arange(-0.4, 0.401, 0.02)
    scores = np.convolve([sharpness(feet, turn) for turn in fine], np.ones(5) / 5, "same")
    return float(fine[scores.argmax()])


def sharpness(feet: NDArray[np.float64], turn: float) -> float:
    """How well feet gather on lines when the picture is turned back."""
    y = feet[:, 1] + feet[:, 0] * np.tan(np.radians(turn))
    counts = np.bincount((2 * (y - y.min())).astype(np.int64)).astype(float)
    return float((np.convolve(counts, (0.5, 1.0, 1.0, 1.0, 0.5)) ** 2).sum())
