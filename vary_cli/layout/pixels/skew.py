"""How far a picture of text is turned, from the feet of its letters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vary_cli.ink import tones
from vary_cli.ink.blobs import blobs

WIDEST = 8.0  # degrees; more is not skew
FEW = 25  # letters; fewer say nothing about skew


def angle(image: Image.Image) -> float:
    """Degrees by which the lines of text are turned counter-clockwise; 0.0 where there is too little text to tell."""
    gray = np.asarray(image.convert("L").reduce(2 if min(image.size) > 600 else 1))
    feet = letter_feet(gray)
    if len(feet) < FEW:
        return 0.0
    coarse = np.arange(-WIDEST, WIDEST + 0.01, 0.25)
    scores = np.array([sharpness(feet, turn) for turn in coarse])
    if scores.max() < 1.5 * np.median(scores):
        return 0.0
    best = float(coarse[scores.argmax()])
    fine = best + np.arange(-0.4, 0.401, 0.02)
    scores = np.convolve([sharpness(feet, turn) for turn in fine], np.ones(5) / 5, "same")
    return float(fine[scores.argmax()])


def letter_feet(gray: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Middle and bottom of everything of a letter's size, (N, 2) px."""
    found = blobs(tones.find(gray).bits)
    wide, high = (found.boxes[:, 2:] - found.boxes[:, :2]).T
    marks = high[(high > 4) & (wide > 2)]
    size = np.median(marks) if len(marks) else 0
    letters = (high > 0.6 * size) & (high < 3 * size) & (wide < 6 * size)
    boxes = found.boxes[letters]
    return np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]], 1).astype(float)


def sharpness(feet: NDArray[np.float64], turn: float) -> float:
    """How well feet gather on lines when the picture is turned back."""
    y = feet[:, 1] + feet[:, 0] * np.tan(np.radians(turn))
    counts = np.bincount((2 * (y - y.min())).astype(np.int64)).astype(float)
    return float((np.convolve(counts, (0.5, 1.0, 1.0, 1.0, 0.5)) ** 2).sum())
