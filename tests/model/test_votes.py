"""What the looks at a block agree on."""

from __future__ import annotations

import numpy as np
import pytest

from vary_cli.example import Glyph
from vary_cli.model.looks import Look
from vary_cli.model.strips import HEIGHT
from vary_cli.model.votes import Seen, agreed

SIZE = 20.0
PIXELS = np.full((2 * HEIGHT, 64), 255, np.uint8)


def seen(char: str, x: float, y: float = 0.0, probability: float = 0.9, size: float = SIZE) -> Seen:
    """A glyph x and y ems from a place on the picture."""
    return Glyph(char, 40 + x * SIZE, 40 + y * SIZE, size, 0), probability


def names(*found: Seen) -> str:
    return "".join(glyph.char for glyph, _ in agreed(found, []))


def test_what_was_seen_twice_is_one_glyph_as_probable_as_in_its_clearest_look() -> None:
    once = agreed([seen("o", 0, probability=0.6), seen("o", 0.05, 0.05), seen("a", -0.05, probability=0.7)], [])
    assert [(glyph.char, probability) for glyph, probability in once] == [("o", 0.9)]


def test_what_was_seen_badly_is_none_unless_several_looks_agree() -> None:
    badly = seen("b", 0, probability=0.5)
    assert names(badly, seen("b", 0.05, probability=0.45)) == ""
    assert names(badly, seen("b", 0.05, probability=0.45), seen("b", 0, 0.05, probability=0.3)) == "b"


def test_the_looks_vote() -> None:
    assert names(seen("l", 0), seen("1", 0, probability=0.7), seen("1", 0.05, probability=0.6)) == "1"


@pytest.mark.parametrize(
    ("first", "second", "x", "y"),
    [
        ("l", "i", 0.28, 0.0),  # of "lim"
        ("i", "i", 0.25, 0.0),
        ("\u2202", "\u2202", 0.0, 1.0),  # of a derivative, over and under the bar
        ("x", "^", 0.05, -0.2),  # an accent's height is told badly
    ],
)
def test_neighbours_are_two(first: str, second: str, x: float, y: float) -> None:
    assert sorted(names(seen(first, 0), seen(second, x, y))) == sorted(first + second)


@pytest.mark.parametrize(
    ("first", "second", "y"),
    [("(", "(", 1.0), ("x", "x", 0.5), ("x", "X", 0.4), (",", "\u2032", 0.6)],
)
def test_what_is_seen_from_two_rows_is_one(first: str, second: str, y: float) -> None:
    assert names(seen(first, 0), seen(second, 0, y, probability=0.85)) == first


def test_how_bold_a_glyph_is_is_the_mean_of_what_the_looks_say() -> None:
    clear, other, apart = (
        (glyph._replace(bold=bold), p)
        for (glyph, p), bold in (
            (seen("x", 0), 1.0),
            (seen("x", 0, 0.03, probability=0.45), -8.0),
            (seen("y", 2), None),
        )
    )
    (x, _), (y, _) = agreed([clear, other, apart], [])
    assert x.bold == pytest.approx((0.9 * 1.0 + 0.45 * 0.95 * -8.0) / (0.9 + 0.45 * 0.95))
    assert y.bold is None


def test_most_looks_that_show_a_place_well_must_not_miss_it() -> None:
    glyph = seen("x", 0)
    looks = [Look(0, PIXELS, top, 1.0) for top in (8, 16, 24, 32)]
    shown = [look for look in looks if look.shows(glyph[0].middle)]
    assert 0 < len(shown) < len(looks)
    assert agreed([glyph], shown) == [glyph]
    assert agreed([glyph], 4 * shown) == []
