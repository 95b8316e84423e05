"""Words that stand over each other in formulas are one: fractions, operators with limits, matrices in brackets."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vary_cli.ink.blobs import Ints, centred, joined
from vary_cli.layout.pixels.ruled import Rules

BAR = 0.12  # em; a fraction's bar is at most as thick,
BARS = (0.4, 14.0)  # em; and so long
CLOSE = 0.38  # em; numbers stand this close to the bar
LIMIT = 0.4  # em; limits stand this close to their operator


def stacked(letters: Ints, owner: Ints, words: Ints, rules: Rules, em: float) -> Ints:
    """The piece of each word: words that stand over each other in a formula share one. (W,)."""
    pairs = [
        *fractions(letters, owner, words, rules, em),
        *limits(letters, owner, words, em),
        *matrices(letters, owner, words, em),
    ]
    left, right = np.array(pairs, np.int64).reshape(-1, 2).T
    return joined(len(words), left, right)


def fractions(boxes: Ints, owner: Ints, words: Ints, rules: Rules, em: float) -> Iterator[tuple[int, int]]:
    """Words over and under a bar no longer than needed, and the bar."""
    wide, high = (boxes[:, 2:] - boxes[:, :2]).T
    thin = np.flatnonzero((high <= max(3, BAR * em)) & (wide >= BARS[0] * em) & (wide <= BARS[1] * em))
    bars = [(boxes[i], int(owner[i])) for i in thin.tolist()] + [
        (bar, -1) for bar in rules.across if bar[2] - bar[0] <= BARS[1] * em
    ]
    middle = (words[:, 0] + words[:, 2]) / 2
    for (x0, y0, x1, y1), piece in bars:
        inside = (middle > x0) & (middle < x1) & (words[:, 0] > x0 - 0.3 * em) & (words[:, 2] < x1 + 0.3 * em)
        over = np.flatnonzero(inside & (np.abs(y0 - words[:, 3]) < CLOSE * em) & (np.arange(len(words)) != piece))
        under = np.flatnonzero(inside & (np.abs(words[:, 1] - y1) < CLOSE * em) & (np.arange(len(words)) != piece))
        if len(over) and len(under) and covers(words[over], x1 - x0, em) | covers(words[under], x1 - x0, em):
            members = [*over.tolist(), *under.tolist(), *([piece] if piece >= 0 else [])]
            yield from ((members[0], member) for member in members[1:])


def covers(words: Ints, length: int, em: float) -> bool:
    """Whether a bar is hardly longer than what stands over or under it."""
    return bool(words[:, 2].max() - words[:, 0].min() > length - 0.7 * em)


def limits(boxes: Ints, owner: Ints, words: Ints, em: float) -> Iterator[tuple[int, int]]:
    """Operators and the small words right over and under them."""
    wide, high = (boxes[:, 2:] - boxes[:, :2]).T
    low = words[:, 3] - words[:, 1] < 0.85 * em
    for index in np.flatnonzero((high > 1.1 * em) & (high < 3 * em) & (wide > 0.5 * em) & (wide < 2.2 * em)).tolist():
        x0, y0, x1, y1 = boxes[index].tolist()
        near = (words[:, 0] < x1) & (words[:, 2] > x0) & (np.abs(words[:, 0] + words[:, 2] - x0 - x1) < 2.4 * em) & low
        over, under = y0 - words[:, 3], words[:, 1] - y1
        close = near & (np.maximum(over, under) < LIMIT * em) & (np.maximum(over, under) > -0.2 * em)
        yield from ((int(owner[index]), piece) for piece in np.flatnonzero(close).tolist() if piece != owner[index])


def matrices(boxes: Ints, owner: Ints, words: Ints, em: float) -> Iterator[tuple[int, int]]:
    """Tall brackets of one height, and what stands between them."""
    wide, high = (boxes[:, 2:] - boxes[:, :2]).T
    tall = np.flatnonzero((high > 1.7 * em) & (wide < 0.35 * high) & (wide < 1.2 * em))
    tall = tall[np.argsort(boxes[tall, 0])]
    for one, two in zip(tall[:-1].tolist(), tall[1:].tolist(), strict=True):
        if np.abs(boxes[one, [1, 3]] - boxes[two, [1, 3]]).max() < 0.3 * em:
            between = np.array([boxes[one, 0], boxes[one, 1], boxes[two, 2], boxes[two, 3]])
            yield from ((int(owner[one]), piece) for piece in np.flatnonzero(centred(words, between)).tolist())
