"""Pictures on which next to nothing was read: shown, not told."""

from __future__ import annotations

import math

import pytest

from vary_cli.convert.evidence import is_legible, is_text
from vary_cli.example import Generation


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
