"""Light letters on a dark page, as screens and slides show them."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageOps

import vary_cli
from vary_cli import convert
from vary_cli.convert.asking import positive
from vary_cli.convert.crops import picture
from vary_cli.document import PageImage

LINES = ["A dark page with light letters on it", "is what editors and terminals show."]


def screen(ground: str, letters: str) -> Image.Image:
    image = Image.new("RGB", (1000, 300), ground)
    for i, line in enumerate(LINES):
        ImageDraw.Draw(image).text((60, 60 + 50 * i), line, fill=letters, font_size=30)
    return image


def page(image: Image.Image) -> PageImage:
    return PageImage(1, "1", image, (image.width / 2, image.height / 2))


@pytest.mark.parametrize(("ground", "letters"), [("#1e1e1e", "#d4d4d4"), ("black", "white"), ("#002b36", "#93a1a1")])
def test_a_dark_page_is_read_as_a_light_one(ground: str, letters: str) -> None:
    data = io.BytesIO()
    screen(ground, letters).save(data, "PNG")
    (told,) = convert(data.getvalue(), vary_cli.load("vary-nano", device="cpu")).pages
    assert told.text == " ".join(LINES)


def test_a_light_page_and_a_dark_photograph_stay_as_they_are() -> None:
    for image in (screen("white", "black"), Image.linear_gradient("L").point(lambda tone: tone // 2).convert("RGB")):
        assert positive(page(image)) == page(image)


def test_what_is_cut_out_of_a_dark_page_is_as_it_was() -> None:
    image = screen("black", "white")
    found = positive(page(image))
    assert not ImageChops.difference(found.image, ImageOps.invert(image)).getbbox()
    assert positive(found) == found
    cut = picture(found, (50, 50, 300, 120), 1).image.convert("RGB")
    assert not ImageChops.difference(cut, image.crop((50, 50, 300, 120))).getbbox()
