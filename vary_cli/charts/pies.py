"""Pies, rings and funnels: parts with their names and values written beside them or in the legend.

Where wedges are seen, they prove the values: one that was misread stands out against all others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np

from vary_cli.charts.canvas import Canvas
from vary_cli.charts.facts import Facts, Unreadable
from vary_cli.charts.legend import Entry
from vary_cli.charts.numbers import number, rounded
from vary_cli.charts.wedges import Disc, disc
from vary_cli.charts.words import Word, bounds

PAIR = re.compile(r"(.*?)\s*[:：;]\s*(\S[\S ]*)")
ENDING = re.compile(r"(.*[^\W\d_].*?)\s*(\d[\d.,]*%?)")
LINES = " -—–_~·.'`"
"""What is read of the line that leads to a label."""
BETWEEN = 1.2  # em; a value stands no further from its name
NOTHING = re.compile(r"\W|_")
TRUSTED, AGREED = 0.16, 0.08  # of a value; a wedge denies what is further off, and values agree that are nearer
SMALL = 0.01  # of a disc; smaller wedges tell nothing


@dataclass(frozen=True)
class Part:
    """One part of a whole."""

    name: str
    value: float | None
    share: float
    """Of the disc; 0 where it was not seen."""


def paired(words: Sequence[Word]) -> list[Word]:
    """The words, a name and the number right of it as one: small print loses its colons."""
    numbers = [word for word in words if word.number is not None and not word.angle and word.text[0].isdigit()]
    found = list(words)
    for value in numbers:
        close = [one for one in found if one is not value and not PAIR.fullmatch(one.text) and is_before(one, value)]
        if close and value in found:
            name = max(close, key=lambda one: one.box[2])
            found = [one for one in found if one is not name and one is not value]
            found.append(Word(f"{name.text}: {value.text}", bounds([name, value]), name.em))
    return found


def is_before(one: Word, two: Word) -> bool:
    """Whether the first word stands right before the second."""
    size = max(one.em, two.em)
    apart = two.box[0] - one.box[2]
    return (
        not one.angle
        and bool(one.text)
        and -1 < apart < BETWEEN * size
        and abs(one.middle[1] - two.middle[1]) < 0.3 * size
    )


def is_one(words: Sequence[Word]) -> bool:
    """Whether words name parts with their values."""
    pairs = [PAIR.fullmatch(word.text) for word in words if not word.angle]
    named = [pair for pair in pairs if pair is not None and len(NOTHING.sub("", pair[1]).encode()) > 1]
    return sum(bool(number(pair[2])) for pair in named) > 1


def read(words: Sequence[Word], entries: Sequence[Entry], canvas: Canvas) -> Facts:
    """What a chart without axes says. Raises Unreadable."""
    seen = disc(canvas)
    parts = proved(parts_of(words, entries, seen))
    told = {one.name: one.value for one in parts if one.value is not None}
    if len(told) < 2:
        raise Unreadable("neither axes with numbers nor parts with values are to be seen on it")
    return Facts(kind_of(canvas, seen), {"": told})


def parts_of(words: Sequence[Word], entries: Sequence[Entry], seen: Disc | None) -> list[Part]:
    """The parts in the order of the legend, else from left to right."""
    pairs = [split(entry.name) for entry in entries]
    if sum(pair is not None for pair in pairs) > len(pairs) / 2:
        return [part(entry.name, seen.share(entry.colour) if seen else 0.0) for entry in entries]
    entries = entries if len(entries) > 1 else ()
    labels = [word for word in words if not word.angle and split(word.text)]
    found = [part(word.text, share_of(word, entries, seen)) for word in labels]
    order = [entry.name for entry in entries]
    return sorted(found, key=lambda one: order.index(one.name) if one.name in order else len(order))


def part(text: str, share: float) -> Part:
    """'name: value' as a part."""
    pair = split(text)
    return Part(pair[0].strip(LINES), number(pair[1]), share) if pair else Part(text, None, share)


def split(text: str) -> tuple[str, str] | None:
    """Name and value; where small print lost its colon, a value is the number at the end."""
    pair = PAIR.fullmatch(text) or ENDING.fullmatch(text)
    return (pair[1], pair[2]) if pair else None


def share_of(word: Word, entries: Sequence[Entry], seen: Disc | None) -> float:
    """How much of the disc a label stands for: by the legend's colour for its name, else by where it stands."""
    if seen is None:
        return 0.0
    name = part(word.text, 0).name
    alike = [(SequenceMatcher(None, entry.name, name).ratio(), entry) for entry in entries]
    best = max(alike, key=lambda pair: pair[0], default=None)
    if best is not None and best[0] > 0.6:
        return seen.share(best[1].colour)
    x0, y0, x1, y1 = word.box
    colour = seen.colour_at(x0 if x0 > seen.x else x1 if x1 < seen.x else word.middle[0], (y0 + y1) / 2)
    return seen.share(colour) if colour else 0.0


def proved(parts: Sequence[Part]) -> list[Part]:
    """The parts, each value that their shares deny worked out anew from its share."""
    known = [one for one in parts if one.value and one.share > SMALL]
    if len(known) < 2 or abs(sum(one.share for one in parts) - 1) > 0.1:
        return list(parts)
    whole = agreed([one.value / one.share for one in known if one.value])
    if whole is None:
        return list(parts)
    return [one if fits(one, whole) else replace(one, value=rounded(one.share * whole, whole / 400)) for one in parts]


def agreed(wholes: Sequence[float]) -> float | None:
    """What more than half of the values say the whole to be."""
    near = [[one for one in wholes if abs(one - other) < AGREED * other] for other in wholes]
    most = max(near, key=len)
    return float(np.mean(most)) if len(most) > max(1, len(wholes) / 2) else None


def fits(one: Part, whole: float) -> bool:
    """Whether a part's value is what its share says."""
    if one.share <= SMALL:
        return one.value is not None
    return one.value is not None and abs(one.value - one.share * whole) < max(TRUSTED * one.value, 0.006 * whole)


def kind_of(canvas: Canvas, seen: Disc | None) -> str:
    """pie, ring or funnel."""
    if seen is None:
        raise Unreadable("no pie, ring or funnel is to be seen on it")
    return "ring" if seen.hollow else "pie"
