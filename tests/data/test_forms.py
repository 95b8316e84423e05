from __future__ import annotations

import json
import random
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from PIL import Image

from vary_cli.data import forms
from vary_cli.errors import DataError


def picture(path: Path, size: tuple[int, int] = (40, 30)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, "white").save(path)
    return path


def test_llava_json_gives_the_last_answer_and_the_turns_before(tmp_path: Path) -> None:
    picture(tmp_path / "pictures" / "a.jpg")
    said = ["<image>\nWhat is this?", "A page.", "Read it.", "Words."]
    turns = [{"from": who, "value": text} for who, text in zip(["human", "gpt"] * 2, said, strict=True)]
    told = [{"id": "7", "image": "a.jpg", "conversations": turns}, {"id": "8", "conversations": turns}]
    (tmp_path / "set.json").write_text(json.dumps(told))
    (example,) = forms.examples(tmp_path / "set.json", tmp_path / "pictures")
    assert (example.prompt, example.answer, example.history) == ("Read it.", "Words.", (("What is this?", "A page."),))
    assert example.image.size == (40, 30)


def test_pictures_with_texts_beside_them_are_a_data_set(tmp_path: Path) -> None:
    for name in ("b.png", "sub/a.jpg", "alone.png"):
        picture(tmp_path / name)
    (tmp_path / "b.md").write_text("# Title\n")
    (tmp_path / "sub/a.txt").write_text("文字")
    found = forms.records(tmp_path)
    assert [(record.source, record.text, record.language) for record in found] == [
        ("b.png", "# Title", "en"),
        ("a.jpg", "文字", "zh"),
    ]


@pytest.mark.parametrize(
    "text",
    ["one\ftwo", "one\n<!-- vary: page 2 -->\ntwo", "<!-- vary: page 1 -->\none\n<!-- vary: page 2 (ii) -->\ntwo"],
)
def test_a_pdfs_text_is_parted_at_its_page_breaks(make_pdf: Callable[..., Path], text: str) -> None:
    pdf = make_pdf("one", "two")
    pdf.with_suffix(".md").write_text(text)
    found = forms.examples(pdf.parent)
    assert [example.answer for example in found] == ["one", "two"]
    assert found[1].image.width == round(420 / 72 * forms.pictures.PDF_DPI)
    assert found[1].source == "paper.pdf#page=2"


def test_a_pdf_with_another_number_of_texts_is_refused(make_pdf: Callable[..., Path]) -> None:
    pdf = make_pdf("one", "two")
    pdf.with_suffix(".md").write_text("all in one")
    with pytest.raises(DataError, match="has 2 pages, its text 1"):
        forms.examples(pdf.parent)


@pytest.mark.parametrize("name", ["nowhere", "empty", "words.json"])
def test_what_is_no_data_set_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "words.json").write_text('{"a": [1]}')
    with pytest.raises(DataError):
        forms.examples(tmp_path / name)


def test_a_broken_picture_is_an_error_of_its_example_alone(tmp_path: Path) -> None:
    for name in "ab":
        picture(tmp_path / f"{name}.png")
        (tmp_path / f"{name}.md").write_text(name)
    (tmp_path / "a.png").write_bytes(b"no picture")
    examples = forms.examples(tmp_path)
    assert examples[1].answer == "b"
    with pytest.raises(DataError, match="no readable picture") as error:
        examples[0]
    assert error.value.code == "picture_broken"


@pytest.mark.parametrize("side", [6_500, 20_000])
def test_a_picture_of_too_many_pixels_is_not_decoded(tmp_path: Path, side: int) -> None:
    Image.new("1", (side, 10_000)).save(tmp_path / "a.png")
    (tmp_path / "a.md").write_text("a")
    with pytest.raises(DataError, match="too large") as error:
        forms.examples(tmp_path)[0]
    assert error.value.code == "picture_too_large"


def test_a_stream_shows_everything_once_a_round(tmp_path: Path) -> None:
    for name in "abcd":
        picture(tmp_path / f"{name}.png")
        (tmp_path / f"{name}.md").write_text(name)
    said = [example.answer for example in islice(forms.stream(tmp_path, random.Random(3)), 12)]
    assert [sorted(said[i : i + 4]) for i in (0, 4, 8)] == [list("abcd")] * 3
    assert said[:4] != said[4:8] or said[4:8] != said[8:]
