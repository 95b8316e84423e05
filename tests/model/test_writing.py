"""The decoder's side of a region-reading model: blocks in, LaTeX out."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from PIL import Image, ImageDraw
from tokenizers import Tokenizer

from vary_cli.document import Line
from vary_cli.example import FORMULA, Example, Generation
from vary_cli.model import tokenizer
from vary_cli.model.batch import Sequenced, placed
from vary_cli.model.families.vary_nano import SPEC
from vary_cli.model.strips import BLOCK_EM, HEIGHT, LARGEST, block, columns_of, shown, stack
from vary_cli.model.vary import VaryModel, places
from vary_cli.model.writing import RegionWriter, either, spoken


@pytest.fixture(scope="module")
def words() -> Tokenizer:
    return tokenizer.trained([r"\frac { a } { b } + x _ i = 1 2 3", FORMULA] * 40, 300)


@pytest.fixture(scope="module")
def model(words: Tokenizer) -> VaryModel:
    assert SPEC.decoder is not None
    torch.manual_seed(3)
    shrunken = replace(SPEC, decoder=replace(SPEC.decoder, vocabulary=words.get_vocab_size(), depth=2), max_tokens=12)
    return VaryModel(shrunken).eval()


def drawn(*marks: tuple[int, int, int, int], size: tuple[int, int] = (150, 70)) -> Image.Image:
    image = Image.new("L", size, 255)
    for mark in marks:
        ImageDraw.Draw(image).rectangle(mark, fill=0)
    return image


PICTURES = [
    drawn((10, 10, 30, 20), (60, 40, 90, 60)),
    drawn((5, 5, 20, 30)),
    drawn((5, 5, 20, 30), (100, 4, 140, 24), size=(150, 30)),
    drawn(),
]


def asked(image: Image.Image) -> Example:
    return Example(image, FORMULA, em=BLOCK_EM)


def test_a_region_alone_is_written_as_among_others(model: VaryModel, words: Tokenizer) -> None:
    together = list(RegionWriter(model, words, 4)(map(asked, PICTURES)))
    alone = [next(RegionWriter(model, words, 1)([asked(image)])) for image in PICTURES]
    assert [(one.text, one.finish, one.tokens) for one in together] == [(o.text, o.finish, o.tokens) for o in alone]
    assert [one.score for one in together] == pytest.approx([one.score for one in alone], abs=1e-4)


def test_an_empty_region_says_nothing(model: VaryModel, words: Tokenizer) -> None:
    assert [g.finish for g in RegionWriter(model, words, 2)([asked(PICTURES[3])])] == ["blank"]


def test_token_by_token_is_as_in_one_pass(model: VaryModel, words: Tokenizer) -> None:
    writer = RegionWriter(model, words, 1)
    text = writer.text(asked(PICTURES[0]))
    found = next(iter(writer([asked(PICTURES[0])])))
    for _ in range(found.tokens):
        ids = [*text.prompt.ids, *text.tokens]
        said = Sequenced(ids, [False] * len(ids), text.prompt.pictures, grown(text.prompt.places or [], len(ids)))
        text.take(int(model(writer.batch([said]))[0, -1].argmax()), 0.0)
    assert spoken(text, words).text == found.text
    assert text.finish == found.finish


def grown(known: list[int], length: int) -> list[int]:
    return [*known, *range(known[-1] + 1, known[-1] + 1 + length - len(known))]


def test_only_cells_with_ink_and_their_neighbours_are_shown() -> None:
    pixels = block(drawn((40, 2, 47, 9), size=(80, 64)), BLOCK_EM, 0)
    ink, valid = stack([pixels], 8)
    assert pixels.shape == (2 * HEIGHT, 80)
    assert sorted(columns_of(shown(ink, valid)[0], 10)) == [0, 4, 5, 6]  # the first cell is always shown


def test_a_block_s_em_is_that_of_all_blocks() -> None:
    assert block(drawn(size=(300, 90)), 2 * BLOCK_EM, 0).shape == (2 * HEIGHT, 150)
    assert block(drawn(size=(9000, 400)), BLOCK_EM).shape[1] <= LARGEST[1]


def test_a_text_begins_where_its_picture_begins() -> None:
    assert placed([0, 4, 3, 3, 3, 5, 9, 8], 3, [0, 1, 0]) == [0, 1, 2, 3, 2, 0, 1, 2]


def test_rows_and_columns_have_codes_of_their_own() -> None:
    codes = places(3, 5, 64)
    assert codes.shape == (15, 64)
    assert len({tuple(code.tolist()) for code in codes}) == 15


def test_each_example_goes_to_who_can_read_it() -> None:
    def saying(name: str):  # noqa: ANN202
        return lambda examples: (Generation(name, "stop", 1, 0.0) for _ in examples)

    line = Line((0, 0, 9, 9), 8, 8)
    lined = Example(PICTURES[0], lines=(line,))
    found = either(saying("line"), saying("region"))([lined, asked(PICTURES[0]), lined, lined])
    assert [one.text for one in found] == ["line", "region", "line", "line"]
