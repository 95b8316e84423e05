"""Charts are told by their marks: bars, lines and wedges of known values, drawn on the spot."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from diagrams import (
    BLUE,
    BOTTOM,
    GREEN,
    GREY,
    LEFT,
    RED,
    RIGHT,
    TOP,
    dashed,
    legend,
    names_below,
    numbers_beside,
    paper,
    word,
)
from PIL import Image, ImageDraw

from vary_cli.charts import Unreadable, Word, answer

Told = Callable[[Image.Image, Sequence[Word]], dict[str, Any]]
PLACES = (160.0, 320.0, 480.0)
NAMES = ("Coal", "Wind", "Solar")
TICKS = (0, 20, 40, 60, 80, 100)


def height(value: float) -> int:
    """y of a value on the upright axis, px."""
    return round(BOTTOM - value / 100 * (BOTTOM - TOP))


def bar_chart(values: Sequence[float], colour: tuple[int, int, int] = RED) -> Image.Image:
    image, draw = paper()
    for x, value in zip(PLACES, values, strict=True):
        draw.rectangle((x - 40, height(value), x + 39, BOTTOM - 1), colour)
    return image


def near(values: dict[str, float], truth: dict[str, float]) -> bool:
    return list(values) == list(truth) and all(math.isclose(values[key], truth[key], rel_tol=0.03) for key in truth)


def test_bars_are_worth_what_their_axis_says(told: Told) -> None:
    words = [*numbers_beside(TICKS, 100), *names_below(NAMES, PLACES)]
    facts = told(bar_chart((25, 90, 60)), words)
    assert facts["type"] == "bar"
    assert near(facts["values"], {"Coal": 25, "Wind": 90, "Solar": 60})


def test_titles_stand_above_beside_and_below(told: Told) -> None:
    words = [*numbers_beside(TICKS, 100), *names_below(NAMES, PLACES)]
    words += [word("Energy of a year", 300, 20, size=18), word("Source", 320, 400), word("Output (kWh)", 15, 200, 90)]
    facts = told(bar_chart((25, 90, 60)), words)
    assert (facts["title"], facts["x title"], facts["y title"]) == ("Energy of a year", "Source", "Output (kWh)")


def test_a_misread_number_on_the_axis_is_outvoted(told: Told) -> None:
    words = [*numbers_beside(TICKS, 100), *names_below(NAMES, PLACES)]
    words[2] = Word("90", words[2].box, 12)
    assert near(told(bar_chart((25, 90, 60)), words)["values"], {"Coal": 25, "Wind": 90, "Solar": 60})


def test_a_label_is_taken_at_its_word_where_the_bar_agrees(told: Told) -> None:
    words = [*numbers_beside(TICKS, 100), *names_below(NAMES, PLACES)]
    words += [word("25.3", 160, height(25) - 8), word("19.8", 320, height(90) - 8)]
    assert told(bar_chart((25, 90, 60)), words)["values"]["Coal"] == 25.3
    assert math.isclose(told(bar_chart((25, 90, 60)), words)["values"]["Wind"], 90, rel_tol=0.03)


def test_years_that_were_misread_count_up_with_the_others(told: Told) -> None:
    words = [*numbers_beside(TICKS, 100), *names_below(("1998", "199g", "2000"), PLACES)]
    assert list(told(bar_chart((25, 90, 60)), words)["values"]) == ["1998", "1999", "2000"]


def test_bars_beside_each_other_are_told_apart_by_the_legend(told: Told) -> None:
    image, draw = paper()
    for x, (red, blue) in zip(PLACES, ((20, 50), (70, 30), (40, 95)), strict=True):
        draw.rectangle((x - 40, height(red), x - 2, BOTTOM - 1), RED)
        draw.rectangle((x + 2, height(blue), x + 40, BOTTOM - 1), BLUE)
    words = [*numbers_beside(TICKS, 100), *names_below(NAMES, PLACES), *legend(draw, {"North": RED, "South": BLUE})]
    facts = told(image, words)
    assert facts["type"] == "bar"
    assert near(facts["values"]["North"], {"Coal": 20, "Wind": 70, "Solar": 40})
    assert near(facts["values"]["South"], {"Coal": 50, "Wind": 30, "Solar": 95})


def test_bars_on_each_other_are_stacked(told: Told) -> None:
    image, draw = paper()
    for x, (red, blue) in zip(PLACES, ((20, 50), (40, 30), (40, 45)), strict=True):
        draw.rectangle((x - 40, height(red), x + 40, BOTTOM - 1), RED)
        draw.rectangle((x - 40, height(red + blue), x + 40, height(red) - 1), BLUE)
    words = [*numbers_beside(TICKS, 100), *names_below(NAMES, PLACES), *legend(draw, {"North": RED, "South": BLUE})]
    facts = told(image, words)
    assert facts["type"] == "stacked"
    assert near(facts["values"]["South"], {"Coal": 50, "Wind": 30, "Solar": 45})


def test_lying_bars_are_told_from_the_lowest_up(told: Told) -> None:
    image, draw = paper()
    for y, value in zip((110, 210, 310), (90, 30, 55), strict=True):
        draw.rectangle((LEFT + 1, y - 25, LEFT + value * 4, y + 25), GREEN)
    words = [word(f"{value}", LEFT + value * 4, BOTTOM + 14) for value in TICKS]
    words += [word(name, LEFT - 10 - 3.3 * len(name), y) for name, y in zip(NAMES, (110, 210, 310), strict=True)]
    facts = told(image, words)
    assert facts["type"] == "barh"
    assert near(facts["values"], {"Solar": 55, "Wind": 30, "Coal": 90})


def test_lines_that_cross_and_hide_each_other_keep_their_corners(told: Told) -> None:
    image, draw = paper()
    truth = {"North": (20, 80, 35), "South": (70, 25, 60)}
    for values, colour in zip(truth.values(), (RED, BLUE), strict=True):
        draw.line([(x, height(value)) for x, value in zip(PLACES, values, strict=True)], colour, 3)
    words = [*numbers_beside(TICKS, 100), *names_below(NAMES, PLACES), *legend(draw, {"North": RED, "South": BLUE})]
    facts = told(image, words)
    assert facts["type"] == "line"
    for name, values in truth.items():
        assert near(facts["values"][name], dict(zip(NAMES, values, strict=True)))


def test_dashed_lines_are_no_bars_and_their_swatches_are_broken_too(told: Told) -> None:
    image, draw = paper()
    truth = {"North": (20, 80, 35), "South": (70, 25, 60)}
    for values, colour in zip(truth.values(), (GREY, BLUE), strict=True):
        for one, two in ((0, 1), (1, 2)):
            dashed(draw, (PLACES[one], height(values[one]), PLACES[two], height(values[two])), colour)
    marks = legend(draw, {"North": GREY, "South": BLUE}, lines=True)
    facts = told(image, [*numbers_beside(TICKS, 100), *names_below(NAMES, PLACES), *marks])
    assert facts["type"] == "line"
    for name, values in truth.items():
        assert near(facts["values"][name], dict(zip(NAMES, values, strict=True)))


def test_grey_bars_are_told_from_grey_words_and_rules(told: Told) -> None:
    image = bar_chart((25, 90, 60), GREY)
    draw = ImageDraw.Draw(image)
    draw.line([(LEFT, height(40)), (RIGHT, height(40))], GREY)
    for x in PLACES:
        draw.rectangle((x - 10, BOTTOM + 12, x + 10, BOTTOM + 20), GREY)
    facts = told(image, [*numbers_beside(TICKS, 100), *names_below(NAMES, PLACES)])
    assert near(facts["values"], {"Coal": 25, "Wind": 90, "Solar": 60})


def test_charts_side_by_side_are_told_in_rows(told: Told) -> None:
    image = Image.new("RGB", (1000, 500), "white")
    draw, words = ImageDraw.Draw(image), []
    for x, y, size, values in ((60, 90, 200, (30, 70)), (560, 60, 300, (20, 80))):
        draw.ellipse((x, y, x + size, y + size), RED)
        draw.pieslice((x, y, x + size, y + size), 0, 3.6 * values[1], BLUE)
        names = (f"Coal: {values[0]}", f"Wind: {values[1]}")
        words += [word(name, x + size + 40, y + size / 2 + off) for name, off in zip(names, (-40, 40), strict=True)]
    charts = told(image, words)["charts"]
    assert [chart["values"] for chart in charts] == [{"Coal": 30, "Wind": 70}, {"Coal": 20, "Wind": 80}]


def pie(shares: Sequence[int], hole: bool = False) -> Image.Image:
    image = Image.new("RGB", (480, 400), "white")
    draw, start = ImageDraw.Draw(image), 0.0
    for share, colour in zip(shares, (RED, BLUE, GREEN), strict=True):
        draw.pieslice((140, 100, 340, 300), start, start + 3.6 * share, colour)
        start += 3.6 * share
    if hole:
        draw.ellipse((190, 150, 290, 250), "white")
    return image


def beside_pie(shares: Sequence[int], labels: Sequence[str]) -> list[Word]:
    """Labels beside the middles of their wedges."""
    words, start = [], 0.0
    for share, label in zip(shares, labels, strict=True):
        angle = math.radians(start + 1.8 * share)
        x, y = 240 + 115 * math.cos(angle), 200 + 115 * math.sin(angle)
        wide = 0.275 * 12 * len(label)
        words.append(word(label, x + math.copysign(wide, math.cos(angle)), y))
        start += 3.6 * share
    return words


@pytest.mark.parametrize(("hole", "kind"), [(False, "pie"), (True, "ring")])
def test_parts_of_a_pie_have_the_values_written_beside_them(told: Told, hole: bool, kind: str) -> None:
    labels = ("Coal: 250", "Wind: 150", "Solar: 100")
    facts = told(pie((50, 30, 20), hole), beside_pie((50, 30, 20), labels))
    assert facts["type"] == kind
    assert facts["values"] == {"Coal": 250, "Wind": 150, "Solar": 100}


def test_a_misread_value_is_worked_out_from_its_wedge(told: Told) -> None:
    labels = ("Coal: 250", "Wind: 150", "Solar: 700")
    values = told(pie((50, 30, 20)), beside_pie((50, 30, 20), labels))["values"]
    assert (values["Coal"], values["Wind"]) == (250, 150)
    assert math.isclose(values["Solar"], 100, rel_tol=0.03)


def test_points_are_told_by_both_axes(told: Told) -> None:
    image, draw = paper()
    truth = [(20, 30), (50, 80), (90, 55)]
    for x, y in truth:
        middle = LEFT + 4 * x, height(y)
        draw.rectangle((middle[0] - 4, middle[1] - 4, middle[0] + 4, middle[1] + 4), RED)
    across = [word(f"{value}", LEFT + value * 4, BOTTOM + 14) for value in TICKS]
    facts = told(image, [*numbers_beside(TICKS, 100), *across])
    assert facts["type"] == "scatter"
    assert [pytest.approx(point, rel=0.05) for point in truth] == facts["values"]


@pytest.mark.parametrize("words", [[], [word("Energy of a year", 300, 20)], numbers_beside((0, 50), 100)])
def test_without_a_scale_no_values_are_invented(words: list[Word]) -> None:
    with pytest.raises(Unreadable):
        answer(bar_chart((25, 90, 60)), words)


def test_a_scale_without_marks_says_nothing() -> None:
    with pytest.raises(Unreadable):
        answer(paper()[0], numbers_beside(TICKS, 100))


def test_a_line_that_ends_at_the_edge_of_the_plot_is_no_bar(told: Told) -> None:
    image, draw = paper()
    draw.line([(LEFT + 1, height(10)), (RIGHT, height(90))], RED, 3)
    words = [*numbers_beside(TICKS, 100), *names_below(("1998", "1999", "2000"), (LEFT, (LEFT + RIGHT) / 2, RIGHT))]
    assert told(image, words)["type"] == "line"
