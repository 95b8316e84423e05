"""Characters of a text layer's formulas as they are typed."""

from __future__ import annotations

import pytest

from vary_cli.compose.formulas.words import typed


@pytest.mark.parametrize(
    ("char", "said"),
    [
        ("𝑥", "x"),
        ("ℎ", "h"),
        ("𝜚", r"\varrho"),
        ("𝜌", r"\rho"),
        ("𝐱", r"\mathbf{x}"),
        ("ℝ", r"\mathbb{R}"),
        ("字", None),
    ],
)
def test_italic_letters_are_typed_as_themselves(char: str, said: str | None) -> None:
    assert typed(char) == said
