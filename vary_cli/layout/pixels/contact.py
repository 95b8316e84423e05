"""Letters of several lines that touch: parted between the lines, where least ink joins them or where it is pale."""

from __future__ import annotations

import numpy as np

from vary_cli.ink.blobs import Bits, Blobs, Floats, Gray, Ints, Runs, blobs, overlapping, runs_of

TALL = 1.35  # em; what is taller may be letters of several lines
SMALLER = 0.75  # em; the letters of notes are no smaller
HIGH, FULL, ENOUGH = 0.9, 0.62, 6  # em; Chinese letters are so high, and most of several higher than Latin ones
LETTER = (0.3, 1.3)  # em; so high are letters
SCANT = 0.4  # of the ink on most rows; rows with less part lines
REACH = 2.0  # em; the letters beside it stand this close
SLACK = 2  # px; they end so close to the row between lines, or cross it
CROSSED = 0.15  # of them may
PALE = (0.2, 0.3, 0.4)  # of the way from the palest tones to the darkest; what is paler may be wear
MOST = 0.6  # of the ink must then be letters, or it was something else


def parted(gray: Gray, found: Blobs, em: float) -> Blobs:
    """The ink of a picture, (height, width), without what joins lines of letters."""
    wide, high = (found.boxes[:, 2:] - found.boxes[:, :2]).T
    tall = np.flatnonzero((high > SMALLER * TALL * em) & (wide > LETTER[0] * em))
    result = painted(found.runs, (0, 0, gray.shape[1], gray.shape[0]))
    changed = False
    for index in tall.tolist():
        others = np.delete(found.boxes, index, 0)
        own_em = local(others, found.boxes[index], em)
        if high[index] <= TALL * own_em:
            continue
        x0, y0, x1, y1 = found.boxes[index].tolist()
        own = painted(found.runs.take(found.owner == index), (x0, y0, x1, y1))
        tones = gray[y0:y1, x0:x1]
        rows = scant((own * (255.0 - tones)).sum(1))
        rows = rows[are_between(rows + y0, others, found.boxes[index], own_em)]
        for apart in (without(own, rows), *(own & (tones < tone) for tone in palest(tones[own]))):
            if are_letters(blobs(apart), own_em):
                result[y0:y1, x0:x1] &= ~own | apart
                changed = True
                break
    return blobs(result) if changed else found


def local(others: Ints, box: Ints, em: float) -> float:
    """The size of the Chinese letters beside a blob, where they are smaller than most on the page: notes are."""
    near = others[overlapping(others, box + np.array([-1, 0, 1, 0]) * int(REACH * em))]
    high = near[:, 3] - near[:, 1]
    high = high[high > LETTER[0] * em]
    middle, upper = np.percentile(high, (50, 80)) if len(high) >= ENOUGH else (0.0, em)
    return float(np.clip(upper / HIGH, SMALLER * em, em)) if middle > FULL * em else em


def without(own: Bits, rows: Ints) -> Bits:
    """Ink less some rows of it."""
    apart = own.copy()
    apart[rows] = False
    return apart


def palest(tones: Gray) -> list[float]:
    """Tones of which paler ink may be wear, the palest first."""
    dark, light = np.percentile(tones, (10, 98))
    return [float(light + share * (dark - light)) for share in PALE]


def scant(ink: Floats) -> Ints:
    """The rows with least ink where there is little: (rows,) -> numbers."""
    low = runs_of((ink < SCANT * np.median(ink))[None])
    return np.array(
        [
            start + int(ink[start:stop].argmin())
            for start, stop in zip(low.start.tolist(), low.stop.tolist(), strict=True)
        ],
        np.int64,
    )


def are_between(rows: Ints, others: Ints, box: Ints, em: float) -> Bits:
    """Which rows part the letters beside a blob as well: some stand above, some below, hardly any on them."""
    near = others[overlapping(others, box, 0) | overlapping(others, box + np.array([-1, 0, 1, 0]) * int(REACH * em))]
    near = near[near[:, 3] - near[:, 1] > LETTER[0] * em]
    above, below = near[:, 3] <= rows[:, None] + SLACK, near[:, 1] >= rows[:, None] - SLACK
    across = len(near) - above.sum(1) - below.sum(1)
    return np.asarray((above.any(1)) & (below.any(1)) & (across < CROSSED * len(near)))


def painted(runs: Runs, box: tuple[int, int, int, int]) -> Bits:
    """Ink in a box, from its runs."""
    x0, y0, x1, y1 = box
    edges = np.zeros((y1 - y0, x1 - x0 + 1), np.int64)
    np.add.at(edges, (runs.row - y0, runs.start - x0), 1)
    np.add.at(edges, (runs.row - y0, runs.stop - x0), -1)
    return np.asarray(np.cumsum(edges, 1)[:, :-1] > 0)


def are_letters(found: Blobs, em: float) -> bool:
    """Whether several blobs are of the size of letters, but for a few, and none is of more."""
    high = found.boxes[:, 3] - found.boxes[:, 1]
    letters = (high > LETTER[0] * em) & (high < LETTER[1] * em)
    few = float(found.area[letters].sum()) < MOST * float(found.area.sum())
    return int(letters.sum()) > 1 and not few and bool((high < TALL * em).all())
