"""Loops in a text in the making: a tail of tokens that repeats itself for long. Dotted leaders are too short for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LONGEST = 512  # tokens of a unit that may repeat
SPAN = 160  # tokens that must have been repeated
TIMES = 3  # how often the unit must have been repeated


class Loops:
    """Watches tokens come; for every period, how many tokens in a row were the same as one period before."""

    def __init__(self) -> None:
        self.tokens: NDArray[np.int64] = np.full(LONGEST, -1)
        self.runs: NDArray[np.int64] = np.zeros(LONGEST, np.int64)
        self.needed = np.maximum(SPAN, TIMES * np.arange(1, LONGEST + 1))

    def push(self, token: int) -> int:
        """Take the next token -> how many tokens at the end are repetition: 0, or all but the loop's first turn."""
        same = self.tokens == token  # self.tokens: the latest first
        self.runs = np.where(same, self.runs + 1, 0)
        self.tokens = np.concatenate([[token], self.tokens[:-1]])
        looping = self.runs >= self.needed
        return int(self.runs[looping.argmax()]) if looping.any() else 0
