"""Letters in the order of writing: pieces of lines, accents on their letters, blanks between words. Points."""

from __future__ import annotations

import itertools
import statistics
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from vary_cli.layer.fonts import Style

TIGHT = 0.12
"""Room between words, ems, at least."""
_ACCENTS = dict(
    zip("`´ˆ˜¯˘˙¨˚˝ˇ¸˛", "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328", strict=True)
)


class Letter(NamedTuple):
    """A character where it stands, points of the page as it is shown."""

    char: str
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    size: float
    style: Style


def pieces(letters: list[Letter]) -> Iterator[list[Letter]]:
    """Letters in the order of writing, cut where the pen goes back; accents put on their letters; no blank ends."""
    piece: list[Letter] = []
    for letter in letters:
        if piece and letter.x0 < piece[-1].x0 - 0.05 * letter.size and not _is_accented(piece[-1], letter):
            yield from _stripped(piece)
            piece = []
        if piece and _is_accented(piece[-1], letter):
            piece[-1] = _composed(piece[-1], letter)
        else:
            piece.append(letter)
    yield from _stripped(piece)


def _stripped(piece: list[Letter]) -> Iterator[list[Letter]]:
    shown = [i for i, letter in enumerate(piece) if letter.char != " "]
    if shown:
        yield list(_spaced(piece[shown[0] : shown[-1] + 1]))


def _spaced(piece: list[Letter]) -> Iterator[Letter]:
    """Letters with the blanks of lines set so tight that MuPDF takes their words for one; not of letters spread out."""
    gaps = [(b.x0 - a.x1) / max(a.size, 0.1) for a, b in itertools.pairwise(piece)]
    loose = bool(gaps) and abs(statistics.median(gaps)) > 0.03
    for a, b, gap in zip(piece, piece[1:], gaps, strict=False):
        yield a
        if gap >= TIGHT and not loose and _ends_word(a) and _begins_word(b) and a.baseline == b.baseline:
            yield a._replace(char=" ", x0=a.x1, x1=b.x0)
    yield piece[-1]


def _ends_word(letter: Letter) -> bool:
    return _is_prose(letter) and (letter.char.isalnum() or letter.char in ",.;:!?)’”")


def _begins_word(letter: Letter) -> bool:
    return _is_prose(letter) and (letter.char.isalnum() or letter.char in "(‘“")


def _is_prose(letter: Letter) -> bool:
    return not (letter.style.math or letter.style.mono) and letter.char < "\u2e80"


def _is_accented(a: Letter, b: Letter) -> bool:
    """Whether an accent stands over a letter, as old fonts write it: one glyph for each."""
    if a.style.math or b.style.math or not (a.char in _ACCENTS) ^ (b.char in _ACCENTS):
        return False
    overlap = min(a.x1, b.x1) - max(a.x0, b.x0)
    return overlap > 0.5 * min(a.x1 - a.x0, b.x1 - b.x0) and len(_pair(a, b)) == 1


def _pair(a: Letter, b: Letter) -> str:
    letter, accent = (b, a) if a.char in _ACCENTS else (a, b)
    plain = {"ı": "i", "ȷ": "j"}.get(letter.char, letter.char)
    return unicodedata.normalize("NFC", plain + _ACCENTS[accent.char])


def _composed(a: Letter, b: Letter) -> Letter:
    letter = b if a.char in _ACCENTS else a
    return letter._replace(char=_pair(a, b), top=min(a.top, b.top), bottom=max(a.bottom, b.bottom))
