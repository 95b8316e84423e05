"""Batches of strips and blocks; a batch depends on seed and place alone, never on what ran before.

A round draws strips from the mixture until they fill its batches, sorts them by size and cuts them into batches;
lines and blocks have batches of their own.
Rounds are numbered and each has its own random stream: processes share them out, and a resumed run asks for the same.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

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
from vary_cli.model.strips import HEIGHT, shown, stack
from vary_cli.model.vary import Batch

SPARE = 1.6  # times as many strips are drawn as are used: neighbours on a page need not be neighbours in a round
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
    batches: int = 12
    """Lessons of a round."""

    def __getitem__(self, number: int) -> list[Lesson]:
        chance = random.Random(f"{self.mixture.seed}/{number}")
        lessons = [lesson(group, self.spec) for group in groups(self.drawn(chance), self.batches, chance)]
        chance.shuffle(lessons)
        return lessons

    def drawn(self, chance: random.Random) -> list[Strip]:
        """Strips of one round, each set by its share of the area."""
        area = self.cells * self.spec.vocabulary.cell[1] * self.batches
        orders = {name: self.order(name, chance) for name in self.mixture.shares}
        used = dict.fromkeys(orders, 0.0)
        pool: list[Strip] = []
        barren = 0
        while sum(used.values()) < SPARE * area or len(pool) < 2 * self.batches:
            name = min(orders, key=lambda n: used[n] / self.mixture.shares[n])
            found = list(self.strips((name, next(orders[name])), chance))
            barren = 0 if found else barren + 1
            if barren > BARREN:
                raise DataError(f"{name} gives no line of text to learn from", HINT, "data_empty")
            pool += found
            used[name] += sum(strip.area for strip in found)
        return taken(pool, area, self.batches, chance)

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


def taken(pool: Sequence[Strip], area: float, least: int, chance: random.Random) -> list[Strip]:
    """Some of a pool's strips, as many as fill an area (px of width)."""
    found: list[Strip] = []
    filled = 0.0
    for strip in chance.sample(pool, len(pool)):
        if filled >= area and len(found) >= least:
            break
        found.append(strip)
        filled += strip.area
    return found


def groups(strips: Sequence[Strip], count: int, chance: random.Random) -> Iterator[list[Strip]]:
    """Strips in `count` groups of about the same area and of one kind, each of strips of about one size."""
    kinds = [[s for s in strips if not s.is_block], [s for s in strips if s.is_block]]
    if not all(kinds):
        yield from shared(sized(strips, chance), count)
        return
    areas = [sum(s.area for s in kind) for kind in kinds]
    lines = min(max(1, round(count * areas[0] / sum(areas))), count - 1, len(kinds[0]))
    for kind, share in zip(kinds, (lines, count - lines), strict=True):
        yield from shared(sized(kind, chance), share)


def sized(strips: Sequence[Strip], chance: random.Random | None = None) -> list[Strip]:
    """Strips by height and width; with chance, roughly."""
    return sorted(
        strips, key=lambda s: (s.pixels.shape[0], s.pixels.shape[1] + (40 * chance.random() if chance else 0))
    )


def shared(ordered: Sequence[Strip], count: int) -> list[list[Strip]]:
    """Strips in their order, in `count` groups that are about equally large when padded; none is empty."""
    low, high = 0.0, padded(ordered)
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if len(packed(ordered, middle)) <= count else (middle, high)
    found = packed(ordered, high)
    while len(found) < count:
        k = max(range(len(found)), key=lambda i: (len(found[i]) > 1, padded(found[i])))
        half = len(found[k]) // 2
        found[k : k + 1] = [found[k][:half], found[k][half:]]
    return found


def packed(ordered: Sequence[Strip], most: float) -> list[list[Strip]]:
    """Strips in their order, in groups of at most that area when padded, or of one strip."""
    found: list[list[Strip]] = []
    for strip in ordered:
        if found and padded([*found[-1], strip]) <= most:
            found[-1].append(strip)
        else:
            found.append([strip])
    return found


def padded(group: Sequence[Strip]) -> float:
    """The area of a group in which all are as high and wide as the highest and the widest."""
    high, wide = (float(max(strip.pixels.shape[axis] for strip in group)) for axis in (0, 1))
    return len(group) * high * wide / HEIGHT


def lesson(group: Sequence[Strip], spec: ModelSpec) -> Lesson:
    """Strips and the targets of the glyph head as tensors."""
    assert spec.glyphs is not None
    width = spec.vocabulary.cell[1]
    ink, valid = stack([s.pixels for s in group], width)
    known = Repertoire(spec.glyphs)
    if group[0].is_block:
        glyphs = block_batch(group, shown(ink, valid), spec, known)
    else:
        glyphs = glyph_batch(group, valid.shape[1], width, known)
    empty = torch.zeros(len(group), 0, dtype=torch.long)
    return Lesson(Batch(empty, empty, {"vocabulary": ink}, None, valid), glyphs)


def block_batch(group: Sequence[Strip], seen: Tensor, spec: ModelSpec, repertoire: Repertoire) -> GlyphBatch:
    """Targets of some blocks, asked for in cells that hold ink or lie beside alone: `seen` (B, cells).

    A block is mostly paper, and its glyphs would hardly count.
    """
    rows = max(strip.pixels.shape[0] for strip in group) // HEIGHT
    grid = (rows, seen.shape[1] // rows)
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
