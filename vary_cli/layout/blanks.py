"""Blanks between the letters that were read: where there is room for them, and only there. Knows no words."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterator, Sequence

from vary_cli.document import Line
from vary_cli.example import MONO, Glyph
from vary_cli.formula import signs

NARROW, TIGHT = 0.7, 0.25
"""Of the usual blank of a line: more room than that is one, less room is none."""
BESIDE = 1.05
"""The same before a full stop or a comma, and beside one where none was read: such signs have white of their own."""
LEAST, ALONE, HAN = 0.22, 0.34, 0.7
"""Ems of the narrowest usual blank; of that of a line where none was read; of that beside a Chinese character."""
WIDEST = 0.7
"""Ems of the widest usual blank: what is wider parts columns."""
LOOSE = 2.4
"""A blank is so many times wider than the room between most letters."""
JOINED, PARTED = 1.35, 1.6
"""Steps between letters of one width that have no blank between them, at most, and that have one, at least."""
FREE, CLEAR = 0.7, 0.8
"""Of a step at least is white where a blank stands; so much is one even if it is narrower than the letters are."""
_HAN = re.compile(r"[\u2e80-\u2fff\u3040-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_OUTSIDE = re.compile(r"[!-~][“‘]|[”’][0-9A-Za-z(]")
"""A Latin character and a quotation mark that opens after it, or was closed before it."""
_SIGN = re.compile(r"[\u3000-\u303f\ufe30-\ufe4f\uff00-\uffef“”‘’…—]")
Pair = tuple[int, int]
"""Two letters that follow each other, by their indices; what is between them is blank."""


def settled(line: Line, glyphs: Sequence[Glyph], steps: Sequence[float]) -> list[Glyph]:
    """The characters of a line with blanks where there is room; `steps` are the widths of type of one width, px."""
    found = list(itertools.pairwise(i for i, glyph in enumerate(glyphs) if not glyph.char.isspace()))
    if not found or not line.gaps:
        return list(glyphs)
    usual, listed = usual_blank(line, glyphs, found), set(between_listed(glyphs, found))
    result = list(glyphs[: found[0][0] + 1])
    for left, right in found:
        even = steps[left] and steps[right]
        one, two = glyphs[left], glyphs[right]
        white = room(line, one, two)
        is_read = right - left > 1
        wanted = by_steps(one, two, steps[left], white) if even else by_room(white, one, two, line.em, usual, is_read)
        wanted = True if (left, right) in listed else wanted
        if wanted is None:
            result += glyphs[left + 1 : right]
        elif wanted:
            result += glyphs[left + 1 : right] or [blank(one, two)]
        result.append(two)
    return [*result, *glyphs[found[-1][1] + 1 :]]


def between_listed(glyphs: Sequence[Glyph], found: Sequence[Pair]) -> Iterator[Pair]:
    """The pairs of letters of a formula's alphabet that are listed: how near they stand says nothing."""
    for is_drawn, run in itertools.groupby(found, lambda pair: all(signs.is_drawn(glyphs[i].char) for i in pair)):
        pairs = list(run)
        if is_drawn and len(pairs) + 1 >= signs.LISTED:
            yield from pairs


def blank(left: Glyph, right: Glyph) -> Glyph:
    """A blank between two characters."""
    return left._replace(char=" ", x=(left.x + right.x) / 2, style=left.style & right.style)


def by_steps(left: Glyph, right: Glyph, step: float, white: float) -> bool | None:
    """Whether a blank stands between two letters of one width; None if that cannot be told.

    Where a letter was overlooked, there is a step too much and no white.
    """
    distance = (right.x - left.x) / step
    if distance < JOINED:
        return False
    return True if white > (FREE if distance > PARTED else CLEAR) * step else None


def by_room(white: float, left: Glyph, right: Glyph, em: float, usual: float, is_read: bool) -> bool | None:
    """Whether a blank stands between two letters with some white, px; None if that cannot be told.

    `is_read`: the model read one there.
    """
    wide = bool(_HAN.match(left.char)) + bool(_HAN.match(right.char))
    is_outside = bool(_OUTSIDE.match(left.char + right.char))
    is_sign = any(_SIGN.match(one.char) for one in (left, right)) and not is_outside
    even = bool(left.style & MONO) + bool(right.style & MONO)
    if wide == 2 or is_sign or (even == 2 and not is_outside):
        return None
    share = white / (max(usual, HAN * em) if wide else usual)
    if right.char in ".," and not wide:
        return share > BESIDE
    if share > (BESIDE if not is_read and (even or {left.char, right.char} & set(".,")) else NARROW):
        return True
    if even:
        return None
    return False if share < TIGHT and not wide else None


def room(line: Line, left: Glyph, right: Glyph) -> float:
    """The widest white between two characters, px."""
    return max((b - a for a, b in line.gaps if left.x < (a + b) / 2 < right.x), default=0.0)


def usual_blank(line: Line, glyphs: Sequence[Glyph], found: Sequence[Pair]) -> float:
    """How much room a blank has, px: by the blanks that were read on the line and the room without any."""
    rooms = list(rooms_of(line, glyphs, found))
    blanks = [white for white, has_blank in rooms if has_blank]
    close = sorted(white for white, has_blank in rooms if not has_blank)
    between = close[int(0.8 * len(close))] if close else 0.0
    read = statistics.median(blanks) if len(blanks) > 1 else ALONE * line.em
    return min(max(read, LEAST * line.em, LOOSE * between), WIDEST * line.em)


def rooms_of(line: Line, glyphs: Sequence[Glyph], found: Sequence[Pair]) -> Iterator[tuple[float, bool]]:
    """The white between letters, px, and whether a blank was read there; Chinese has its own room and is left out."""
    for left, right in found:
        if not any(_HAN.match(glyphs[i].char) or _SIGN.match(glyphs[i].char) for i in (left, right)):
            yield room(line, glyphs[left], glyphs[right]), right - left > 1
