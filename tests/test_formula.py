"""Formulas are said again in commands that any engine knows, or not at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vary_cli.formula import typeset
from vary_cli.formula.mathml import mathml

PIECES = [*"ab1^_{}&'$%#~()[]|<≤α中 ", "\\frac", "\\sqrt", "\\left", "\\right", "\\\\", "\\text{", "\\begin{cases}"]
PIECES += ["\\end{cases}", "\\sum", "\\limits", "\\foo", "\\tag{1}", "\\operatorname", "\\substack{", "\\not", "\\,"]


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        ("E=mc^2", "E=mc^{2}"),
        ("\\frac12 x^\\sqrt2", "\\frac{1}{2} x^{\\sqrt{2}}"),
        ("x^a^b", "x^{a}{}^{b}"),
        ("α ≤ β", "\\alpha \\leq \\beta"),
        ("\\left( x", "( x"),
        ("\\text{if $x>0$}", "\\text{if }x>0\\text{}"),
        ("50%", "50\\%"),
        ("\\mathbb{r}", "\\mathbf{r}"),
        ("\\label{a} x", "x"),
        ("\\sum\\limits_i", "\\sum\\limits_{i}"),
        ("x\\limits_i", "x_{i}"),
    ],
)
def test_what_is_known_is_mended(latex: str, said: str) -> None:
    assert typeset(latex) == said


@pytest.mark.parametrize(
    "latex", ["\\input{x}", "\\write18{ls}", "}{", "{", "\\frac{1}", "x^", "\\begin{foo}\\end{foo}", "$"]
)
def test_what_cannot_be_vouched_for_is_refused(latex: str) -> None:
    assert typeset(latex) is None


def test_displays_within_a_display_become_parts_of_it() -> None:
    assert (
        typeset("\\begin{align*}a &= b \\tag{3}\\end{align*}", True) == "\\begin{aligned}a &= b \\end{aligned}\\tag{3}"
    )
    assert typeset("a &= b \\\\[2pt] [c]", True) == "\\begin{aligned}a &= b \\\\ {}[c]\\end{aligned}"


def test_two_numbers_stand_in_their_lines() -> None:
    assert typeset("\\begin{align}a \\tag{1}\\\\ b \\tag{2}\\end{align}", True) == (
        "\\begin{aligned}a \\qquad\\text{(1)}\\\\ b \\qquad\\text{(2)}\\end{aligned}"
    )


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.booleans())
def test_what_passes_passes_again_and_has_a_mathml(latex: str, display: bool) -> None:
    said = typeset(latex, display)
    if said is not None:
        assert typeset(said, display) is not None
        assert "<script" not in (mathml(said, display) or "")
