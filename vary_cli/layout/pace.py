"""How the letters that were read step along their line: even steps tell type of one width. Knows no faces, no ink."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vary_cli.example import MONO, Glyph

WIDTHS = {
    0.26: "ijl'|.,:;!`’‘",
    0.32: 'tfI()[]{}/\\-"',
    0.39: "rsJ",
    0.46: "acez",
    0.68: "ABCDGHKNOQRUVXY&",
    0.8: "wmMW%@",
}
"""Ems of advance that letters usually have in faces of many widths."""
OTHER = 0.53
WIDTH = {char: width for width, chars in WIDTHS.items() for char in chars}
NARROWEST, WIDEST = 0.46, 0.78
"""Ems of advance in type of one width."""
ERROR = 0.05
"""By which the places of letters are off, ems."""
MOST, EACH = 12.0, 2.0
"""What steps alone may say of a word, and each of them;"""
LOOKS, SURE, PLAIN = 6.0, 3.0, 6.0
"""what the letters' own looks say, what both together must reach, and what steps must where no letter looks so."""
ROUGH = 0.1
"""Steps of one width differ by less, ems."""
NO_STEP = 0.6
"""Ems of advance of a single letter."""
CLEAR = 2.0
"""Words whose steps say less, either way, take after their neighbours"""
OFF = 0.17
"""if their letters are off the neighbours' steps by less, steps."""
MOSTLY = 0.6
"""So many letters that look like it are enough between two words of it: one that was misread spoils the steps."""
REACH = 4
"""Lines up to the next one of a program at most,"""
MANY = 7
"""Letters that a line needs where only one side of it is a program,"""
PITCH, SAME = 2.2, 0.03
"""and ems between two of them; steps that differ by less, as a share, are one."""
_HAN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]")
_WIDE = re.compile(r"[\s“”\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")


class Word(NamedTuple):
    """Letters that follow each other, by their indices."""

    first: int
    last: int
    """After the last one."""
    step: float
    """How far they stand apart, px."""
    says: float
    """How much their steps speak for type of one width; less than 0 is against it."""
    looks: float
    """Which part of them looks like it."""

    @property
    def is_even(self) -> bool:
        """Whether it is set in type of one width."""
        return self.step > 0 and self.says + LOOKS * self.looks > (SURE if self.looks else PLAIN)


def steps(glyphs: Sequence[Glyph], em: float, grid: float = 0.0) -> list[float]:
    """How wide each character of a line is set where all are of one width, px; 0 where they are not.

    `grid`: the step of the lines around, where all of the line is set as those.
    """
    if grid:
        return [grid] * len(glyphs)
    result = [0.0] * len(glyphs)
    found = spread(glyphs, [word(glyphs, first, last, em) for first, last in words(glyphs)])
    for one, after in zip(found, [*found[1:], None], strict=False):
        if one.is_even:
            last = one.last - (after is not None and not after.is_even and hangs(glyphs[one.first : one.last]))
            result[one.first : last] = [one.step] * (last - one.first)
    return result


def grids(lines: Sequence[tuple[Sequence[Glyph], float]]) -> list[float]:
    """The step of lines (characters and em, px) in a program, if they keep to its columns; 0 for others.

    Few figures in a table say nothing of their type for themselves.
    """
    known = [even_line(glyphs, em) for glyphs, em in lines]
    result = [0.0] * len(lines)
    for i, (own, _) in enumerate(lines):
        above = nearest(lines, known, range(i, max(0, i - REACH), -1))
        below = nearest(lines, known, range(i, min(len(lines) - 1, i + REACH)))
        beside = [*above, *below]
        if known[i] or not beside or any(_HAN.match(glyph.char) for glyph in own):
            continue
        whole = Word(0, len(own), known[beside[0]], 0.0, 0.0)
        agree = abs(known[beside[0]] - known[beside[-1]]) < SAME * whole.step
        many = len(beside) == 2 or sum(not glyph.char.isspace() for glyph in own) >= MANY
        if agree and many and fits(own, whole, lines[beside[0]][0][0].x):
            result[i] = whole.step
    return result


def nearest(lines: Sequence[tuple[Sequence[Glyph], float]], known: Sequence[float], way: range) -> tuple[int, ...]:
    """The index of the next line of one width on a way up or down, if all lines up to it follow close; else none."""
    for i in way:
        j = i + way.step
        if not 0 < abs(lines[j][0][0].y - lines[i][0][0].y) < PITCH * lines[i][1]:
            return ()
        if known[j]:
            return (j,)
    return ()


def even_line(glyphs: Sequence[Glyph], em: float) -> float:
    """The step of a line that is of one width for itself, px; else 0."""
    told = [step for glyph, step in zip(glyphs, steps(glyphs, em), strict=True) if not glyph.char.isspace()]
    even = [step for step in told if step]
    return statistics.median(even) if even and len(even) >= MOSTLY * len(told) else 0.0


def hangs(own: Sequence[Glyph]) -> bool:
    """Whether the last sign of a word is of the sentence around it: it does not look as the word does."""
    return len(own) > 2 and own[-1].char in ".,:;" and not own[-1].style & MONO


def spread(glyphs: Sequence[Glyph], found: Sequence[Word]) -> list[Word]:
    """Words with those that say little for themselves set as their neighbours are, if they keep to their steps."""
    result = list(found)
    alone = all(one.says > -CLEAR for one in found)
    for i in (*range(len(result)), *reversed(range(len(result)))):
        one = result[i]
        beside = [result[j] for j in (i - 1, i + 1) if 0 <= j < len(result) and result[j].is_even]
        if not beside and alone:
            beside = [other for other in found if other.is_even][:1]
        long = len(beside) == 2 or one.last - one.first > 2 or alone
        told = one.says > -CLEAR and long and keeps(glyphs, one, beside[0]) if beside else False
        if not one.is_even and (told or (len(beside) == 2 and one.looks >= MOSTLY)):
            result[i] = one._replace(step=beside[0].step, says=MOST)
    return result


def keeps(glyphs: Sequence[Glyph], one: Word, other: Word) -> bool:
    """Whether a word's letters keep to the steps of another one."""
    start = glyphs[other.first if one.last <= other.first else other.last - 1].x
    return fits(glyphs, one._replace(step=other.step), start)


def fits(glyphs: Sequence[Glyph], one: Word, start: float) -> bool:
    """Whether a word's letters keep to its steps, counted from some place."""
    places = [(glyph.x - start) / one.step for glyph in glyphs[one.first : one.last] if not glyph.char.isspace()]
    return sum((place - round(place)) ** 2 for place in places) < OFF**2 * len(places)


def words(glyphs: Sequence[Glyph]) -> Iterator[tuple[int, int]]:
    """Where words begin and end; Chinese characters are of none."""
    for wide, run in itertools.groupby(range(len(glyphs)), key=lambda i: bool(_WIDE.match(glyphs[i].char))):
        if not wide:
            at = list(run)
            yield at[0], at[-1] + 1


def word(glyphs: Sequence[Glyph], first: int, last: int, em: float) -> Word:
    """What the steps and looks of a word's letters say."""
    own = glyphs[first:last]
    looks = sum(bool(glyph.style & MONO) for glyph in own) / len(own)
    pairs = list(itertools.pairwise(own))
    if not pairs:
        return Word(first, last, NO_STEP * em, 0.0, looks)
    step, close = even_step([(b.x - a.x) / em for a, b in pairs])
    told = [((b.x - a.x) / em, usual(a, b)) for (a, b), is_close in zip(pairs, close, strict=True) if is_close]
    uneven = sum((gap - step) ** 2 for gap, _ in told)
    says = (unusual(told) - uneven) / (2 * ERROR**2)
    size = statistics.median(glyph.size for glyph in own) / em
    fits = NARROWEST * size < step < WIDEST * size and uneven < ROUGH**2 * len(told)
    most = min(MOST, EACH * len(told))
    return Word(first, last, step * em if fits else 0.0, max(-most, min(most, says)), looks)


def even_step(gaps: Sequence[float]) -> tuple[float, list[bool]]:
    """The step that gaps are made of, and which of them are one step: a blank between letters may be overlooked."""
    middle = statistics.median_low(gaps)
    counts = [max(1, round(gap / middle)) if middle > 0 else 1 for gap in gaps]
    return sum(gaps) / sum(counts), [count == 1 for count in counts]


def usual(left: Glyph, right: Glyph) -> float:
    """How far two letters stand apart in faces of many widths, ems."""
    return (WIDTH.get(left.char, OTHER) + WIDTH.get(right.char, OTHER)) / 2


def unusual(told: Sequence[tuple[float, float]]) -> float:
    """How far gaps are from the usual ones, squares added up, at the scale that fits best."""
    scale = sum(gap * other for gap, other in told) / max(1e-6, sum(other**2 for _, other in told))
    return sum((gap - scale * other) ** 2 for gap, other in told)
