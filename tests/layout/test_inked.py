"""Formulas from glyphs that were named and placed, and the ink on their picture."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from vary_cli import formula
from vary_cli.compose import formulas
from vary_cli.data import families, typesetting
from vary_cli.data.manuscript import Block, looks
from vary_cli.data.sources.formulas import framed
from vary_cli.data.typesetting import Job, Paper
from vary_cli.example import BOLD, Example, Glyph
from vary_cli.finetune.augment import DARK, centred, formal
from vary_cli.formula.spelling import spelled
from vary_cli.layout.displays import inked

LATEX = [
    r"x_{i}^{2} + y = \alpha",
    r"\frac{a + b}{c_{1}} = d",
    r"\sum_{i=1}^{n} x_{i}",
    r"f(x) = \int_{0}^{1} g \, d t",
    r"\sqrt{a + b} - c",
    r"\hat{\beta} = \bar{x}",
    r"p = \begin{cases} 1 & a \\ 0 & b \end{cases}",
    r"A = \begin{pmatrix} a & b \\ c & d \end{pmatrix}",
    r"\bigoplus_{i \in I} V_{i} \oplus W",
    r"\log \left( \frac{p}{q} \right)",
]


@pytest.fixture(scope="module")
def set_formulas() -> list[Example]:
    pytest.importorskip("typst", reason="formulas are set by typst")
    case = families.case(())
    look = replace(looks.look(case, False, random.Random(1)), size=10.0)
    jobs = [Job([Block(f"$$\n{latex}\n$$")], look, Paper(400, margin=(10, 10)), 3.2, latex) for latex in LATEX]
    return [framed(example, random.Random(2)) for example in typesetting.regions(jobs, ())]


def told(example: Example) -> str:
    dark = np.asarray(example.image.convert("L")) < DARK
    glyphs = [centred(formal(glyph), dark) for glyph in example.glyphs or () if not glyph.char.isspace()]
    found = formulas.displays(*inked.told(example.image, [g for g in glyphs if len(g.char) == 1], 32))
    return spelled(formula.typeset(found[0], display=True) or "") or "" if found else ""


@pytest.mark.parametrize("number", range(len(LATEX)), ids=LATEX)
def test_what_stands_where_says_the_formula(set_formulas: list[Example], number: int) -> None:
    example = set_formulas[number]
    assert told(example) == spelled(formula.typeset(LATEX[number], display=True) or "")


def test_no_glyphs_say_nothing() -> None:
    assert inked.told(Image.new("L", (50, 50), 255), ()) == ([], [])


def test_sizes_and_baselines_are_those_of_a_formula() -> None:
    rough = [Glyph("a", 10, 30.8, 19.0, 0), Glyph("b", 25, 29.4, 21.5, 0, BOLD), Glyph("2", 35, 21.0, 13.5, 0)]
    settled = inked.level(rough, 20)
    assert [glyph.size for glyph in settled] == pytest.approx([20, 20, 14.2])
    assert settled[0].y == settled[1].y
    assert settled[1].style == BOLD


def test_a_drawing_is_no_formula() -> None:
    image = Image.new("L", (200, 90), 255)
    ImageDraw.Draw(image).rectangle((20, 15, 120, 75), outline=0, width=2)
    ImageDraw.Draw(image).rectangle((60, 40, 68, 50), fill=0)
    assert inked.told(image, [Glyph("x", 64, 50, 20, 0)], 20) == ([], [])


def test_any_glyphs_anywhere_end_in_a_formula_or_none() -> None:
    chance = random.Random(5)
    signs = "abxyi12+-=()[]{}|√∑∫∏^~·.,'→α"
    image = Image.new("L", (160, 120), 255)
    for _ in range(60):
        ImageDraw.Draw(image).point((chance.randrange(160), chance.randrange(120)), fill=0)
    for _ in range(150):
        glyphs = [
            Glyph(chance.choice(signs), chance.uniform(0, 160), chance.uniform(0, 120), chance.choice((20, 14, 10)), 0)
            for _ in range(chance.randint(1, 14))
        ]
        spans = [inked.span(glyph, glyph.box, 1.0) for glyph in glyphs]
        bars = [(x, y, x + 40, y + 1) for x, y in [(chance.uniform(0, 120), chance.uniform(0, 120))]]
        told = formulas.displays(spans, bars)
        assert told is None or all(formula.typeset(latex, display=True) for latex in told)
