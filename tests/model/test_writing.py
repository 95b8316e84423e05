"""The decoder's side of a region-reading model: what was named on a region goes in, LaTeX comes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest
import torch
from PIL import Image, ImageDraw
from tokenizers import Tokenizer

from vary_cli.document import Line
from vary_cli.example import BOLD, FORMULA, Example, Generation, Glyph
from vary_cli.model import marks, tokenizer
from vary_cli.model.batch import Sequenced, translated
from vary_cli.model.decoder import visible
from vary_cli.model.families.vary_nano import SPEC
from vary_cli.model.strips import BLOCK_EM, HEIGHT, LARGEST, block, ink, shown, stack
from vary_cli.model.vary import Batch, VaryModel
from vary_cli.model.writing import RegionWriter, either, told


@pytest.fixture(scope="module")
def words() -> Tokenizer:
    return tokenizer.trained([r" \frac { a } { b } + x _ i = 1 2 3 \alpha", FORMULA] * 40, 320)


@pytest.fixture(scope="module", params=[False, True], ids=["causal", "prefix"])
def model(words: Tokenizer, request: pytest.FixtureRequest) -> VaryModel:
    assert SPEC.decoder is not None
    torch.manual_seed(3)
    small = replace(SPEC.decoder, vocabulary=words.get_vocab_size(), depth=2, prefix=request.param)
    return VaryModel(replace(SPEC, decoder=small, max_tokens=12)).eval()


def drawn(*boxes: tuple[int, int, int, int], size: tuple[int, int] = (150, 70)) -> Image.Image:
    image = Image.new("L", size, 255)
    for box in boxes:
        ImageDraw.Draw(image).rectangle(box, fill=0)
    return image


PICTURES = [
    drawn((10, 10, 30, 20), (60, 40, 90, 60)),
    drawn((5, 5, 20, 30)),
    drawn((5, 5, 20, 30), (100, 4, 140, 24), size=(150, 30)),
    drawn(),
]
NAMED = [
    (Glyph("a", 20, 20, 24, 0), Glyph("b", 75, 58, 24, 0, 2)),
    (Glyph("x", 12, 28, 24, 0),),
    (Glyph("α", 12, 28, 24, 0), Glyph("√", 120, 22, 24, 0)),
    (),
]


@dataclass(frozen=True)
class Namer:
    """Names what the tests say stands there."""

    def answers(self, examples: Sequence[Example]) -> Iterator[Generation]:
        found = [NAMED[PICTURES.index(example.image)] for example in examples]
        return (Generation("", "stop" if one else "blank", len(one), -0.1, glyphs=one) for one in found)


def asked(image: Image.Image) -> Example:
    return Example(image, FORMULA, em=BLOCK_EM)


def writer(model: VaryModel, words: Tokenizer, rows: int) -> RegionWriter:
    return RegionWriter(model, words, Namer(), rows)  # type: ignore[arg-type]


def test_a_region_alone_is_written_as_among_others(model: VaryModel, words: Tokenizer) -> None:
    together = list(writer(model, words, 4)(map(asked, PICTURES)))
    alone = [next(writer(model, words, 1)([asked(image)])) for image in PICTURES]
    assert [(one.text, one.finish, one.tokens) for one in together] == [(o.text, o.finish, o.tokens) for o in alone]
    assert [one.score for one in together] == pytest.approx([one.score for one in alone], abs=1e-4)
    assert [one.glyphs for one in together] == NAMED


def test_where_nothing_was_named_nothing_is_written(model: VaryModel, words: Tokenizer) -> None:
    (found,) = writer(model, words, 2)([asked(PICTURES[3])])
    assert (found.finish, found.text) == ("blank", "")


def test_token_by_token_is_as_in_one_pass(model: VaryModel, words: Tokenizer) -> None:
    one = writer(model, words, 1)
    seen = next(Namer().answers([asked(PICTURES[0])]))
    text = one.text(asked(PICTURES[0]), seen)
    assert text is not None
    found = next(iter(one([asked(PICTURES[0])])))
    for _ in range(found.tokens):
        prompt = text.prompt
        learned = [False] * len(prompt.ids) + [True] * len(text.tokens)
        said = Sequenced([*prompt.ids, *text.tokens], learned, [], prompt.marks)
        text.take(int(model(translated([said], words, left=True))[0, -1].argmax()), 0.0)
    assert told(text, seen, words).text == found.text
    assert text.finish == found.finish


def test_a_prefix_model_s_prompt_sees_itself_whole_and_nothing_of_the_answer() -> None:
    mask, labels = torch.tensor([[0, 1, 1, 1, 1]]), torch.tensor([[-100, -100, -100, 7, 8]])
    prompt = Batch(mask, mask, labels=labels).prompt
    assert prompt.tolist() == [[False, True, True, False, False]]
    assert visible(mask, prompt)[0, 0].int().tolist() == [
        [1, 0, 0, 0, 0],
        [0, 1, 1, 0, 0],
        [0, 1, 1, 0, 0],
        [0, 1, 1, 1, 0],
        [0, 1, 1, 1, 1],
    ]
    assert visible(mask)[0, 0, 1].int().tolist() == [0, 1, 0, 0, 0]


def test_a_region_with_more_than_fits_is_named_alone(model: VaryModel, words: Tokenizer) -> None:
    assert model.spec.decoder is not None
    short = VaryModel(replace(model.spec, decoder=replace(model.spec.decoder, positions=8))).eval()
    (found,) = writer(short, words, 1)([asked(PICTURES[0])])
    assert (found.text, found.glyphs) == ("", NAMED[0])


def test_rows_are_names_and_places(words: Tokenizer) -> None:
    found = marks.marks(drawn((10, 10, 30, 20), (60, 40, 90, 42)), (Glyph("α", 20, 20, 20, 0, 1),), 20.0)
    assert found.chars == ("α", "")
    rows = marks.rows([found], words)
    assert rows.ids.tolist() == [words.token_to_id("Ġ\\alpha"), marks.NAMELESS]
    letter, bar = rows.places.tolist()
    assert letter == pytest.approx([0.0, 1.05, -1.075, -0.525, -0.575, 1.0, 1.0, 0.0, *[0.0] * 4], abs=0.01)
    assert bar == pytest.approx([2.5, 4.05, 0.425, 0.575, 0.575, 0.0, 0.0, 0.0, 1.0, *[0.0] * 3], abs=0.01)


def test_how_probably_a_letter_is_bold_is_told() -> None:
    told = [Glyph("x", 20, 20, 20, 0, BOLD), *(Glyph("x", 20, 20, 20, 0, 0, odds) for odds in (3.0, 0.0, -3.0))]
    assert [marks.styles(glyph)[0] for glyph in told] == pytest.approx([1.0, 0.953, 0.5, 0.047], abs=1e-3)


def test_a_letter_of_an_alphabet_is_the_plain_one_and_says_of_which(words: Tokenizer) -> None:
    glyphs = [Glyph("x", 20, 20, 20.0, 0), Glyph("𝔵", 40, 20, 20.0, 0)]
    rows = marks.rows([marks.marks(drawn((15, 6, 25, 20), (35, 6, 45, 20)), glyphs, 20.0)], words)
    assert rows.ids.tolist() == [words.token_to_id("Ġx")] * 2
    assert rows.places[:, 9:].tolist() == [[0, 0, 0], [0, 0, 1]]
    assert [marks.alphabets(char) for char in "𝒜ℝ"] == [[True, False, False], [False, True, False]]


@pytest.mark.parametrize(("char", "token"), [("x", "Ġx"), ("α", "Ġ\\alpha"), ("=", "Ġ=")])
def test_characters_are_named_as_formulas_spell_them(words: Tokenizer, char: str, token: str) -> None:
    assert marks.named(char, words) == words.token_to_id(token)


def test_what_has_no_token_has_no_name(words: Tokenizer) -> None:
    assert marks.named("中", words) == marks.NAMELESS


def test_only_cells_with_ink_and_their_neighbours_are_shown() -> None:
    pixels = block(drawn((40, 2, 47, 9), size=(80, 64)), BLOCK_EM, 0)
    gray, valid = stack([pixels], 8)
    assert pixels.shape == (2 * HEIGHT, 80)
    assert shown(ink(gray), valid)[0].nonzero()[:, 0].tolist() == [0, 4, 5, 6]  # the first cell is always shown


def test_a_block_s_em_is_that_of_all_blocks() -> None:
    assert block(drawn(size=(300, 90)), 2 * BLOCK_EM, 0).shape == (2 * HEIGHT, 150)
    assert block(drawn(size=(9000, 400)), BLOCK_EM).shape[1] <= LARGEST[1]


def test_each_example_goes_to_who_can_read_it() -> None:
    def saying(name: str):  # noqa: ANN202
        return lambda examples: (Generation(name, "stop", 1, 0.0) for _ in examples)

    line = Line((0, 0, 9, 9), 8, 8)
    lined = Example(PICTURES[0], lines=(line,))
    found = either(saying("line"), saying("region"))([lined, asked(PICTURES[0]), lined, lined])
    assert [one.text for one in found] == ["line", "region", "line", "line"]
