"""What was read on a strip, put right by what stands beside it: marks named twice, brackets of Chinese, ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vary_cli.model.glyphs import ReadGlyph

ALIKE = (",，、", ".。．、", '"“”', "'‘’", ":：", ";；", "!！", "?？", "(（", ")）")  # marks that are drawn alike
ECHOES = frozenset(pair for marks in ALIKE for pair in permutations(marks, 2))
ANGLES = {"⟨": "〈", "⟩": "〉"}
ECHO, DOTS = 1.2, 1.8  # cells; two marks that are drawn alike stand further apart, as does a dot from three
_ONE = re.compile(r"(?<=\d)l(?=\d)|(?<=\d:\d)l(?!\w)|(?<!\w)l(?=\d{2,}(?![^\W\d]))")
"""Between digits, at the end of a time, and before a number; not that of l10n or of 10l."""


def once(told: Sequence[ReadGlyph]) -> list[ReadGlyph]:
    """Marks of punctuation that were named twice, as narrow and as wide ones, by their more probable name alone.

    A dot beside three of them is one of the three.
    """
    kept: list[ReadGlyph] = []
    for one in told:
        before = kept[-1] if kept else None
        if before is not None and {before.char, one.char} == {".", "…"} and one.x - before.x < DOTS:
            kept[-1] = one if one.char == "…" else before
        elif before is None or one.x - before.x >= ECHO or (before.char, one.char) not in ECHOES:
            kept.append(one)
        elif one.probability > before.probability:
            kept[-1] = one
    return kept


def chinese(told: Sequence[ReadGlyph]) -> list[ReadGlyph]:
    """Angle brackets about Chinese as Chinese has them: those of mathematics look the same."""
    found = list(told)
    for i, one in enumerate(told):
        inside = told[i + 1 : i + 2] if one.char == "⟨" else told[max(0, i - 1) : i]
        if one.char in ANGLES and any("\u4e00" <= other.char <= "\u9fff" for other in inside):
            found[i] = replace(one, char=ANGLES[one.char])
    return found


def ones(told: Sequence[ReadGlyph]) -> list[ReadGlyph]:
    """What is read on a line, with its ones: in many faces they look like the letter l, which does not stand there."""
    found = list(told)
    for one in _ONE.finditer("".join(glyph.char for glyph in told)):
        found[one.start()] = replace(found[one.start()], char="1")
    return found
