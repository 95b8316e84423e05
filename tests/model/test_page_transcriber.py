from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image, ImageDraw
from shrunken import model, tokenizer

from vary_cli.errors import UsageError, WeightsError
from vary_cli.example import Example
from vary_cli.model.bands import bands, joined
from vary_cli.model.batch import Ask
from vary_cli.model.checkpoint import Loaded
from vary_cli.model.pages import Reading, transcriber
from vary_cli.model.pixels import grid


def page(text: str = "page") -> Image.Image:
    image = Image.new("RGB", (80, 120), "white")
    ImageDraw.Draw(image).text((4, 4), text, fill="black")
    return image


@pytest.fixture(scope="module")
def toy() -> Loaded:
    network = model("vary_toy")
    return Loaded(network, network.spec, tokenizer(), Path("toy"))


def test_answers_come_in_the_order_of_the_pages_and_lazily(toy: Loaded) -> None:
    pulled: list[int] = []

    def examples() -> Iterator[Example]:
        for number in range(6):
            pulled.append(number)
            yield Example(page(str(number)) if number != 2 else Image.new("RGB", (80, 120), "white"))

    answers = transcriber(toy, Reading(max_tokens=4), batch_size=2)(examples())
    next(answers)
    assert len(pulled) <= 4
    assert [answer.finish == "blank" for answer in answers] == [False, True, False, False, False]


def test_a_page_alone_is_the_page_in_a_batch(toy: Loaded) -> None:
    read = transcriber(toy, Reading(max_tokens=8), batch_size=3)
    together = [answer.text for answer in read(Example(page(text)) for text in "abcd")]
    assert together == [next(read([Example(page(text))])).text for text in "abcd"]


def test_a_draft_leaves_the_answer_as_it_is(toy: Loaded) -> None:
    read = transcriber(toy, Reading(max_tokens=30), batch_size=1)
    plain = next(read([Example(page())]))
    drafted = next(read([Example(page(), draft=plain.text[: len(plain.text) // 2] + " and more")]))
    assert (drafted.text, drafted.tokens, drafted.finish) == (plain.text, plain.tokens, plain.finish)


def test_a_page_in_bands_is_one_answer(toy: Loaded) -> None:
    answer = next(transcriber(toy, Reading(max_tokens=4, bands=3), batch_size=2)([Example(page("x" * 9))]))
    assert answer.tokens >= 3
    with pytest.raises(UsageError, match="cannot be read in bands"):
        list(transcriber(toy, Reading(Ask(box=(0, 0, 9, 9)), bands=2))([Example(page())]))


def test_bands_cover_the_page_and_overlap() -> None:
    heights = [band.height for band in bands(Image.new("L", (10, 300)), 3)]
    assert sum(heights) > 300
    assert max(heights) <= 120


def test_what_two_bands_both_say_is_said_once() -> None:
    above = "First paragraph.\n\nThe second one is cut in the mid"
    below = "cond one is cut in the middle.\n\nThird."
    assert joined([above, below]) == "First paragraph.\n\nThe second one is cut in the middle.\n\nThird."
    assert joined(["One.", "Two."]) == "One.\nTwo."


def test_a_prompt_longer_than_the_model_is_refused(toy: Loaded) -> None:
    with pytest.raises(UsageError, match="vary-toy takes 512 in all"):
        list(transcriber(toy)([Example(page(), prompt="x" * 600)]))


def test_a_model_that_cannot_write_says_what_it_lacks(toy: Loaded) -> None:
    with pytest.raises(WeightsError, match="has no tokenizer"):
        transcriber(Loaded(toy.model, toy.spec, None, Path("toy")))


def test_a_tokenizer_that_numbers_the_markers_otherwise_is_refused(toy: Loaded) -> None:
    other = replace(toy.spec, markers=replace(toy.spec.markers, pad=262, end=263))
    with pytest.raises(WeightsError, match=r"it has </img> as 262, not 263, <imgpad> as 263, not 262"):
        transcriber(Loaded(toy.model, other, toy.tokenizer, Path("toy")))


@pytest.mark.parametrize(
    ("size", "cells"), [((900, 1200), (2, 3)), ((1000, 1000), (1, 1)), ((3000, 3000), (2, 2)), ((600, 100), (6, 1))]
)
def test_the_grid_follows_the_page(size: tuple[int, int], cells: tuple[int, int]) -> None:
    assert grid(size, 6, 1024) == cells


def test_reading_leaves_no_gradient(toy: Loaded) -> None:
    next(transcriber(toy, Reading(max_tokens=2))([Example(page())]))
    assert all(parameter.grad is None for parameter in toy.model.parameters())
    assert torch.is_grad_enabled()
