"""What can be seen of a formula: its characters, counted."""

from __future__ import annotations

import pytest

from vary_cli import formula
from vary_cli.formula.spelling import spelled
from vary_cli.formula.visible import named, unlike, written


@pytest.mark.parametrize(
    ("latex", "seen"),
    [
        (r"\frac{a}{b}", "ab"),
        (r"\sqrt[3]{x+1}", "√3x+1"),
        (r"\left( \frac{a}{b} \right]", "(ab]"),
        (r"\begin{pmatrix} a & b \end{pmatrix}", "(ab)"),
        (r"\begin{cases} 1 & \text{if } x \\ 0 \end{cases}", "{1ifx0"),
        (r"\hat{x} + \overline{y}", "x+y"),
        (r"\sin x_{\mathrm{max}}", "sinxmax"),
        (r"\sum_{i} \alpha \varphi", "∑iαϕ"),
        (r"\binom{n}{k} \bigoplus \| v \|", "(nk)⊕∥v∥"),
        (r"a, \ldots, b", "a,,b"),
        (r"\mathcal{N} \in \mathbb{R}", "𝒩∈ℝ"),
        (r"\mathfrak{g} \mathfrak{R} \Im", "𝔤ℜℑ"),
    ],
)
def test_a_formula_shows_its_characters(latex: str, seen: str) -> None:
    spelling = spelled(formula.typeset(latex, display=True) or "") or ""
    assert written(spelling) == named(seen)
    assert unlike(spelling, seen) == 0


def test_what_was_invented_and_what_was_left_out_count_alike() -> None:
    assert unlike("a + b", "a+") == unlike("a +", "a+b") == pytest.approx(1 / 5)
    assert unlike("x", "y") == 1
    assert unlike("", "") == 0
