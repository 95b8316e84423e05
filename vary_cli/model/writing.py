"""How a region-reading model writes what is asked of a region: its vision tokens and the question go to the decoder.

Lines are named by the glyph head (reading.py); this is for what stands in two dimensions, as formulas do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from PIL import Image
from tokenizers import Tokenizer

from vary_cli.example import Example, Generation, Transcriber
from vary_cli.formula.spelling import written
from vary_cli.model.batch import Sequenced, laid_out, numbered, placed, positions
from vary_cli.model.chat import Turn
from vary_cli.model.engine import Text, decoded
from vary_cli.model.pages import blank, generation, stops
from vary_cli.model.strips import BLOCK_EM, block, chunks, columns_of, shown, stack
from vary_cli.model.vary import Batch, VaryModel


@dataclass(frozen=True)
class RegionWriter:
    """A transcriber (see example.py) by the decoder, `rows` regions at once."""

    model: VaryModel
    words: Tokenizer
    rows: int

    def __call__(self, examples: Iterable[Example]) -> Iterator[Generation]:
        """Answers in order."""
        for chunk in chunks(examples):
            yield from self.answers(chunk)

    def answers(self, examples: Sequence[Example]) -> list[Generation]:
        """What is written of some regions; those of one height are written together, for none is padded then."""
        texts = [None if blank(example.image) else self.text(example) for example in examples]
        inked = sorted((text for text in texts if text is not None), key=lambda text: text.prompt.pictures[0].height)
        for _, group in groupby(inked, key=lambda text: text.prompt.pictures[0].height):
            list(decoded(self.model, list(group), self.rows, self.batch))
        return [spoken(text, self.words) for text in texts]

    def text(self, example: Example) -> Text:
        """A text, about to be written."""
        spec = self.model.spec
        assert spec.decoder is not None
        pixels = block(example.image.convert("L"), example.em or BLOCK_EM)
        ink, valid = stack([pixels], spec.vocabulary.cell[1])
        turn = Turn(spec.chat.asked(example.prompt or ""))
        columns = columns_of(shown(ink, valid)[0], valid.shape[1])
        ids, learned = numbered([turn], spec, self.words, len(columns))
        limit = min(spec.max_tokens, spec.decoder.positions - len(ids))
        places = placed(ids, spec.markers.pad, columns)
        return Text(Sequenced(ids, learned, [Image.fromarray(pixels)], places), limit, stops(spec, self.words))

    def batch(self, prompts: Sequence[Sequenced]) -> Batch:
        """Prompts padded on the left, with their blocks."""
        blocks = [np.asarray(prompt.pictures[0]) for prompt in prompts]
        ink, valid = stack(blocks, self.model.spec.vocabulary.cell[1])
        ids, mask, _ = laid_out(prompts, left=True)
        return Batch(ids, mask, {"vocabulary": ink}, None, valid, shown(ink, valid), positions(prompts, left=True))


def spoken(text: Text | None, words: Tokenizer) -> Generation:
    """What has become of a region: LaTeX as people write it."""
    found = generation([] if text is None else [text], words)
    return Generation(written(found.text), found.finish, found.tokens, found.score)


def either(lines: Transcriber, regions: Transcriber) -> Transcriber:
    """A transcriber that hands examples with lines to one, the others to another, and keeps their order."""

    def transcribe(examples: Iterable[Example]) -> Iterator[Generation]:
        for has_lines, group in groupby(examples, key=lambda example: example.lines is not None):
            yield from (lines if has_lines else regions)(group)

    return transcribe
