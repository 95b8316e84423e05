from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vary_cli.cli.ocr import Question
from vary_cli.model.families import got_ocr2

Vary = Callable[..., tuple[int, str, str]]
Draw = Callable[..., Path]
Fake = Any  # conftest's FakeModel


def test_the_text_of_a_picture_is_printed(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("scan.png")
    assert vary("ocr", "scan.png") == (0, "word\n", "")
    assert model.asked[0].prompt == "Read."


def test_several_pictures_are_told_apart_by_name(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("a.png")
    draw("b.png")
    assert vary("ocr", "a.png", "b.png")[1] == "==> a.png <==\nword\n\n==> b.png <==\nword\n"


def test_the_language_chooses_the_question(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("scan.png")
    vary("ocr", "scan.png", "--lang", "zh")
    assert model.asked[0].prompt == "读。"


def test_a_coloured_frame_is_asked_for_where_the_family_was_taught_to(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("scan.png")
    code, _, err = vary("ocr", "scan.png", "--color", "red")
    assert (code, "does not read by colours" in err) == (2, True)
    asked = Question(color="red").asked(got_ocr2.SPEC)
    assert asked.prompt == "[red] OCR: "


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--box", "0,0,300,200"), 1),
        (("--box", "300,200,600,400"), 0),
        (("--box", "0,0,0.5,0.5", "--unit", "rel"), 1),
        (("--box", "0,0,0.1,0.1", "--unit", "rel"), 0),
        (("--box", "300,200,600,400", "--box", "0,0,300,200"), 1),
    ],
)
def test_only_the_box_is_read(vary: Vary, draw: Draw, model: Fake, words: tuple[str, ...], count: int) -> None:
    draw("scan.png")
    code, out, _ = vary("ocr", "scan.png", *words)
    assert (code, out.count("word")) == (0, count)


@pytest.mark.parametrize(
    "box", ["1,2,3", "a,b,c,d", "5,5,1,1", "nan,0,1,1", "0,0,inf,1", "-1,0,5,5", "700,500,800,600"]
)
def test_a_box_that_is_none_is_a_usage_error(vary: Vary, draw: Draw, model: Fake, box: str) -> None:
    draw("scan.png")
    code, out, err = vary("ocr", "scan.png", "--box", box)
    assert (code, out) == (2, "")
    assert "box" in err


def test_every_page_of_several_frames_is_read(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("fax.tiff", pages=3)
    assert vary("ocr", "fax.tiff")[1].count("word") == 3
    assert vary("ocr", "fax.tiff", "--pages", "r1", "--box", "0,0,300,200")[1].count("word") == 1


def test_text_goes_to_a_file_on_request(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("scan.png")
    assert vary("ocr", "scan.png", "-o", "text.txt") == (0, "", "")
    assert Path("text.txt").read_text() == "word\n"
    assert vary("ocr", "scan.png", "-o", "text.txt")[0] == 5


def test_a_chart_without_a_scale_is_told_to_be_unreadable(vary: Vary, draw: Draw, model: Fake) -> None:
    draw("chart.png")
    code, out, err = vary("ocr", "chart.png", "--task", "chart")
    assert (code, out.startswith("[page 1 failed")) == (8, True)
    assert "neither axes with numbers nor parts with values" in err
