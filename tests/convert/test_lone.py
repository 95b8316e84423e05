"""A picture of one formula: asked as such, told in LaTeX, or said not to be read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

import pytest
from PIL import Image, ImageDraw

from vary_cli.convert import ConvertOptions, pages
from vary_cli.document import PageImage
from vary_cli.example import FORMULA, Example, Generation, Glyph

OPTIONS = ConvertOptions(text_layer="off", task="formula", prompt=FORMULA)


def picture() -> PageImage:
    image = Image.new("RGB", (120, 60), "white")
    ImageDraw.Draw(image).rectangle((24, 29, 36, 40), "black")
    ImageDraw.Draw(image).rectangle((46, 19, 54, 30), "black")
    return PageImage(1, "1", image, (60, 30))


def saying(*answers: Generation) -> Callable[[Iterable[Example]], Iterator[Generation]]:
    def transcribe(examples: Iterable[Example]) -> Iterator[Generation]:
        for example, answer in zip(examples, answers, strict=True):
            assert example.prompt == FORMULA
            assert example.lines is None
            assert example.em is not None
            yield answer

    return transcribe


def test_an_answer_that_compiles_is_told() -> None:
    (page,) = pages([picture()], saying(Generation(r"\frac{a}{b}", "stop", 5, 0.0)), OPTIONS)
    assert page.text == "$$\n\\frac{a}{b}\n$$"


def test_glyphs_alone_tell_nothing_and_an_answer_goes_with_them() -> None:
    glyphs = (Glyph("x", 30, 40, 24, 0), Glyph("2", 50, 30, 17, 0))
    told = [
        next(pages([picture()], saying(Generation(said, "stop", 2, 0.0, glyphs=glyphs)), OPTIONS)).text
        for said in ("", "x^2", "y^3")
    ]
    assert told == ["", "$$\nx^{2}\n$$", ""]


@pytest.mark.parametrize(
    "answer",
    [
        Generation(r"\frac{a}{", "stop", 5, 0.0),
        Generation("x", "length", 5, 0.0),
        Generation("x", "stop", 5, math.log(0.95), probability=0.3),
        Generation("", "blank", 0, 0.0, glyphs=()),
        Generation("", "stop", 1, 0.0, glyphs=(Glyph("x", 30, 40, 24, 0),)),
    ],
    ids=["broken", "cut off", "unsure", "blank", "more drawn than named"],
)
def test_what_cannot_be_vouched_for_is_said_to_be_unread(answer: Generation) -> None:
    (page,) = pages([picture()], saying(answer), OPTIONS)
    assert (page.text, page.finish, page.code) == ("", "failed", "formula_unread")
    assert page.warnings
