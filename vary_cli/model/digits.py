"""Ones among digits: in many faces they look like the letter l, which does not stand there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vary_cli.model.glyphs import ReadGlyph

_ONE = re.compile(r"(?<=\d)l(?=\d)|(?<=\d:\d)l(?!\w)|(?<!\w)l(?=\d{2,}(?![^\W\d]))")
"""Between digits, at the end of a time, and before a number; not that of l10n or of 10l."""


def ones(told: Sequence[ReadGlyph]) -> list[ReadGlyph]:
    """What is read on a line, with its ones."""
    found = list(told)
    for one in _ONE.finditer("".join(glyph.char for glyph in told)):
        found[one.start()] = replace(found[one.start()], char="1")
    return found
