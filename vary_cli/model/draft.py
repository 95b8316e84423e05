"""Drafts: a text that the answer probably is, offered to the model token by token and verified, never trusted.

Under greedy decoding a draft changes the speed and nothing else: a token of it counts only where the model's own
choice is the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

GRAMS = (4, 3, 2)  # tokens that must agree to find one's place in the draft again
SHORTEST, LONGEST = 4, 32  # tokens offered at once


class Draft:
    """A text as tokens, and the place in it that the answer has come to."""

    def __init__(self, tokens: Sequence[int]) -> None:
        self.tokens = list(tokens)
        self.place: int | None = 0
        self.last = 0
        self.offer = 8
        self.where: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for size in GRAMS:
            for end in range(size, len(self.tokens) + 1):
                self.where[tuple(self.tokens[end - size : end])].append(end)

    def proposed(self, limit: int) -> list[int]:
        """What probably comes next, at most `limit` tokens; nothing where the place is lost."""
        return [] if self.place is None else self.tokens[self.place : self.place + min(self.offer, limit)]

    def took(self, answer: Sequence[int], accepted: int, offered: int) -> None:
        """The model has gone on: the answer so far, whose last token is its own, and how many offered ones it took."""
        if offered:
            self.offer = min(LONGEST, self.offer * 2) if accepted == offered else max(SHORTEST, accepted + 1)
        if self.place is not None:
            self.last = self.place + accepted
            if self.tokens[self.last : self.last + 1] == [answer[-1]]:
                self.place = self.last + 1
                return
        self.place = self.found(answer)

    def found(self, answer: Sequence[int]) -> int | None:
        """Where the answer's last tokens stand in the draft: the longest match, the nearest place."""
        for size in GRAMS:
            ends = self.where.get(tuple(answer[-size:]), []) if len(answer) >= size else []
            if ends:
                return min(ends, key=lambda end: (abs(end - self.last), end))
        return None
