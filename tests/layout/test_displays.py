"""Display formulas on scans that have been read: what is one, how far it goes, and what is none."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from vary_cli.document import Box, Line
from vary_cli.example import MONO, Glyph
from vary_cli.layout import displays
from vary_cli.layout.seen import Seen

EM = 28.0
LEFT, RIGHT = 200.0, 1000.0
PAGE = (1200, 1600)
WORDS = "where the model is linear in all of its parameters and the errors are normal"


def line(text: str, x: float, y: float, *, high: float = 0.9, step: float = 0.5, style: int = 0) -> Seen:
    """A line of characters of one width; a run of blanks is as wide as it is long."""
    glyphs = [Glyph(char, x + step * EM * (i + 0.5), y, EM, 0, style) for i, char in enumerate(text)]
    box = (x, y - 0.7 * EM * high / 0.9, x + step * EM * len(text), y + 0.2 * EM * high / 0.9)
    return Line(box, y, EM), [glyph for glyph in glyphs if not glyph.char.isspace() or step < 0.4]


def prose(y: float, x: float = LEFT, width: float = RIGHT - LEFT) -> Seen:
    found, _ = line(WORDS, x, y, step=width / EM / len(WORDS))
    return found, [Glyph(char, x, y, EM, 0) for char in WORDS]


def page(*lines: Seen) -> tuple[list[Seen], Image.Image]:
    """Lines with paragraphs above and below, and a picture of them: a bar of ink for each."""
    found = [prose(100), prose(136), *lines, prose(500), prose(536)]
    image = Image.new("L", PAGE, "white")
    for told, _ in found:
        ImageDraw.Draw(image).rectangle(told.box, "black")
    return found, image


def shown(*lines: Seen, rules: tuple[Box, ...] = ()) -> list[displays.Shown]:
    found, image = page(*lines)
    taken, rest = displays.take(found, image, rules)
    assert sum(len(one.lines) for one in taken) + len(rest) >= len(found)
    return taken


def text(one: displays.Shown) -> list[str]:
    return ["".join(glyph.char for glyph in glyphs) for _, glyphs in one.lines]


def test_a_relation_in_the_middle_of_the_column_is_a_display() -> None:
    (one,) = shown(line("E=mc2", 560, 300))
    assert text(one) == ["E=mc2"]
    assert one.box == pytest.approx(line("E=mc2", 560, 300)[0].box, abs=1)


@pytest.mark.parametrize("number", ["(3)", "(A.2)", "(12b)", "[4]"])
@pytest.mark.parametrize("apart", [True, False])
def test_the_number_in_the_margin_is_no_part_of_it(number: str, apart: bool) -> None:
    formula, x = "E=mc2", RIGHT - 0.5 * EM * len(number)
    pieces = [line(formula, 560, 300), line(number, x, 300)]
    if not apart:
        (a, first), (b, second) = pieces
        pieces = [(Line((*a.box[:2], *b.box[2:]), 300, EM), [*first, *second])]
    found = [prose(100), prose(136), *pieces, prose(500)]
    image = Image.new("L", PAGE, "white")
    for told in (line(formula, 560, 300)[0], line(number, x, 300)[0]):
        ImageDraw.Draw(image).rectangle(told.box, "black")
    ((box, lines, label),), rest = displays.take(found, image, ())
    assert label == number[1:-1]
    assert box == pytest.approx(line(formula, 560, 300)[0].box, abs=0.25 * EM)
    assert len(lines) == 2
    assert len(rest) == 3


def test_a_formula_that_was_read_as_nonsense_is_told_by_its_place_and_its_parts() -> None:
    high = line("v cos)w", 520, 300, high=2.4)
    image = page()[1]
    for k in range(7):
        ImageDraw.Draw(image).rectangle((520 + 15 * k, 270, 528 + 15 * k, 284), "black")
        ImageDraw.Draw(image).rectangle((520 + 15 * k, 300, 528 + 15 * k, 314), "black")
    ImageDraw.Draw(image).rectangle((518, 290, 622, 292), "black")
    ((box, _, _),), _ = displays.take([prose(100), prose(136), high, prose(500)], image, ())
    assert box == pytest.approx((518, 270, 622, 314), abs=2)


def test_limits_and_what_no_line_told_of_belong_to_it() -> None:
    found, image = page(line("=a+b", 560, 300))
    ImageDraw.Draw(image).rectangle((520, 260, 554, 330), "black")
    ImageDraw.Draw(image).rectangle((528, 336, 542, 346), "black")
    ((box, _, _),), _ = displays.take(found, image, ())
    assert box == pytest.approx((520, 260, 560 + 2 * EM, 346), abs=2)


def test_rows_under_each_other_are_one_formula_and_rows_with_numbers_one_each() -> None:
    rows = [line("a=b+c", 560, 300), line("=d+e", 574, 340)]
    (one,) = shown(*rows)
    assert len(one.lines) == 2
    numbers = [line("(1)", 950, 300), line("(2)", 950, 340)]
    assert [(text(found)[0], found.number) for found in shown(*rows, *numbers)] == [("a=b+c", "1"), ("=d+e", "2")]


def test_displays_a_paragraph_apart_are_two() -> None:
    assert len(shown(line("a=b+c", 560, 260), line("d=e+f", 560, 340))) == 2


def test_words_may_stand_in_a_formula() -> None:
    (one,) = shown(line("x=1", 460, 300), line("and", 560, 300), line("y=2", 660, 300))
    assert len(one.lines) == 3


def test_formulas_of_two_columns_are_two() -> None:
    left = [prose(y, 100, 480) for y in (100, 136, 400)]
    right = [prose(y, 620, 480) for y in (100, 136, 400)]
    pieces = [line("a=b+c(u+v)+w", 330, 260), line("x=y+z(u+v)+w", 640, 260)]
    image = Image.new("L", PAGE, "white")
    assert len(displays.take([*left, *right, *pieces], image, ())[0]) == 2


@pytest.mark.parametrize(
    "lines",
    [
        [line("x=3.", LEFT, 172)],
        [line("The result = the sum of all parts", 400, 300)],
        [line("• x=3", 240, 300)],
        [line("1. x=3", 240, 300)],
        [line("x=3........14", 500, 300)],
        [line("x=f(a,b)", 540, 300, style=MONO)],
        [line("a+=b;", 560, 300)],
        [line("设x=3，则有y=2", 540, 300)],
        [line("–12–", 580, 1500)],
        [line("Version 2.1", 540, 300, high=1.8)],
        [line("(3)", 560, 300)],
        [prose(300, LEFT, 250), line("x=3", 470, 300)],
    ],
    ids=["end", "prose", "bullet", "item", "contents", "code", "signs", "han", "page", "title", "number", "inline"],
)
def test_what_is_no_display(lines: list[Seen]) -> None:
    assert shown(*lines) == []
