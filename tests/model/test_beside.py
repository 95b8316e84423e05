"""Ones that look like the letter l."""

from __future__ import annotations

import pytest

from vary_cli.model.beside import ones
from vary_cli.model.glyphs import ReadGlyph


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ("0l23456789", "0123456789"),
        ("at 20:5l docs", "at 20:51 docs"),
        ("the l00 of", "the 100 of"),
        ("l10n and 10l of l2 or v1.l", "l10n and 10l of l2 or v1.l"),
        ("all9 H2lO", "all9 H2lO"),
    ],
)
def test_a_letter_among_digits_is_a_one(seen: str, said: str) -> None:
    told = ones([ReadGlyph(char, float(i), 0.9) for i, char in enumerate(seen)])
    assert "".join(glyph.char for glyph in told) == said
