"""The steps of letters: type of one width is told by them."""

from __future__ import annotations

import pytest

from vary_cli.example import MONO, Glyph
from vary_cli.layout import pace

EM = 30.0


def even(text: str, style: int = 0, x: float = 60.0) -> list[Glyph]:
    return [Glyph(char, x + 0.6 * EM * (i + 0.5), 100, EM, 0, style) for i, char in enumerate(text)]


def uneven(text: str, style: int = 0, x: float = 60.0) -> list[Glyph]:
    found = []
    for char in text:
        width = EM * (0.25 if char == " " else pace.WIDTH.get(char, pace.OTHER))
        found.append(Glyph(char, x + width / 2, 100, EM, 0, style))
        x += width
    return found


def told(glyphs: list[Glyph]) -> str:
    return "".join(g.char for g, step in zip(glyphs, pace.steps(glyphs, EM), strict=True) if step)


def test_letters_at_even_steps_are_of_one_width_though_none_looks_so() -> None:
    assert told(even("printf(list);")) == "printf(list);"


def test_letters_at_their_usual_steps_are_not_though_some_look_so() -> None:
    assert told(uneven("million", MONO)) == ""
    assert told(uneven("The illness of Wimmer")) == ""


def test_few_letters_take_their_looks() -> None:
    assert told(even("no", MONO)) == "no"
    assert told(even("no")) == ""


def test_words_that_say_little_take_after_those_beside_them() -> None:
    line = even("import { parse } from 'list';")
    assert told(line) == "import{parse}from'list';"


def test_a_word_whose_letters_were_misread_is_set_as_those_beside_it_if_it_looks_so() -> None:
    def line(style: int) -> list[Glyph]:
        spoilt = [*even("tit", style, 294), *uneven("le]({full", style, 340)]
        return [*even("\\title[short ", MONO), *spoilt, *even(" title}", MONO, 492)]

    assert told(line(MONO)) == "\\title[shorttitle]({fulltitle}"
    assert told(line(0)) == "\\title[shorttitle}"


def test_chinese_in_a_program_is_left_out() -> None:
    line = [*even("utilities."), Glyph("中", 300, 100, EM, 0), *even("illegal.", x=330)]
    assert told(line) == "utilities.illegal."


def test_a_full_stop_after_code_is_of_the_sentence() -> None:
    line = [*even("utilities", MONO), *even(".", x=60 + 9 * 0.6 * EM), *uneven(" They will", x=60 + 10 * 0.6 * EM)]
    assert told(line) == "utilities"


def test_steps_are_as_wide_as_the_letters_are_set() -> None:
    assert pace.steps(even("utilities"), EM) == pytest.approx([0.6 * EM] * 9)


def grids(*lines: list[Glyph]) -> list[float]:
    return pace.grids([([glyph._replace(y=40.0 * i) for glyph in line], EM) for i, line in enumerate(lines)])


def test_figures_in_a_program_are_set_as_the_lines_around() -> None:
    code = even("Black   sum(32)   11", MONO)
    few = [*even("7", 0, 60 + 8 * 0.6 * EM), *even("5", 0, 60 + 14 * 0.6 * EM)]
    assert grids(code, few, few, code) == [0.0, pytest.approx(0.6 * EM), pytest.approx(0.6 * EM), 0.0]
    assert grids(code, few) == [0.0, 0.0]
    assert grids(code, even("Red 16 77 52")) == [0.0, pytest.approx(0.6 * EM)]


def test_prose_between_programs_is_prose() -> None:
    code = even("for (i = 0; i < n; i++) {", MONO)
    assert not any(grids(code, uneven("The illness of Wimmer is known"), code))
    far = [glyph._replace(y=900.0) for glyph in code]
    few = even("7 5", 0, 60)
    assert pace.grids([(code, EM), ([g._replace(y=500.0) for g in few], EM), (far, EM)]) == [0.0, 0.0, 0.0]
