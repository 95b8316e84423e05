"""Formulas within lines: what is cut out for them, and which answers are told."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from vary_cli import compose
from vary_cli.convert.phrases import Place, foreign, is_whole, told
from vary_cli.document import Line, Region, Span

EM = 40


@pytest.fixture
def crop() -> Image.Image:
    """A letter, and above it a descender that the cut goes through and a full stop; beside it a cut letter."""
    image = Image.new("L", (120, 80), 255)
    draw = ImageDraw.Draw(image)
    for box in ((50, 30, 70, 52), (30, 0, 40, 14), (80, 3, 83, 6), (115, 35, 119, 50)):
        draw.rectangle(box, 0)
    return image


def test_ink_of_neighbours_is_left_out_and_what_is_asked_for_is_not(crop: Image.Image) -> None:
    mask = foreign(crop, EM)
    left = (np.asarray(crop) < 128) & ~mask
    assert left.sum() == 21 * 23
    assert left[30:53, 50:71].all()


@pytest.mark.parametrize(
    ("formula", "whole"),
    [("a = b", True), ("= b", False), ("a =", False), (r"\sqrt { }", False), (r"\sqrt { x }", True), ("", False)],
)
def test_what_lacks_an_operand_is_no_formula(formula: str, whole: bool) -> None:
    assert is_whole(formula.split()) == whole


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        ({(4, 9): None}, "the N × K of *x*"),
        ({(4, 9): r"N\times K"}, r"the $N\times K$ of *x*"),
        ({(13, 14): None}, "the *N ×* K of *x*"),
    ],
    ids=["not believed", "believed", "a lone letter"],
)
def test_letters_of_a_formula_that_is_not_told_are_not_emphasized(
    latex: dict[tuple[int, int], str | None], said: str
) -> None:
    parts = (("the ", False), ("N ×", True), (" K of ", False), ("x", True))
    spans, x = [], 0.0
    for text, italic in parts:
        edges = tuple(x + 5 * i for i in range(len(text) + 1))
        spans.append(Span(text, (x, 93, edges[-1], 102), edges, 100, 10, italic=italic))
        x = edges[-1]
    line = Line((0, 93, x, 102), 100, 10, tuple(spans))
    found = told([Region("text", line.box, (line,))], {Place(0, 0, *place): said for place, said in latex.items()})
    assert compose.page(found, [[line.text]])[0] == said
