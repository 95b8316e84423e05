"""Characters of a line that were named twice, and two that were named once."""

from __future__ import annotations

import pytest

from vary_cli.model.doubles import counted
from vary_cli.model.glyphs import ReadGlyph

CELL = 8


def text(*told: ReadGlyph) -> str:
    return "".join(glyph.char for glyph in counted(told, CELL))


def test_of_two_names_for_one_letter_the_more_probable_one_is_told() -> None:
    told = [ReadGlyph("u", 1.0, 0.9), ReadGlyph("n", 2.5, 0.99), ReadGlyph("w", 2.75, 0.6), ReadGlyph("l", 3.6, 0.9)]
    assert text(*told) == "unl"
    told[1:3] = [ReadGlyph("n", 2.5, 0.6), ReadGlyph("w", 2.75, 0.99)]
    assert text(*told) == "uwl"


@pytest.mark.parametrize(("probability", "said"), [(0.48, "t"), (0.9, "lt")])
def test_what_is_doubted_is_taken_for_a_second_name_from_further_away(probability: float, said: str) -> None:
    assert text(ReadGlyph("l", 1.0, probability), ReadGlyph("t", 1.25, 0.81)) == said


@pytest.mark.parametrize(
    "pair",
    [
        (ReadGlyph("L", 1.0, 1.0), ReadGlyph("A", 1.3, 0.95)),  # of TeX's logo
        (ReadGlyph("i", 1.0, 0.9, rise=-0.2, size=0.7), ReadGlyph("2", 1.1, 0.9, rise=0.35, size=0.7)),
        (ReadGlyph("x", 1.0, 0.9), ReadGlyph("^", 1.1, 0.9)),
        (ReadGlyph("'", 1.0, 0.9), ReadGlyph("'", 1.4, 0.9)),
    ],
)
def test_what_stands_close_or_one_above_the_other_is_two(pair: tuple[ReadGlyph, ReadGlyph]) -> None:
    assert counted(pair, CELL) == list(pair)


def test_a_narrow_letter_that_is_as_wide_as_two_is_two() -> None:
    first, second = counted([ReadGlyph("l", 2.0, 0.97, slots=4)], CELL)
    assert (first.char, second.char) == ("l", "l")
    assert first.x < 2.0 < second.x
    assert len(counted([ReadGlyph("l", 2.0, 0.97, slots=3), ReadGlyph("m", 4.0, 0.97, slots=4)], CELL)) == 2


@pytest.mark.parametrize(("gap", "said"), [(14.4, "ww"), (28.0, "www"), (36.0, "www")])
def test_between_two_w_that_stand_apart_without_a_blank_stands_a_third_one(gap: float, said: str) -> None:
    apart = [ReadGlyph("w", 2.0, 0.9), ReadGlyph("w", 2.0 + gap / CELL, 0.9)]
    assert text(*apart) == said
    assert text(apart[0], ReadGlyph(" ", 3.0, 0.9), apart[1]) == "w w"
