"""Batches of strips and blocks; a batch depends on seed and place alone, never on what ran before.

A round draws strips from the mixture until they fill its batches. A batch has one of a few shapes, for a GPU plans its
work anew for each: the largest strip that is left says which, and those that fit in best fill it up. Lines and blocks
have batches of their own.
Rounds are numbered and each has its own random stream: processes share them out, and a resumed run asks for the same.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from vary_cli.errors import DataError
from vary_cli.example import FORMULA
from vary_cli.finetune.augment import Strip, blocks, known_strips, strips
from vary_cli.finetune.lesson import Lesson
from vary_cli.finetune.lines import Known
from vary_cli.finetune.mixture import Mixture, Place
from vary_cli.layout import pixels
from vary_cli.model.glyphs import SLOTS, GlyphBatch, block_targets, targets
from vary_cli.model.repertoire import Repertoire
from vary_cli.model.spec import ModelSpec
from vary_cli.model.strips import HEIGHT, ink, shown, stack
from vary_cli.model.vary import Batch

ENOUGH, MORE = 0.7, 0.1  # of a round's area that is drawn first, padding fills the rest; and then, till it is filled
STEP = 16  # cells; widths of batches are multiples of it, as attention's windows are
ROWS = (1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20)
"""Heights of batches, strips."""
FULL = 0.5  # a last batch is given up if less of it is filled
BARREN = 200  # examples in turn that give no strip; then there is nothing to be had


@dataclass(frozen=True)
class Rounds:
    """Round number -> its lessons, `batches` of them."""

    mixture: Mixture
    known: Mapping[Place, Known]
    """What is known of pictures whose characters have no places; such pictures without any line are not in it."""
    spec: ModelSpec
    cells: int
    """Vision tokens of a lesson."""
    batches: int = 24
    """Lessons of a round."""

    def __getitem__(self, number: int) -> list[Lesson]:
        chance = random.Random(f"{self.mixture.seed}/{number}")
        area = self.cells * self.spec.vocabulary.cell[1] * self.batches
        pool: list[Strip] = []
        found: list[Group] = []
        for more in self.drawn(area, chance):
            pool += more
            found = list(groups(pool, self.cells, self.spec.vocabulary.cell[1]))
            if len(found) >= self.batches:
                break
        return [lesson(group.strips, self.spec, group.shape) for group in chance.sample(found, self.batches)]

    def drawn(self, area: float, chance: random.Random) -> Iterator[list[Strip]]:
        """Strips without end, each set by its share of the area: first most of a round's, then little by little."""
        orders = {name: self.order(name, chance) for name in self.mixture.shares}
        used = dict.fromkeys(orders, 0.0)
        wanted, barren = ENOUGH * area, 0
        while True:
            pool: list[Strip] = []
            while sum(used.values()) < wanted:
                name = min(orders, key=lambda n: used[n] / self.mixture.shares[n])
                found = list(self.strips((name, next(orders[name])), chance))
                barren = 0 if found else barren + 1
                if barren > BARREN:
                    raise DataError(f"{name} gives no line of text to learn from", HINT, "data_empty")
                pool += found
                used[name] += sum(strip.area for strip in found)
            yield pool
            wanted += MORE * area

    def order(self, name: str, chance: random.Random) -> Iterator[int]:
        """Indices of a set's examples without end, in random order; those of which no line is known are left out."""
        held = self.mixture.held.get(name, frozenset())
        size = len(self.mixture.sets[name])
        bare = {index for (known, index), what in self.known.items() if known == name and not what.lines}
        usable = [index for index in range(size) if index not in held and index not in bare]
        if not usable:
            raise DataError(f"{name} has no line whose text is known", HINT, "data_empty")
        while True:
            yield from chance.sample(usable, len(usable))

    def strips(self, place: Place, chance: random.Random) -> Iterator[Strip]:
        """The strips of one example."""
        example = self.mixture.entry(place).example()
        what = self.known.get(place)
        if what is not None:
            image = pixels.upright(example.image)[0] if what.turned else example.image
            yield from known_strips(image, what.lines, chance)
        elif example.prompt == FORMULA:
            yield from blocks(example, chance)
        elif example.glyphs is not None:
            yield from strips(example, chance)


HINT = "make some with: vary data make pages; or give pages whose text the model can mostly read"


class Group(NamedTuple):
    """The strips of a batch."""

    strips: list[Strip]
    shape: tuple[int, int]
    """Rows of cells and cells in a row to which they are padded."""


def groups(strips: Sequence[Strip], cells: int, cell_width: int) -> Iterator[Group]:
    """Strips in groups of one kind that have `cells` cells when padded, or hold one strip."""
    for is_block in (False, True):
        left = sorted((s for s in strips if s.is_block == is_block), key=lambda s: -s.area)
        while left:
            rows, columns = shape(left[0], cell_width)
            count = max(1, cells // (rows * columns))
            found, others = parted(left, (HEIGHT * rows, cell_width * columns), count)
            if len(found) >= FULL * count:
                found += found[: count - len(found)]
                yield Group(found, (rows, columns))
            left = others


def shape(strip: Strip, cell_width: int) -> tuple[int, int]:
    """The smallest shape of batches that holds a strip: (rows of cells, cells in a row)."""
    rows, columns = strip.pixels.shape[0] // HEIGHT, -(-strip.pixels.shape[1] // cell_width)
    return next(height for height in ROWS if height >= rows), -(-columns // STEP) * STEP


def parted(strips: Sequence[Strip], size: tuple[int, int], count: int) -> tuple[list[Strip], list[Strip]]:
    """(the first `count` strips that fit into a size, px, and all the others)"""
    found: list[Strip] = []
    others: list[Strip] = []
    for strip in strips:
        high, wide = strip.pixels.shape
        fits = len(found) < count and high <= size[0] and wide <= size[1]
        (found if fits else others).append(strip)
    return found, others


def sized(strips: Sequence[Strip]) -> list[Strip]:
    """Strips by height and width."""
    return sorted(strips, key=lambda strip: strip.pixels.shape)


def lesson(group: Sequence[Strip], spec: ModelSpec, shape: tuple[int, int] = (0, 0)) -> Lesson:
    """Strips, padded to a shape at least, and the targets of the glyph head as tensors."""
    assert spec.glyphs is not None
    width = spec.vocabulary.cell[1]
    gray, valid = stack([s.pixels for s in group], width, shape)
    known = Repertoire(spec.glyphs)
    if group[0].is_block:
        glyphs = block_batch(group, shown(ink(gray), valid), valid.shape[1], spec, known)
    else:
        glyphs = glyph_batch(group, valid.shape[1], width, known)
    empty = torch.zeros(len(group), 0, dtype=torch.long)
    return Lesson(Batch(empty, empty, {"vocabulary": gray}, None, valid), glyphs)


def block_batch(
    group: Sequence[Strip], seen: Tensor, columns: int, spec: ModelSpec, repertoire: Repertoire
) -> GlyphBatch:
    """Targets of some blocks, asked for in cells that hold ink or lie beside alone: `seen` (B, rows * columns).

    A block is mostly paper, and its glyphs would hardly count.
    """
    grid = (seen.shape[1] // columns, columns)
    found = [block_targets(strip.glyphs, grid, spec.vocabulary.cell, repertoire) for strip in group]
    slots = torch.from_numpy(np.stack([told.slots for told in found]))
    asked = (seen & torch.tensor([strip.placed for strip in group])[:, None]).repeat_interleave(SLOTS, 1)
    han = torch.from_numpy(np.concatenate([np.insert(told.han, 0, i, axis=1) for i, told in enumerate(found)]))
    traits = torch.from_numpy(np.concatenate([np.insert(told.traits, 0, i, axis=1) for i, told in enumerate(found)]))
    none = torch.zeros(0, dtype=torch.long)
    return GlyphBatch(slots.masked_fill(~asked, -100), none, none, none, han, traits)


def glyph_batch(group: Sequence[Strip], cells: int, cell_width: int, repertoire: Repertoire) -> GlyphBatch:
    """Targets of some strips, padded to `cells`."""
    slots = np.full((len(group), SLOTS * cells), -100, np.int64)
    found = [targets(s.glyphs, -(-s.pixels.shape[1] // cell_width), cell_width, repertoire) for s in group]
    for row, t, strip in zip(slots, found, group, strict=True):
        row[: len(t.slots)] = t.slots if strip.placed else -100
    han = [np.insert(t.han, 0, i, axis=1) for i, t in enumerate(found) if group[i].placed]
    traits = [np.insert(t.traits, 0, i, axis=1) for i, t in enumerate(found) if group[i].placed and group[i].styled]
    none = [np.zeros((0, 3), np.int64)], [np.zeros((0, 1 + found[0].traits.shape[1]), np.float32)]
    return GlyphBatch(
        torch.from_numpy(slots),
        torch.from_numpy(np.concatenate([t.sequence for t in found])),
        torch.tensor([len(t.sequence) for t in found]),
        torch.tensor([len(t.slots) for t in found]),
        torch.from_numpy(np.concatenate(han or none[0])),
        torch.from_numpy(np.concatenate(traits or none[1])),
    )
