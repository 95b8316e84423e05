"""Strips: what the network sees of a line."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from vary_cli.document import Line
from vary_cli.model.strips import BASELINE, EM, HEIGHT, ink, line_box, stack, strip


def page_with_bar(baseline: float, em: float) -> Image.Image:
    """A black bar from the baseline up half an em, 40 px from the left."""
    image = Image.new("L", (400, 200), 255)
    ImageDraw.Draw(image).rectangle((40, baseline - em / 2, 240, baseline - 1), fill=0)
    return image


def test_em_and_baseline_stand_where_the_network_expects_them() -> None:
    for em in (16.0, 24.0, 48.0):
        image = page_with_bar(100, em)
        pixels = strip(image, Line((40, 100 - em / 2, 241, 100), 100, em))
        rows = np.flatnonzero((pixels < 128).any(1))
        assert abs(rows[-1] + 1 - BASELINE) <= 1
        assert abs(len(rows) - EM / 2) <= 1


def test_a_line_at_the_edge_is_padded_with_paper() -> None:
    pixels = strip(page_with_bar(5, 24), Line((0, 0, 400, 5), 5, 24))
    assert pixels.shape[0] == HEIGHT
    assert (pixels[:10] == 255).all()


def test_a_line_outside_of_the_picture_is_paper() -> None:
    assert (strip(page_with_bar(100, 24), Line((900, 900, 950, 920), 915, 24)) == 255).all()


def test_the_box_and_the_strip_agree() -> None:
    line = Line((40, 80, 241, 105), 100, 30)
    (x0, y0, x1, y1), width = line_box(line)
    assert strip(page_with_bar(100, 30), line).shape == (HEIGHT, width)
    assert abs((x1 - x0) / (y1 - y0) - width / HEIGHT) < 1e-6


def test_paper_is_zero_and_ink_is_two() -> None:
    black, white = np.zeros((HEIGHT, 16), np.uint8), np.full((HEIGHT, 30), 255, np.uint8)
    gray, valid = stack([black, white], 8)
    assert gray.shape == (2, 1, HEIGHT, 32)
    assert ink(gray[0, :, :, :16]).eq(2).all()
    assert ink(gray[0, :, :, 16:]).eq(0).all()
    assert ink(gray[1]).eq(0).all()
    assert valid.tolist() == [[1, 1, 0, 0], [1, 1, 1, 1]]


@pytest.mark.parametrize("panel", [0, 140])
def test_light_letters_on_a_panel_are_seen_as_dark_ones_on_paper(panel: int) -> None:
    line, pixels = Line((40, 88, 241, 100), 100, 24), np.asarray(page_with_bar(100, 24))
    light = Image.fromarray(np.where(pixels < 128, 255, panel).astype(np.uint8))
    assert strip(light, line).astype(int) == pytest.approx(strip(page_with_bar(100, 24), line).astype(int), abs=3)
