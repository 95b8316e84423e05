"""Batches of strips, drawn so that any step's batch depends on seed and place alone, never on what ran before.

A round draws some hundred strips from the mixture, sorts them by width and cuts them into batches. Rounds are numbered
and each has its own random stream: workers share them out, and a resumed run asks for the same ones.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from vary_cli.errors import DataError
from vary_cli.example import Example
from vary_cli.finetune.augment import Strip, strips
from vary_cli.model.glyphs import SLOTS, GlyphBatch, targets
from vary_cli.model.repertoire import Repertoire
from vary_cli.model.strips import stack

Examples = Callable[[random.Random], Iterator[Example]]  # picklable: starts a stream of examples


@dataclass(frozen=True)
class StripBatch:
    """What one step learns from."""

    ink: Tensor
    """(B, 1, HEIGHT, width)"""
    valid: Tensor
    """(B, cells)"""
    glyphs: GlyphBatch
    characters: int


@dataclass(frozen=True)
class Rounds(Dataset[list[StripBatch]]):
    """Round number -> its batches. `mixture`: name -> (share of the picture area, stream of examples)."""

    mixture: Mapping[str, tuple[float, Examples]]
    repertoire: Repertoire
    cell_width: int
    cells: int
    seed: int
    size: int = 700
    """Strips of a round."""

    def __getitem__(self, number: int) -> list[StripBatch]:
        chance = random.Random(f"{self.seed}/{number}")
        drawn = sorted(self.drawn(chance), key=lambda s: s.pixels.shape[1] + 40 * chance.random())
        batches = [self.packed(group) for group in grouped(drawn, self.cells * self.cell_width)]
        chance.shuffle(batches)
        return batches

    def drawn(self, chance: random.Random) -> list[Strip]:
        """Strips of one round, each source by its share of the area."""
        streams = {name: examples(chance) for name, (_, examples) in self.mixture.items()}
        used = dict.fromkeys(streams, 0.0)
        pool: list[Strip] = []
        while len(pool) < 2 * self.size:
            name = min(streams, key=lambda n: used[n] / self.mixture[n][0])
            example = next(streams[name], None)
            if example is None:
                raise DataError(f"{name} has no example with glyph positions", "make some with: vary data make pages")
            for strip in strips(example, chance):
                pool.append(strip)
                used[name] += strip.pixels.shape[1]
        return chance.sample(pool, self.size)  # half of what was drawn: lines of one page part

    def packed(self, group: Sequence[Strip]) -> StripBatch:
        """Strips and their targets as tensors."""
        ink, valid = stack([s.pixels for s in group], self.cell_width)
        return StripBatch(
            ink,
            valid,
            glyph_batch(group, valid.shape[1], self.cell_width, self.repertoire),
            sum(len(s.glyphs) for s in group),
        )


def glyph_batch(group: Sequence[Strip], cells: int, cell_width: int, repertoire: Repertoire) -> GlyphBatch:
    """Targets of some strips, padded to `cells`."""
    slots = np.full((len(group), SLOTS * cells), -100, np.int64)
    found = [targets(s.glyphs, -(-s.pixels.shape[1] // cell_width), cell_width, repertoire) for s in group]
    for row, t in zip(slots, found, strict=True):
        row[: len(t.slots)] = t.slots
    han = [np.insert(t.han, 0, i, axis=1) for i, t in enumerate(found)]
    return GlyphBatch(
        torch.from_numpy(slots),
        torch.from_numpy(np.concatenate([t.sequence for t in found])),
        torch.tensor([len(t.sequence) for t in found]),
        torch.tensor([len(t.slots) for t in found]),
        torch.from_numpy(np.concatenate(han)),
    )


def grouped(ordered: Sequence[Strip], width: int) -> Iterator[list[Strip]]:
    """Strips, roughly narrow first, in groups whose area when padded is at most `width` px times a strip's height."""
    group: list[Strip] = []
    widest = 0
    for strip in ordered:
        widest = max(widest, strip.pixels.shape[1])
        if group and (len(group) + 1) * widest > width:
            yield group
            group, widest = [], strip.pixels.shape[1]
        group.append(strip)
    if group:
        yield group


def batches(rounds: Rounds, first: int, workers: int) -> Iterator[StripBatch]:
    """Batches without end from the given round on."""
    loader = DataLoader(
        rounds,
        sampler=range(first, 1 << 30),
        batch_size=None,
        num_workers=workers,
        prefetch_factor=2 if workers else None,
    )
    for group in loader:
        yield from group
