"""How a region-reading model sees what stands in two dimensions: the glyph head names the glyphs and their places.

A block is looked at six times, twice as it is and four times enlarged, which parts what stands over each other; each
time at another height, so that every glyph is seen well within a row of cells; and once more so, if its glyphs turn out
to be of another size than was thought. What the glyphs mean together is not told here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from vary_cli.document import Account
from vary_cli.example import MIDDLE, Example, Finish, Generation, Glyph, usual_em
from vary_cli.model.glyphs import SLOTS, GlyphHead, ReadGlyph, read
from vary_cli.model.strips import BASELINE, BLOCK_EM, EM, ENLARGED, HEIGHT, block, chunks, vision_tokens
from vary_cli.model.vocabulary import VocabularyNetwork

TOP = HEIGHT // 4  # px of paper above a block at least, when it is looked at
LOOKS = ((1.0, 2), (ENLARGED, 4))  # how much larger, and how often: at heights spread over a row
LEAST = 0.25  # probability of a glyph that one look votes for,
CLEAR, AGREED = 0.8, 1.2  # of one that is told: in its clearest look, or over all looks together
INSIDE = 0.2  # of a row's height: glyphs nearer to its borders are seen better the other time
SAME = 0.3  # of a glyph's size: what stands as near to it is the same glyph, seen twice,
CORRECTIONS = 2  # of the size that text is thought to have
MISJUDGED = 0.12  # log of the ratio between two sizes of text that are not the same
SMALL = 0.85  # of a glyph's size: smaller ones are scripts
TALL = 1.1  # and so is the same character over or under it as near as this, a bracket that reaches over rows


@dataclass(frozen=True)
class Look:
    """One look at an example's picture."""

    example: int
    pixels: NDArray[np.uint8]
    top: int
    scale: float
    """px of the block for one of the picture."""


@dataclass(frozen=True)
class BlockReader:
    """A transcriber (see example.py) of regions without lines: it says which glyphs stand where, and no text."""

    vocabulary: VocabularyNetwork
    head: GlyphHead
    cells: int = 2048
    """Vision tokens of a pass."""

    def __call__(self, examples: Iterable[Example]) -> Iterator[Generation]:
        """Answers in order."""
        for chunk in chunks(examples):
            yield from self.answers(chunk)

    def answers(self, examples: Sequence[Example]) -> Iterator[Generation]:
        """What stands on some pictures. Where the glyphs are of another size than was thought they are read anew."""
        ems = {i: example.em or BLOCK_EM for i, example in enumerate(examples)}
        found: dict[int, list[tuple[Glyph, float]]] = {}
        for _ in range(1 + CORRECTIONS):
            fresh = self.found(examples, ems)
            found |= fresh
            told = {i: usual_em([glyph for glyph, _ in seen]) for i, seen in fresh.items() if seen}
            ems = {i: em for i, em in told.items() if abs(math.log(em / ems[i])) > MISJUDGED}
        for i in range(len(examples)):
            yield generation(found[i])

    def found(self, examples: Sequence[Example], ems: Mapping[int, float]) -> dict[int, list[tuple[Glyph, float]]]:
        """The glyphs on some of the pictures, by the size of their text, px, and how probable they are.

        Only looks of one height share a pass: none is padded below.
        """
        looks = [look for i, em in ems.items() for look in looks_at(i, examples[i].image, em)]
        looks.sort(key=lambda look: look.pixels.shape)
        found: dict[int, list[tuple[Glyph, float]]] = {i: [] for i in ems}
        for _, group in groupby(looks, key=lambda look: look.pixels.shape[0]):
            for batch in self.batches(list(group)):
                for look, seen in zip(batch, self.seen(batch), strict=True):
                    found[look.example] += seen
        return {i: once(seen) for i, seen in found.items()}

    def batches(self, looks: Sequence[Look]) -> Iterator[list[Look]]:
        """Looks of one height and of similar width, about `cells` vision tokens together."""
        batch: list[Look] = []
        most = self.cells * math.prod(self.vocabulary.spec.cell)
        for look in looks:
            if batch and (len(batch) + 1) * look.pixels.size > most:
                yield batch
                batch = []
            batch.append(look)
        if batch:
            yield batch

    @torch.inference_mode()
    def seen(self, batch: Sequence[Look]) -> list[list[tuple[Glyph, float]]]:
        """One pass of the network: the glyphs of each look in px of its picture, and how probable they are."""
        width = self.vocabulary.spec.cell[1]
        tokens = vision_tokens(self.vocabulary, [look.pixels for look in batch])
        rows = batch[0].pixels.shape[0] // HEIGHT  # of all: only looks of one height share a pass
        by_row = tokens.reshape(len(batch) * rows, -1, tokens.shape[-1])
        steps = [SLOTS * -(-look.pixels.shape[1] // width) for look in batch for _ in range(rows)]
        told = read(self.head, by_row, steps)
        return [
            [one for row in range(rows) for one in placed(told[i * rows + row], row, look, width)]
            for i, look in enumerate(batch)
        ]


def looks_at(number: int, image: Image.Image, em: float) -> Iterator[Look]:
    """The looks at an example's picture, whose text is `em` px large."""
    gray = image.convert("L")
    for larger, count in LOOKS:
        for top in range(TOP, TOP + HEIGHT, HEIGHT // count):
            pixels = block(gray, em / larger, top)
            yield Look(number, pixels, top, pixels.shape[1] / gray.width)


def placed(told: Sequence[ReadGlyph], row: int, look: Look, width: int) -> Iterator[tuple[Glyph, float]]:
    """The glyphs of a row of cells that stand well within it."""
    for one in told:
        y, size = row * HEIGHT + BASELINE - one.rise * EM, max(1.0, one.size * EM)
        inside = (y - MIDDLE * size) / HEIGHT - row
        if one.probability < LEAST or one.char.isspace():
            continue
        if INSIDE <= inside <= 1 - INSIDE:
            x, y = one.x * width / look.scale, (y - look.top) / look.scale
            yield Glyph(one.char, x, y, size / look.scale, 0, one.style), one.probability


def once(found: Sequence[tuple[Glyph, float]]) -> list[tuple[Glyph, float]]:
    """What the looks agree on, from left to right: each glyph once, without those that are parts of larger ones.

    The looks vote with their probabilities.
    """
    votes = [[p for other, p in found if other.char == glyph.char and is_same(glyph, other)] for glyph, _ in found]
    order = sorted(range(len(found)), key=lambda i: (-sum(votes[i]), -found[i][1]))
    kept: list[tuple[Glyph, float]] = []
    for i in order:
        glyph, _ = found[i]
        if max(votes[i]) < CLEAR and sum(votes[i]) < AGREED:
            continue
        if not any(is_same(glyph, other) for other, _ in kept) and not any(is_part(glyph, other) for other, _ in found):
            kept.append((glyph, max(votes[i])))
    return sorted(kept, key=lambda one: one[0].x)


def is_same(glyph: Glyph, other: Glyph) -> bool:
    """Whether two glyphs that were seen are one."""
    size = max(glyph.size, other.size)
    across, down = abs(glyph.x - other.x) / size, abs(glyph.middle - other.middle) / size
    return across < SAME and down < (TALL if glyph.char == other.char else 1.2 * SAME)


def is_part(glyph: Glyph, other: Glyph) -> bool:
    """Whether a small glyph lies in the letter that is a large one: enlarged, its strokes look like letters."""
    if glyph.size > SMALL * other.size:
        return False
    inside = -0.42 < (glyph.middle - other.y) / other.size < -0.12
    return inside and abs(glyph.x - other.x) < 0.8 * other.half_width


def generation(found: Sequence[tuple[Glyph, float]]) -> Generation:
    """The answer: glyphs and no text."""
    score = sum(math.log(max(probability, 1e-6)) for _, probability in found) / max(1, len(found))
    glyphs = tuple(glyph for glyph, _ in found)
    finish: Finish = "stop" if found else "blank"
    account = Account(read=len(found))
    return Generation("", finish, len(found), score, account, glyphs, math.exp(score * len(found)))
