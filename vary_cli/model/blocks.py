"""How a region-reading model sees what stands in two dimensions: the glyph head names the glyphs and their places.

A block is looked at several times (looks.py), and once more so if its glyphs turn out to be of another size than was
thought; the looks vote (votes.py). What the glyphs mean together is not told here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import torch
from PIL import Image

from vary_cli.document import Account
from vary_cli.example import BOLD, MIDDLE, Example, Finish, Generation, Glyph, usual_em
from vary_cli.ink import accents
from vary_cli.model.glyphs import SLOTS, GlyphHead, ReadGlyph, read
from vary_cli.model.looks import Look, is_inside, looks_at
from vary_cli.model.strips import BASELINE, BLOCK_EM, EM, HEIGHT, chunks, vision_tokens
from vary_cli.model.vocabulary import VocabularyNetwork
from vary_cli.model.votes import Seen, agreed

WEIGHTY = 2.0
"""Log odds that are added to those of a bold character: in formulas few are, and it means something. Of 120 bold ones
96 are found so by all looks together (83 by one look, with half as much), and 11 (7) of 4,814 others are taken so."""
LEAST = 0.25  # probability of a glyph that one look votes for
CORRECTIONS = 2  # of the size that text is thought to have
SHOWN = 0.9
"""How probable an accent is that its ink tells."""
MISJUDGED = 0.12  # log of the ratio between two sizes of text that are not the same


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
        found: dict[int, list[Seen]] = {}
        for _ in range(1 + CORRECTIONS):
            fresh = self.found(examples, ems)
            found |= fresh
            told = {i: usual_em([glyph for glyph, _ in seen]) for i, seen in fresh.items() if seen}
            ems = {i: em for i, em in told.items() if abs(math.log(em / ems[i])) > MISJUDGED}
        for i, example in enumerate(examples):
            seen = [(weighed(glyph), p) for glyph, p in accented(found[i], example.image)]
            yield generation(seen)

    def found(self, examples: Sequence[Example], ems: Mapping[int, float]) -> dict[int, list[Seen]]:
        """The glyphs on some of the pictures, by the size of their text, px, and how probable they are.

        Only looks of one height share a pass: none is padded below.
        """
        looks = [look for i, em in ems.items() for look in looks_at(i, examples[i].image, em)]
        looks.sort(key=lambda look: look.pixels.shape)
        found: dict[int, list[Seen]] = {i: [] for i in ems}
        for _, group in groupby(looks, key=lambda look: look.pixels.shape[0]):
            for batch in self.batches(list(group)):
                for look, seen in zip(batch, self.seen(batch), strict=True):
                    found[look.example] += seen
        return {i: agreed(seen, [look for look in looks if look.example == i]) for i, seen in found.items()}

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
    def seen(self, batch: Sequence[Look]) -> list[list[Seen]]:
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


def placed(told: Sequence[ReadGlyph], row: int, look: Look, width: int) -> Iterator[Seen]:
    """The glyphs of a row of cells that stand well within it."""
    for one in told:
        y, size = row * HEIGHT + BASELINE - one.rise * EM, max(1.0, one.size * EM)
        inside = (y - MIDDLE * size) / HEIGHT - row
        if one.probability < LEAST or one.char.isspace():
            continue
        if is_inside(inside):
            x, y = one.x * width / look.scale, (y - look.top) / look.scale
            yield Glyph(one.char, x, y, size / look.scale, 0, one.style, one.bold), one.probability


def accented(found: Sequence[Seen], image: Image.Image) -> list[Seen]:
    """What was named, with the accents as their ink shows them. Bars are no glyphs: a line over letters looks alike."""
    told = list(found)
    for accent in accents.over(image, [glyph for glyph, _ in found]):
        named = [one for one in told if accent.is_named(one[0])]
        if any(one[0].char in accents.NAMES[accent.kind] for one in named):
            continue
        told = [one for one in told if one not in named]
        if accent.kind != accents.BAR:
            _, top, _, bottom = accent.box
            size = accent.letter.size
            told.append((Glyph(accent.kind, accent.x, (top + bottom) / 2 + MIDDLE * size, size, 0), SHOWN))
    return sorted(told, key=lambda one: one[0].x)


def weighed(glyph: Glyph) -> Glyph:
    """A glyph as bold as those of formulas are that were seen so."""
    if glyph.bold is None:
        return glyph
    odds = glyph.bold + WEIGHTY
    return glyph._replace(style=glyph.style & ~BOLD | BOLD * (odds > 0), bold=odds)


def generation(found: Sequence[Seen]) -> Generation:
    """The answer: glyphs and no text."""
    score = sum(math.log(max(probability, 1e-6)) for _, probability in found) / max(1, len(found))
    glyphs = tuple(glyph for glyph, _ in found)
    finish: Finish = "stop" if found else "blank"
    account = Account(read=len(found))
    return Generation("", finish, len(found), score, account, glyphs, math.exp(score * len(found)))
