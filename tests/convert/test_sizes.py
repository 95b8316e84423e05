"""Lines of which the pixels leave two sizes: what they say when they are read decides."""

from __future__ import annotations

from dataclasses import replace

import pymupdf
import pytest
from PIL import Image

import vary_cli
from vary_cli.convert.reread import sized
from vary_cli.document import Line
from vary_cli.example import Example, Glyph

WORDS = "Reading is seldom harder than writing well."
PX, SIZE = 200 / 72, 14


def line_of_words() -> tuple[Image.Image, Line]:
    page = pymupdf.open().new_page(width=420, height=120)
    page.insert_text((40, 60), WORDS, fontname="tiro", fontsize=SIZE)
    shot = page.get_pixmap(dpi=200, alpha=False)
    right = 40 + pymupdf.get_text_length(WORDS, "tiro", SIZE)
    box = (40 * PX, (60 - 0.75 * SIZE) * PX, right * PX, (60 + 0.25 * SIZE) * PX)
    return Image.frombytes("RGB", (shot.width, shot.height), shot.samples), Line(box, 60 * PX, SIZE * PX)


@pytest.mark.parametrize("wrong", [0.6, 1.0, 1.6])
def test_a_line_is_read_in_the_size_in_which_it_says_most(wrong: float) -> None:
    image, line = line_of_words()
    open_line = replace(line, em=wrong * line.em, doubt=line.em)
    (answer,) = vary_cli.load("vary-nano").transcribe([Example(image, lines=(open_line,))])
    assert answer.text == WORDS
    letters = [glyph for glyph in answer.glyphs or () if not glyph.char.isspace()]
    assert [glyph.size for glyph in letters] == pytest.approx([line.em] * len(letters), rel=0.2)
    assert sized(open_line, letters).em == line.em


def test_a_line_without_letters_or_doubt_keeps_its_size() -> None:
    line = Line((0.0, 0.0, 90.0, 20.0), 15.0, 20.0)
    letter = Glyph("a", 5.0, 15.0, 40.0, 0)
    assert sized(line, [letter]) == line
    assert sized(replace(line, doubt=40.0), []).em == 20.0
    assert sized(replace(line, doubt=40.0), [letter]).em == 40.0
