"""How a region-reading model writes what is asked of a region: its glyph head names, the decoder says what that means.

Lines are named by the glyph head alone (reading.py); this is for what stands in two dimensions, as formulas do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from tokenizers import Tokenizer

from vary_cli.example import Example, Generation, Transcriber, usual_em
from vary_cli.formula.spelling import written
from vary_cli.model.batch import translated, translation
from vary_cli.model.blocks import BlockReader
from vary_cli.model.chat import Turn
from vary_cli.model.engine import Text, decoded
from vary_cli.model.marks import marks
from vary_cli.model.pages import generation, stops
from vary_cli.model.strips import chunks
from vary_cli.model.vary import VaryModel


@dataclass(frozen=True)
class RegionWriter:
    """A transcriber (see example.py) by the decoder, `rows` regions at once; `namer` names what stands on them."""

    model: VaryModel
    words: Tokenizer
    namer: BlockReader
    rows: int

    def __call__(self, examples: Iterable[Example]) -> Iterator[Generation]:
        """Answers in order."""
        for chunk in chunks(examples):
            yield from self.answers(chunk)

    def answers(self, examples: Sequence[Example]) -> Iterator[Generation]:
        """What is written of some regions, each with the characters that it is made of."""
        seen = list(self.namer.answers(examples))
        texts = [self.text(example, one) for example, one in zip(examples, seen, strict=True)]
        batch = partial(translated, words=self.words, left=True)
        list(decoded(self.model, [text for text in texts if text is not None], self.rows, batch))
        return (told(text, one, self.words) for text, one in zip(texts, seen, strict=True))

    def text(self, example: Example, seen: Generation) -> Text | None:
        """A text, about to be written; None where nothing was named, or too much."""
        spec = self.model.spec
        assert spec.decoder is not None
        glyphs = seen.glyphs or ()
        found = marks(example.image, glyphs, usual_em(glyphs)) if glyphs else None
        if found is None or not found.chars:
            return None
        prompt = translation(found, Turn(spec.chat.asked(example.prompt or "")), spec, self.words)
        room = spec.decoder.positions - len(prompt.ids)
        return Text(prompt, min(spec.max_tokens, room), stops(spec, self.words)) if room > 0 else None


def told(text: Text | None, seen: Generation, words: Tokenizer) -> Generation:
    """What was named on a region and what has become of it: LaTeX as people write it.

    It is right if all characters were named right, and all tokens follow from them. Where they do, that speaks for the
    names as well: on 1,193 formulas the root of the names' probability parted right ones from wrong ones better than
    the whole of it.
    """
    if text is None:
        return seen
    said = generation([text], words)
    return replace(
        seen,
        text=written(said.text),
        finish=said.finish,
        tokens=said.tokens,
        score=said.score,
        probability=math.sqrt(seen.probability) * said.probability,
    )


def either(lines: Transcriber, regions: Transcriber) -> Transcriber:
    """A transcriber that hands examples with lines to one, the others to another, and keeps their order."""

    def transcribe(examples: Iterable[Example]) -> Iterator[Generation]:
        for has_lines, group in groupby(examples, key=lambda example: example.lines is not None):
            yield from (lines if has_lines else regions)(group)

    return transcribe
