"""Accents over letters, told by their ink."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from vary_cli.example import Glyph
from vary_cli.ink import accents
from vary_cli.model.blocks import accented

SIZE = 30.0
LETTER = Glyph("x", 40.0, 60.0, SIZE, 0)
SHAPES = {
    accents.DOT: [((38, 33), (41, 33), (41, 36), (38, 36))],
    accents.DOTS: [((34, 33), (37, 33), (37, 36), (34, 36)), ((42, 33), (45, 33), (45, 36), (42, 36))],
    accents.BAR: [((34, 35), (46, 35), (46, 36), (34, 36))],
    accents.WAVE: [((34, 36), (37, 33), (43, 35), (46, 32), (46, 34), (43, 37), (37, 35), (34, 38))],
    accents.ROOF: [((34, 37), (40, 32), (46, 37), (44, 37), (40, 34), (36, 37))],
    accents.ARROW: [((33, 34), (47, 34), (47, 35), (33, 35)), ((44, 32), (47, 34), (47, 35), (44, 37))],
}


def picture(*shapes: tuple[tuple[int, int], ...]) -> Image.Image:
    """A letter's body, and shapes above it."""
    image = Image.new("L", (200, 100), 255)
    pen = ImageDraw.Draw(image)
    pen.line((33, 42, 47, 60), fill=0, width=3)
    pen.line((47, 42, 33, 60), fill=0, width=3)
    for shape in shapes:
        pen.polygon(shape, fill=0)
    return image


@pytest.mark.parametrize("kind", SHAPES)
def test_an_accent_is_told_by_its_ink(kind: str) -> None:
    (found,) = accents.over(picture(*SHAPES[kind]), [LETTER])
    assert (found.kind, found.letter) == (kind, LETTER)
    told = accented([(LETTER, 0.99)], picture(*SHAPES[kind]))
    assert [glyph.char for glyph, _ in told if glyph is not LETTER] == ([] if kind == accents.BAR else [kind])


def test_what_an_accent_was_named_gives_way_to_what_it_shows() -> None:
    wrong = Glyph("^", 40.0, 43.0, SIZE, 0)
    told = accented([(LETTER, 0.99), (wrong, 0.9)], picture(*SHAPES[accents.DOT]))
    assert sorted(glyph.char for glyph, _ in told) == ["x", "·"]
    right = Glyph("⋅", 40.0, 43.0, SIZE, 0)
    named = [(LETTER, 0.99), (right, 0.9)]
    assert accented(named, picture(*SHAPES[accents.DOT])) == named


@pytest.mark.parametrize(
    "others",
    [
        [LETTER._replace(char="i")],  # whose dot it is
        [LETTER._replace(char="ü")],
        [LETTER, Glyph("j", 41.0, 60.0, SIZE, 0)],
        [LETTER, Glyph("p", 40.0, 42.0, SIZE, 0)],  # which it is a part of
        [LETTER._replace(char="=")],
    ],
)
def test_ink_of_others_is_no_accent(others: list[Glyph]) -> None:
    assert not list(accents.over(picture(*SHAPES[accents.DOT]), others))


def test_the_bar_of_a_fraction_is_no_accent() -> None:
    above = Glyph("a", 40.0, 30.0, SIZE, 0)
    assert not list(accents.over(picture(*SHAPES[accents.BAR]), [LETTER, above]))
