"""Charts between picture and answer: a model reads their lines, what they say is worked out, failures are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from vary_cli.convert import ConvertOptions, fitted, pages, tasks
from vary_cli.document import PageImage
from vary_cli.errors import UsageError
from vary_cli.example import Example, Generation

Fake = Any  # a SimpleNamespace in the place of a family
FACE = ImageFont.load_default(16)
OPTIONS = ConvertOptions(task="chart")
NUMBERS = {40: "40", 120: "20", 200: "0"}
"""y of the numbers beside the bars."""


def chart() -> PageImage:
    """Two bars, worth 30 and 10, and what is written about them."""
    image = Image.new("RGB", (300, 260), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((80, 80, 139, 199), "firebrick")
    draw.rectangle((190, 160, 249, 199), "firebrick")
    for y, number in NUMBERS.items():
        draw.text((40, y), number, "black", FACE, anchor="rm")
    for x, name in ((110, "Coal"), (220, "Wind")):
        draw.text((x, 220), name, "black", FACE, anchor="mm")
    return PageImage(1, "1", image, (300, 260))


def reader(texts: Iterable[str]) -> Any:  # noqa: ANN401
    """A transcriber that reads these lines, each at all sizes that it is offered in."""

    def transcribe(examples: Iterable[Example]) -> Iterator[Generation]:
        told, last, text = iter(texts), None, ""
        for example in examples:
            assert len(example.lines or ()) == 1
            if example.image is not last:
                last, text = example.image, next(told)
            yield Generation(text, "stop", len(text), -0.1)

    return transcribe


def spec(reads: str) -> Fake:
    return SimpleNamespace(name="fake", reads=reads, tasks={"ocr": {"*": "Read."}})


def test_the_answer_is_worked_out_from_the_lines() -> None:
    (page,) = pages([chart()], reader(["40", "20", "0", "Coal", "Wind"]), OPTIONS)
    assert (
        page.text == "The dict of the chart is:\n{'title': '', 'type': 'bar', 'values': {'Coal': 30.1, 'Wind': 10.1}}"
    )
    assert (page.finish, page.method, page.warnings) == ("stop", "model", ())


def test_a_chart_that_cannot_be_read_is_a_failed_page_that_says_why() -> None:
    (page,) = pages([chart()], reader(["a"] * 5), OPTIONS)
    assert (page.finish, page.code, page.text) == ("failed", "chart_unreadable", "")
    assert "neither axes with numbers" in page.warnings[0]


def test_a_blank_page_is_no_failure() -> None:
    (page,) = pages([PageImage(1, "1", Image.new("RGB", (200, 200), "white"), (200, 200))], reader([]), OPTIONS)
    assert (page.finish, page.text) == ("blank", "")


def test_models_that_read_regions_know_charts_and_others_must_have_been_taught() -> None:
    assert tasks(spec("region")) == ["chart", "ocr"]
    assert fitted(OPTIONS, spec("region")).prompt is None
    with pytest.raises(UsageError, match="no task 'chart'"):
        fitted(OPTIONS, spec("page"))
