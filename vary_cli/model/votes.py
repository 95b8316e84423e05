"""What the looks at a block agree on: each glyph once, by the name that has most of their votes.

The bounds were set on 800 formulas, by how many are then written right; they are flat about there.
"""

from __future__ import annotations

from collections.abc import Sequence

from vary_cli.example import Glyph
from vary_cli.ink.owners import ACCENTS
from vary_cli.model.looks import Look

CLEAR, AGREED = 0.8, 1.0
"""Probability of a glyph that is told: in its clearest look, or over all looks together."""
SHARE = 0.3
"""The least mean probability, over the looks that show its place well: strokes look like letters now and then."""
ACROSS = 0.2
"""Of a glyph's size: what was seen further to the side is another one, narrow letters too."""
DOWN, AGAIN, COUNTS = 0.45, 0.8, 0.6
"""What was seen higher or lower is, by another name; by the same one, whose height may be told badly; and how far away
it has no vote on where the glyph is, as the same letter may be raised and lowered there."""
TALL, TALLER = frozenset("()[]{}|∣∥‖⟨⟩⌈⌉⌊⌋/√∫∑∏⋃⋂⏞⏟"), 1.1
"""Signs that may reach over rows are seen in each."""
HANGING = {**dict.fromkeys("'′’‘", -0.15), **dict.fromkeys(",.;", 0.09)}
"""How much lower the ink of marks is than letters' middles, in part: a comma's looks like a prime of the next row."""

Seen = tuple[Glyph, float]
"""A glyph and how probable it is."""


def agreed(found: Sequence[Seen], looks: Sequence[Look]) -> list[Seen]:
    """What the looks agree on, from left to right; a glyph is as probable as in its clearest look.

    Of names for the same ink the one that more looks give, weighed by probability, is told; how bold it is is the mean
    of what they say.
    """
    twins = [
        [(p, p * nearness(glyph, other), other) for other, p in found if is_twin(glyph, other)] for glyph, _ in found
    ]
    votes = [sum(vote for _, vote, _ in own) for own in twins]
    kept: list[Seen] = []
    for i in sorted(range(len(found)), key=lambda i: (-votes[i], -found[i][1])):
        glyph, seen = found[i][0], [p for p, _, _ in twins[i]]
        enough = is_told(seen, sum(look.shows(glyph.middle) for look in looks))
        if enough and not any(is_same(glyph, other) for other, _ in kept):
            kept.append((glyph._replace(bold=mean(twins[i])), max(seen)))
    return sorted(kept, key=lambda one: one[0].x)


def mean(twins: Sequence[tuple[float, float, Glyph]]) -> float | None:
    """How bold a glyph is by all looks, weighed by their votes; None where they do not say."""
    told = [(vote, glyph.bold) for _, vote, glyph in twins if glyph.bold is not None]
    total = sum(vote for vote, _ in told)
    return sum(vote * bold for vote, bold in told) / total if total else None


def is_told(seen: Sequence[float], looks: int) -> bool:
    """Whether a glyph was seen well enough, where so many looks show its place well."""
    return (max(seen) >= CLEAR or sum(seen) >= AGREED) and sum(seen) >= SHARE * looks


def is_twin(glyph: Glyph, other: Glyph) -> bool:
    """Whether two glyphs that were seen are one, by one name."""
    return glyph.char == other.char and is_same(glyph, other)


def is_same(glyph: Glyph, other: Glyph) -> bool:
    """Whether two glyphs that were seen are one. An accent is none with the letter that it stands over."""
    if abs(glyph.x - other.x) >= ACROSS * max(glyph.size, other.size) or is_over(glyph, other) or is_over(other, glyph):
        return False
    reach = DOWN if glyph.char != other.char else TALLER if glyph.char in TALL else AGAIN
    return down(glyph, other) < reach


def is_over(glyph: Glyph, other: Glyph) -> bool:
    """Whether a glyph may be the accent of another one."""
    return glyph.char in ACCENTS and other.char.isalpha()


def nearness(glyph: Glyph, other: Glyph) -> float:
    """How much another look at a glyph says about where it is, from 0 to 1."""
    return 1.0 if glyph.char in TALL else max(0.0, 1 - down(glyph, other) / COUNTS)


def down(glyph: Glyph, other: Glyph) -> float:
    """How much higher or lower one of two glyphs is, in their size."""
    return abs(height(glyph) - height(other)) / max(glyph.size, other.size)


def height(glyph: Glyph) -> float:
    """Where about a glyph's ink is, px from above."""
    return glyph.middle + HANGING.get(glyph.char, 0.0) * glyph.size
