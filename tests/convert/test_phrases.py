"""Formulas within lines: what is cut out for them, and which answers are told."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from vary_cli.convert.phrases import foreign, is_whole

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
