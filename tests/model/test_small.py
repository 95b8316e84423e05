"""Small print: found on a line that was read, and told as it is seen in its own size."""

from __future__ import annotations

from dataclasses import replace

import pymupdf
import pytest
from PIL import Image, ImageFilter

import vary_cli
from vary_cli.document import Line
from vary_cli.example import MONO, Example
from vary_cli.model.glyphs import ReadGlyph
from vary_cli.model.small import marks, number, retold

CELL = 8
LINE = Line((100, 80, 340, 110), 104, 24)
SAID = tuple(ReadGlyph(char, 2.0 + 1.5 * i, 0.9, rise=rise, size=size) for i, (char, rise, size) in enumerate(
    [("a", 0.0, 1.0), ("o", 0.35, 0.6), ("g", 0.35, 0.6), (" ", 0.35, 0.6), ("b", 0.01, 1.0), ("c", -0.2, 0.6)]
))  # fmt: skip


def test_marks_are_small_and_raised() -> None:
    (mark,) = marks(LINE, SAID, CELL)
    assert (mark.first, mark.stop) == (1, 3)
    assert (mark.line.em, mark.line.baseline) == pytest.approx((0.6 * 24, 104 - 0.35 * 24))
    left = 100 - 0.35 * 24  # of the strip
    assert mark.line.box[0] < left + 3.5 * CELL < left + 5 * CELL < mark.line.box[2]


@pytest.mark.parametrize("size", [-0.3, 0.0, 0.1])
def test_what_has_no_size_is_no_mark(size: float) -> None:  # as models say that have not learned yet
    assert list(marks(LINE, [replace(glyph, size=size) for glyph in SAID], CELL)) == []


@pytest.mark.parametrize(
    ("probability", "x", "said"),
    [(0.99, 2.2, "a19 bc"), (0.5, 2.2, "aog bc"), (0.99, 20.0, "aog bc")],
    ids=["surer", "less sure", "elsewhere"],
)
def test_what_is_seen_from_near_is_told_where_it_is_surer(probability: float, x: float, said: str) -> None:
    (mark,) = marks(LINE, SAID, CELL)
    seen = [ReadGlyph("1", x, probability), ReadGlyph("9", x + 1.5, probability)]
    told = retold(LINE, SAID, mark, seen, CELL)
    assert "".join(glyph.char for glyph in told) == said
    first, second = told[1:3]
    assert first.x < second.x
    assert (first.rise, first.size) == pytest.approx((0.35, 0.6))


def test_the_mark_of_a_footnote_is_read_on_a_poor_scan() -> None:
    page = pymupdf.open().new_page(width=420, height=120)
    words, px, size = "what is meant by a document", 150 / 72, 10.0
    right = 40 + pymupdf.get_text_length(words, "tiro", size)
    page.insert_text((40, 60), words, fontname="tiro", fontsize=size)
    page.insert_text((right, 56.4), "19", fontname="tiro", fontsize=0.65 * size)
    shot = page.get_pixmap(dpi=150, alpha=False)
    image = Image.frombytes("RGB", (shot.width, shot.height), shot.samples).filter(ImageFilter.GaussianBlur(0.8))
    line = Line((40 * px, 52 * px, (right + 8) * px, 62 * px), 60 * px, size * px)
    (answer,) = vary_cli.load("vary-nano").transcribe([Example(image, lines=(line,))])
    assert answer.text == f"{words}19"
    last = (answer.glyphs or ())[-1]
    assert last.y < line.baseline - 0.15 * line.em
    assert last.size < 0.85 * line.em
    (claimed,) = vary_cli.load("vary-nano").transcribe([Example(image, lines=(line,), glyphs=answer.glyphs)])
    assert claimed.text == answer.text
    assert replace(claimed.account, read=0) == claimed.account


def listing(number: str, gap: float = 12) -> tuple[Image.Image, Line]:
    """A line of code with its number in half its size before it, on a page of 200 dpi."""
    page = pymupdf.open().new_page(width=260, height=40)
    page.insert_text((20, 24), number, fontname="helv", fontsize=5)
    left = 20 + pymupdf.get_text_length(number, "helv", 5) + gap
    page.insert_text((left, 24), r"\noexpand\endgroup", fontname="cour", fontsize=9)
    shot, px = page.get_pixmap(dpi=200, alpha=False), 200 / 72
    right = left + pymupdf.get_text_length(r"\noexpand\endgroup", "cour", 9)
    line = Line((20 * px, 16 * px, right * px, 27 * px), 24 * px, 9 * px)
    return Image.frombytes("RGB", (shot.width, shot.height), shot.samples), line


@pytest.mark.parametrize("digits", ["2586", "385", "94", "6"])
def test_the_number_of_a_line_of_code_is_read_in_its_own_size(digits: str) -> None:
    image, line = listing(digits)
    (answer,) = vary_cli.load("vary-nano").transcribe([Example(image, lines=(line,))])
    assert answer.text.replace(" ", "") == digits + r"\noexpand\endgroup"
    assert all(glyph.size < 0.7 * line.em for glyph in (answer.glyphs or ())[: len(digits)])


def test_small_ink_before_text_is_no_number() -> None:
    image, line = listing("385")
    said = [ReadGlyph("s", 1.0, 0.5), *(ReadGlyph(char, 8.0 + i, 0.9) for i, char in enumerate("words"))]
    assert not list(number(line, said, image, CELL))
    code = [replace(glyph, style=MONO) for glyph in said]
    (mark,) = number(line, code, image, CELL)
    assert (mark.first, mark.stop, mark.is_number) == (0, 1, True)
    assert mark.line.em == pytest.approx(5 / 9 * line.em, rel=0.15)


def test_only_digits_are_told_as_a_number() -> None:
    image, line = listing("385")
    code = tuple(ReadGlyph(char, 8.0 + i, 0.9, style=MONO) for i, char in enumerate("end"))
    (mark,) = number(line, code, image, CELL)
    for char, said in (("3", "3end"), ("a", "end")):
        told = retold(line, code, mark, [ReadGlyph(char, 2.0, 0.9)], CELL)
        assert "".join(glyph.char for glyph in told) == said
