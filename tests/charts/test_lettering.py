"""Where text stands on a chart: level and turned lines are found, marks and hatching are not."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from vary_cli.charts import Lettering, lines

FACE = ImageFont.load_default(16)


def written(text: str) -> Image.Image:
    """A line of text, black on white, cut close."""
    image = Image.new("RGB", (300, 40), "white")
    ImageDraw.Draw(image).text((10, 10), text, "black", FACE)
    return image


def long_ones(image: Image.Image) -> list[Lettering]:
    """Lines of some length."""
    found = lines(image)
    return [line for line in found if max(line.box[2] - line.box[0], line.box[3] - line.box[1]) > 50]


def test_a_level_line_is_found_where_it_stands() -> None:
    image = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(image).text((100, 120), "Energy of a year", "black", FACE)
    (line,) = lines(image)
    assert line.angle == 0
    assert 98 <= line.box[0] < 104
    assert 118 < line.box[1] < line.box[3] < 145


@pytest.mark.parametrize("angle", [30, 45, 90])
def test_a_turned_line_is_cut_out_level(angle: int) -> None:
    image = written("Renewable energies").rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    (line,) = long_ones(image)
    assert line.angle == angle
    assert line.image.width > 4 * line.image.height


def test_short_names_over_each_other_are_level_lines() -> None:
    image = Image.new("RGB", (300, 200), "white")
    for number, name in enumerate(("Tea", "Oil", "Gas", "Jan", "Feb")):
        ImageDraw.Draw(image).text((100, 30 + 19 * number), name, "black", FACE)
    found = lines(image)
    assert [line.angle for line in found] == [0] * 5


def test_the_marks_of_a_legend_are_no_letters() -> None:
    image = Image.new("RGB", (400, 100), "white")
    draw = ImageDraw.Draw(image)
    draw.line([(60, 47), (88, 47)], (90, 90, 100), 2)
    draw.ellipse((68, 41, 80, 53), "white", (90, 90, 100), 2)
    draw.text((94, 38), "Online", "black", FACE)
    (line,) = lines(image)
    assert line.box[0] > 92


def test_a_line_is_offered_in_the_sizes_that_its_letters_may_have() -> None:
    (line,) = lines(written("1998"))
    digits = min(line.sizes, key=lambda size: abs(size.em - 16))
    assert abs(digits.em - 16) < 3
    assert digits.box == line.sizes[0].box


def test_of_several_readings_the_surest_is_the_word() -> None:
    (line,) = lines(written("1998"))
    assert line.read(["1gg8", "1998"], [-0.9, -0.01]).text == "1998"


def test_words_on_bars_are_found_and_hatching_is_not() -> None:
    image = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, 160, 280), "orange")
    draw.text((60, 150), "12400", "black", FACE)
    draw.rectangle((240, 40, 360, 280), "skyblue")
    for x in range(246, 356, 12):
        for y in range(46, 276, 12):
            draw.ellipse((x, y, x + 5, y + 5), "black")
    found = lines(image)
    assert [line.box[2] < 200 for line in found] == [True]


def test_axes_with_their_marks_are_no_text() -> None:
    image = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(image)
    draw.line([(60, 20), (60, 260), (380, 260)], "black")
    for step in range(5):
        draw.line([(55, 40 + 50 * step), (60, 40 + 50 * step)], "black")
        draw.line([(90 + 60 * step, 260), (90 + 60 * step, 265)], "black")
    assert not lines(image)


def test_a_blank_picture_has_no_text() -> None:
    assert not lines(Image.new("RGB", (200, 100), "white"))
