"""Bullets: a dot before a text is one, whatever was read there."""

from __future__ import annotations

import pytest

from vary_cli.document import Line
from vary_cli.example import Glyph
from vary_cli.layout import bullets

LINE = Line((60, 78, 200, 106), 100, 30, gaps=((70, 84), (100, 102)), bullet=True)
TEXT = [Glyph("a", 92, 100, 30, 0), Glyph("b", 110, 100, 30, 0)]


def said(line: Line, read: str) -> str:
    before = [Glyph(char, 65 + 9 * i, 100, 30, 0) for i, char in enumerate(read)]
    return "".join(glyph.char for glyph in bullets.told(line, [*before, *TEXT]))


@pytest.mark.parametrize("read", ["", "。", "o ", "\ue000", "• "])
def test_a_dot_is_a_bullet_whatever_was_read(read: str) -> None:
    assert said(LINE, read) == "• ab"


def test_a_bullet_that_was_read_is_the_one() -> None:
    assert said(LINE, "■") == "■ ab"


def test_a_letter_is_none() -> None:
    assert said(LINE, "#") == "#ab"


def test_lines_without_a_dot_are_as_they_were_read() -> None:
    assert said(Line(LINE.box, 100, 30, gaps=LINE.gaps), "。") == "。ab"
