"""Formulas as characters: what these can say, and what stays LaTeX."""

from __future__ import annotations

import unicodedata

import pytest

from vary_cli.formula.signs import in_math
from vary_cli.formula.unicode import LOWERED, RAISED, plain


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        ("T_{n}", "Tₙ"),
        (r"\Omega=\sigma^{2}I_{n}", "Ω = σ²Iₙ"),
        (r"\hat{x}_i^2", "x̂ᵢ²"),
        (r"-x+y", "−x + y"),
        ("x^{-1}", "x⁻¹"),
        ("f'(x)", "f′(x)"),
        (r"\mathcal{N}(0,\sigma^2)", "𝒩(0, σ²)"),
        (r"X\in\mathbb{R}^{n}", "X ∈ ℝⁿ"),
        (r"i=1,\ldots,n", "i = 1, …, n"),
        (r"\operatorname{diag}(S_n)", "diag(Sₙ)"),
        (r"n\log n", "n log n"),
        (r"n\to\infty", "n → ∞"),
    ],
)
def test_rows_of_signs_with_simple_scripts_are_characters(latex: str, said: str) -> None:
    assert plain(latex) == said


@pytest.mark.parametrize(
    ("char", "said"),
    [
        ("ℎ", r"\mathit{h}"),
        ("𝜚", r"\varrho"),
        ("𝝐", r"\epsilon"),
        ("𝜀", r"\varepsilon"),
        ("𝜕", r"\partial"),
        ("𝐡", r"\mathbf{h}"),
    ],
)
def test_letters_of_alphabets_keep_what_they_are(char: str, said: str) -> None:
    assert in_math(char) == said


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{a}{b}",
        r"\sqrt{2}",
        r"\sum_{i=1}^n x_i",
        "x_{HC}",
        "x_{i,j}",
        "x^{y^z}",
        r"\hat{xy}",
        r"(X^\top X)^{-1}",
        r"\begin{pmatrix} a \\ b \end{pmatrix}",
        r"x \over",
        "",
    ],
)
def test_what_characters_cannot_say_stays_latex(latex: str) -> None:
    assert plain(latex) is None


def test_scripts_are_those_that_unicode_says_they_are() -> None:
    for table, kind in ((RAISED, "<super>"), (LOWERED, "<sub>")):
        for char, script in table.items():
            named, code = unicodedata.decomposition(script).split()
            assert (named, unicodedata.normalize("NFKC", script).replace("−", "-")) == (kind, char), code
