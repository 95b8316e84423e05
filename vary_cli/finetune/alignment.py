"""Which part of a known text stands on a line, told by a reading of the line that may have errors.

Each line is looked for in the whole text (Sellers 1980: approximate matching with free ends), so that the order in
which page and text tell things need not be the same. What is not sure is not told. Knows neither pictures nor models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vary_cli.finetune.wording import BARRIER, BULLET
from vary_cli.model.repertoire import plain

ERRORS = 0.34  # of a line's characters; a reading that is worse is not believed to be of the same text
SHORTEST = 4  # characters that can be found alone; a shorter line must stand between two that were found
GAP = 2  # characters in turn that only one of the two has; more of them, and it is another text
RIVAL = 2  # edits by which the best place must beat the next one

SAME: dict[int, str] = str.maketrans(
    {**dict.fromkeys("‘’‚`´′", "'"), **dict.fromkeys("“”„″", '"'), **dict.fromkeys("–—−‐‑‒", "-")}
)
SAME |= {ord(wide): narrow for wide, narrow in zip("，：；！？（）％～．", ",:;!?()%~.", strict=True)}
BULLETS = frozenset("•●◦○▪■□·∙*‣–—-►▶◆")


@dataclass(frozen=True)
class Text:
    """A text without its spaces, and where its characters stand in it."""

    chars: str
    """As they are compared."""
    places: tuple[int, ...]
    whole: str

    @classmethod
    def of(cls, whole: str) -> Text:
        """A text, ready to be compared with others."""
        found = [(folded(c), i) for i, c in enumerate(whole) if not c.isspace()]
        return cls("".join(c for c, _ in found), tuple(i for _, i in found), whole)

    def part(self, start: int, end: int) -> str:
        """The words from one of its characters to another, on one line."""
        if start >= end:
            return ""
        return " ".join(self.whole[self.places[start] : self.places[end - 1] + 1].split())

    def parted(self, at: int) -> bool:
        """Whether a word ends before its character `at`."""
        return at <= 0 or at >= len(self.places) or self.places[at] > self.places[at - 1] + 1


def folded(char: str) -> str:
    """One character for all that look alike, so that spelling habits are no differences."""
    same = plain(char).translate(SAME)
    return same[0] if len(same) == 1 else char


@dataclass(frozen=True)
class Match:
    """Where a reading was found in a text."""

    start: int
    end: int
    edits: int
    pairs: tuple[tuple[int, int], ...]
    """(character of the reading, character of the text) that stand for each other, equal or not."""


def match(reading: str, text: str) -> Match | None:
    """The best place of a reading in a text; None where there is none that is good and alone."""
    if not reading or not text:
        return None
    table = edits(reading, text)
    last = table[-1]
    end = int(last.argmin())
    if last[end] > ERRORS * len(reading):
        return None
    found = traced(table, reading, text, end)
    elsewhere = np.concatenate([last[: max(0, found.start + 1)], last[found.end + len(reading) // 2 :]])
    if len(elsewhere) and elsewhere.min() < last[end] + RIVAL:
        return None
    return found


def edits(reading: str, text: str) -> NDArray[np.int32]:
    """(len(reading) + 1, len(text) + 1): fewest edits from a reading's first i characters to a text's that end at j."""
    letters = np.array([ord(c) for c in text])
    steps = np.arange(len(text) + 1, dtype=np.int32)
    table = np.zeros((len(reading) + 1, len(text) + 1), np.int32)
    for i, char in enumerate(reading, 1):
        row = table[i - 1] + 1  # a character of the reading too many
        row[1:] = np.minimum(row[1:], table[i - 1, :-1] + (letters != ord(char)))
        table[i] = np.minimum.accumulate(row - steps) + steps  # or some of the text's left out
    return table


def traced(table: NDArray[np.int32], reading: str, text: str, end: int) -> Match:
    """The way that led to a cell of the last row."""
    i, j, pairs = len(reading), end, []
    while i:
        if j and table[i, j] == table[i - 1, j - 1] + (reading[i - 1] != text[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif table[i, j] == table[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
    return Match(j, end, int(table[-1, end]), tuple(reversed(pairs)))


@dataclass(frozen=True)
class Told:
    """What stands on a line for sure."""

    text: str
    pairs: tuple[tuple[int, int], ...]
    """(character of the reading, character of this text, spaces not counted) that stand for each other."""
    exact: bool
    """Whether each of its characters has its partner in the reading, so that all places are known."""


def told(readings: Sequence[str], answer: str) -> list[Told | None]:
    """What stands on each line that was read so, by an answer as `wording.seen` has it; None where it is not sure."""
    text = Text.of(answer)
    lines = [Text.of(reading) for reading in readings]
    found = [match(line.chars, text.chars) if len(line.chars) >= SHORTEST else None for line in lines]
    found = [between(lines, found, text, k) if one is None else one for k, one in enumerate(found)]
    return [None if one is None else settled(lines[k], one, found, text) for k, one in enumerate(found)]


def between(lines: Sequence[Text], found: Sequence[Match | None], text: Text, k: int) -> Match | None:
    """A line whose neighbours were found, with just its own text between them."""
    above = found[k - 1] if k else None
    below = found[k + 1] if k + 1 < len(found) else None
    if above is None or below is None or not 0 < below.start - above.end < 4 * len(lines[k].chars) + 4:
        return None
    gap = text.chars[above.end : below.start]
    if not lines[k].chars:
        return None
    table = edits(lines[k].chars, gap)
    one = traced(table, lines[k].chars, gap, len(gap))
    if one.edits > ERRORS * len(gap) or one.start:
        return None
    moved = tuple((i, j + above.end) for i, j in one.pairs)
    return Match(above.end, below.start, one.edits, moved)


def settled(line: Text, one: Match, found: Sequence[Match | None], text: Text) -> Told | None:
    """A match as what is told, if its ends are sure and nothing on it is seen otherwise than written."""
    chars = text.chars[one.start : one.end]
    starts = {other.start for other in found if other is not None}
    ends = {other.end for other in found if other is not None}
    begins = one.start in ends or (text.parted(one.start) and (0, one.start) in one.pairs)
    hyphen = line.chars.endswith("-") and not chars.endswith("-") and one.end in starts
    last = len(line.chars) - 1 - hyphen
    closes = one.end in starts or (text.parted(one.end) and (last, one.end - 1) in one.pairs)
    if not begins or not closes or BARRIER in chars or not chars:
        return None
    if gap(one.pairs, (0, one.start), (len(line.chars) - hyphen, one.end)) > GAP:
        return None
    words = marked(text.part(one.start, one.end) + "-" * hyphen, line)
    pairs = tuple((i, j - one.start) for i, j in one.pairs)
    if hyphen:
        pairs = (*(p for p in pairs if p[0] < last + 1), (last + 1, len(chars)))
    return Told(words, pairs, len({j for _, j in pairs}) == len(chars) + hyphen)


def gap(pairs: Sequence[tuple[int, int]], first: tuple[int, int], end: tuple[int, int]) -> int:
    """The longest stretch of one text, between its first character and its end, that has no partner in the other."""
    ends = [(first[0] - 1, first[1] - 1), *pairs, end]
    return max(max(b - a for a, b in zip(one, other, strict=True)) for one, other in pairwise(ends)) - 1


def marked(words: str, line: Text) -> str:
    """An item's mark as it was read, for Markdown writes all of them alike."""
    first = line.whole.strip()[:1]
    return first + words[1:] if words.startswith(BULLET) and first in BULLETS else words
