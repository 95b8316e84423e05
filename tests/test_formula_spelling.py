"""One spelling for formulas of one look, and the way back."""

from __future__ import annotations

import random

import pytest

from vary_cli import formula
from vary_cli.data.manuscript.formulas import Formula
from vary_cli.formula.spelling import spelled, written


def spelling(latex: str) -> str | None:
    return spelled(formula.typeset(latex, display=True) or "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"x^{2}_{i}", r"x_i^2"),
        (r"a \le b \to c", r"a\leq b\rightarrow c"),
        (r"\left( x + 1 \right)", r"(x+1)"),
        (r"\bigl( x \bigr)", r"(x)"),
        (r"\dfrac{a}{b}\,c", r"\frac ab c"),
        (r"f^{\prime}", r"f'"),
        (r"{x}+{y}", r"x+y"),
        (r"\mathrm{d}x \quad y", r"\mathrm{d} x \qquad y"),
        (r"\mathrm{log} x_\mathrm{max}", r"\log x_{\max}"),
        (r"\operatorname*{max}_a p", r"\max_a p"),
        (r"\mathfrak{R}(z) \not= a_1,...,a_n", r"\Re(z) \ne a_1,\ldots,a_n"),
        (r"\begin{aligned} a &= b + c \end{aligned}", "a = b + c"),
        (r"\begin{cases} a \\ b \\ \end{cases}", r"\begin{cases} a \\ b \end{cases}"),
        (r"{a + b} c~d", "a + b c d"),
        (r"\widehat{x} + \widetilde{\mathbf{y}} + \hat{ab}", r"\hat{x} + \tilde{\mathbf{y}} + \widehat{ab}"),
        (r"\mathbf{a}\mathbf{b}\mathbf{c} + \mathbf{d}", r"\mathbf{abc} + \mathbf{d}"),
        (r"(\frac{a}{b} + [x])", r"\left(\frac{a}{b} + [x]\right)"),
        (r"\sqrt[n]{[\sum x]}", r"\sqrt[n]{\left[\sum x\right]}"),
    ],
)
def test_what_looks_the_same_is_spelled_the_same(one: str, other: str) -> None:
    assert spelling(one) == spelling(other) is not None


@pytest.mark.parametrize(
    ("latex", "tokens"),
    [
        (r"\left(\frac{a}{b}\right)^{2}", r"\left( \frac { a } { b } \right) ^ 2"),
        (r"x_{i+1}", "x _ { i + 1 }"),
        (r"\text{if } x", r"\text{if } x"),
        (r"\sqrt[3]{x}", r"\sqrt [ 3 ] { x }"),
        (r"\begin{cases}1&a\\0&b\end{cases}", r"\begin{cases} 1 & a \\ 0 & b \end{cases}"),
    ],
)
def test_tokens_stand_apart(latex: str, tokens: str) -> None:
    assert spelling(latex) == tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"{a + b}^2", "a + b^2"),
        (r"\mathbf{a}\mathit{b}", r"\mathbf{ab}"),
        (r"\mathbf{a}_1\mathbf{b}", r"\mathbf{ab}_1"),
        (r"(\leftarrow a)", r"\left(\frac{a}{b}\right)"),
    ],
)
def test_what_looks_different_is_not(one: str, other: str) -> None:
    assert None is not spelling(one) != spelling(other)


@pytest.mark.parametrize(
    "latex", [r"[\frac{a}{b}, 1)", r"(\begin{cases} a) & \frac{a}{b} \end{cases}", r"(a] \frac{a}{b}"]
)
def test_a_fence_without_its_other_side_does_not_grow(latex: str) -> None:
    assert r"\left" not in (spelling(latex) or r"\left")


@pytest.mark.parametrize(
    ("latex", "typed"),
    [
        (r"p(y|D)=\int p(a|b,c)", r"p(y\mid D)=\int p(a\mid b,c)"),
        (r"\left(\frac{a}{b}|c\right)", r"\left(\frac{a}{b}\mid c\right)"),
        (r"\{x|x>0\}", r"\{x\mid x>0\}"),
        (r"|x|<3", r"|x|<3"),
        (r"f|_{x=0}", r"f|_{x=0}"),
        (r"(|x)", r"(|x)"),
    ],
)
def test_a_bar_between_two_things_is_typed_as_a_relation(latex: str, typed: str) -> None:
    assert written(spelling(latex) or "") == typed


def test_a_spelling_leads_back_to_the_formula() -> None:
    chance = random.Random(4)
    for _ in range(300):
        told = spelling(Formula(chance).display())
        assert told is not None
        assert spelling(written(told)) == told


def test_what_cannot_be_spelled_is_none() -> None:
    assert spelled(r"x^{a}^{b}") is None
    assert spelled(r"\left( x") is None
    assert spelled("") is None


def test_written_latex_has_blanks_only_where_they_are_needed() -> None:
    assert written(r"\alpha x _ \beta + \text{a b} y") == r"\alpha x_{\beta}+\text{a b}y"
