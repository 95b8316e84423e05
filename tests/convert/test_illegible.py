"""Pictures on which next to nothing was read: shown, not told."""

from __future__ import annotations

import math

import pymupdf
import pytest

import vary_cli
from vary_cli import convert
from vary_cli.convert import ConvertOptions
from vary_cli.convert.evidence import is_legible, is_text
from vary_cli.convert.sheet import UNREADABLE
from vary_cli.example import Generation

TEXT = "Some words of a paragraph that is easy to read, and more."


@pytest.mark.parametrize(
    ("count", "probability", "illegible"),
    [(40, 0.7, False), (40, 0.55, True), (1, 0.93, True), (1, 0.99, False), (5, 0.77, True), (5, 0.95, False)],
)
def test_the_fewer_characters_the_surer_they_must_be(count: int, probability: float, illegible: bool) -> None:
    assert is_text([said("x" * count, probability)]) != illegible


@pytest.mark.parametrize(
    ("text", "probability", "legible"),
    [
        ("x" * 40, 0.7, True),
        ("x" * 40, 0.55, False),
        ("*", 0.3, True),
        ("*", 0.1, False),
        ("\ufffdx\ufffdy", 0.57, False),
    ],
)
def test_a_region_of_a_page_with_text_may_be_a_few_odd_signs_and_no_noise(
    text: str, probability: float, legible: bool
) -> None:
    assert is_legible(said(text, probability)) == legible


def said(text: str, probability: float) -> Generation:
    """An answer whose characters are this probable on the mean."""
    return Generation(text, "stop", len(text), math.log(probability))


def test_signs_that_nobody_can_name_are_a_picture_between_the_text_beside_them() -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=400)
        for top in (40, 340):
            for number in range(4):
                page.insert_text((40, top + 14 * number), TEXT, fontsize=10, fontname="tiro")
        for number in range(4):
            page.insert_text((40, 180 + 34 * number), "abcdefg", fontsize=30, fontname="zadb")
        data = document.tobytes()
    (told,) = convert(data, vary_cli.load("vary-nano", device="cpu"), options=ConvertOptions(text_layer="off")).pages
    paragraph = " ".join([TEXT] * 4)
    assert told.text == f"{paragraph}\n\n![](p001-fig01.png)\n\n{paragraph}"
    assert told.warnings == (UNREADABLE,)
