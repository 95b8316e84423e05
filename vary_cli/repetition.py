"""Loops: text that ends by repeating itself, the way language models fail. Knows no model; str -> int."""

from __future__ import annotations

import re

TIMES = 4
"""A unit repeated this often at the end is a loop, if all of it is long enough:"""
PHRASES = 64
"""characters, for units of sixteen or more;"""
WORDS = 128
"""for shorter ones, which forms and lists repeat as well;"""
RULINGS = 1000
"""for leaders, rulings, numbers and table rows, which repeat by right."""

_WORD = re.compile(r"[^\W\d_]")
_SENTENCE_END = re.compile(r"[.!?。！？\n]\s*\Z")
_TABLE = re.compile(r"\||&|<t[dhr]\b|\\\\")


def repeated_suffix(text: str) -> int:
    """How many characters at the end say again what stands before them: less these, one copy is left. 0: no loop."""
    for unit, length in _periods(text):
        if length >= TIMES * unit and length >= _least(text[-unit:]):
            return len(text) - _first_end(text, len(text) - length, unit)
    return 0


def _first_end(text: str, start: int, unit: int) -> int:
    """Where the first copy ends: with its sentence, if it has one. What is before the loop may look like its end."""
    ends = range(start + unit, start + 2 * unit)
    return next((end for end in ends if _SENTENCE_END.search(text[start:end])), ends[0])


def _least(unit: str) -> int:
    """How long a repetition of this unit must be to be a loop."""
    if _TABLE.search(unit) or not _WORD.search(unit):
        return RULINGS
    return PHRASES if len(unit) >= 16 else WORDS


def _periods(text: str) -> list[tuple[int, int]]:
    """(unit, length): the last `length` characters repeat every `unit` characters. Shortest first; linear time."""
    mirrored = text[::-1]
    matches = _prefix_matches(mirrored)
    return [(unit, unit + match) for unit, match in enumerate(matches[: len(text) // TIMES + 1]) if unit]


def _prefix_matches(text: str) -> list[int]:
    """The Z function: for each place, how many characters from there are those at the beginning."""
    matches = [len(text)] + [0] * (len(text) - 1) if text else []
    left = right = 0
    for place in range(1, len(text)):
        match = min(right - place, matches[place - left]) if place < right else 0
        while place + match < len(text) and text[match] == text[place + match]:
            match += 1
        matches[place] = match
        if place + match > right:
            left, right = place, place + match
    return matches
