"""Batches of strips, drawn so that any step's batch depends on seed and place alone, never on what ran before.

A round draws strips from the mixture until they fill its batches, sorts them by width and cuts them into batches.
Rounds are numbered and each has its own random stream: processes share them out, and a resumed run asks for the same.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer

from vary_cli.errors import DataError
from vary_cli.finetune.augment import Strip, known_strips, strips
from vary_cli.finetune.lesson import Lesson
from vary_cli.finetune.lines import Known
from vary_cli.finetune.mixture import Mixture, Place
from vary_cli.layout import pixels
from vary_cli.model.batch import Sequenced, laid_out, numbered
from vary_cli.model.chat import IMAGE, Turn
from vary_cli.model.glyphs import SLOTS, GlyphBatch, targets
from vary_cli.model.repertoire import Repertoire
from vary_cli.model.spec import ModelSpec
from vary_cli.model.strips import stack
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
    words: Tokenizer | None
    cells: int
    """Vision tokens of a lesson."""
    batches: int = 12
    """Lessons of a round."""

    def __getitem__(self, number: int) -> list[Lesson]:
        chance = random.Random(f"{self.mixture.seed}/{number}")
        drawn = sorted(self.drawn(chance), key=lambda s: s.pixels.shape[1] + 40 * chance.random())
        lessons = [lesson(group, self.spec, self.words) for group in shared(drawn, self.batches)]
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
            used[name] += sum(strip.pixels.shape[1] for strip in found)
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
        elif example.glyphs is not None:
            yield from strips(example, chance)


HINT = "make some with: vary data make pages; or give pages whose text the model can mostly read"


def taken(pool: Sequence[Strip], area: float, least: int, chance: random.Random) -> list[Strip]:
    """Some of a pool's strips, as many as fill an area (px of width)."""
    found: list[Strip] = []
    filled = 0
    for strip in chance.sample(pool, len(pool)):
        if filled >= area and len(found) >= least:
            break
        found.append(strip)
        filled += strip.pixels.shape[1]
    return found


def shared(ordered: Sequence[Strip], count: int) -> Iterator[list[Strip]]:
    """Strips in their order, in `count` groups of about the same area; none is empty."""
    ends = np.cumsum([strip.pixels.shape[1] for strip in ordered])
    first = 0
    for k in range(1, count + 1):
        end = int(np.searchsorted(ends, ends[-1] * k / count, side="left")) + 1
        end = len(ordered) if k == count else min(max(end, first + 1), len(ordered) - (count - k))
        yield list(ordered[first:end])
        first = end


def lesson(group: Sequence[Strip], spec: ModelSpec, words: Tokenizer | None) -> Lesson:
    """Strips and their targets as tensors: of the glyph head, and of the decoder where there is one."""
    assert spec.glyphs is not None
    width = spec.vocabulary.cell[1]
    ink, valid = stack([s.pixels for s in group], width)
    glyphs = glyph_batch(group, valid.shape[1], width, Repertoire(spec.glyphs))
    empty = torch.zeros(len(group), 0, dtype=torch.long)
    if spec.decoder is None or words is None:
        return Lesson(Batch(empty, empty, {"vocabulary": ink}, None, valid), glyphs)
    rows = [int(n) for n in valid[:, :: spec.vocabulary.merge_stride[1] ** 2].sum(1)]
    said = ["".join(g.char for g in sorted(s.glyphs, key=lambda g: g.x)) for s in group]
    texts = [numbered([Turn(IMAGE, text)], spec, words, n) for text, n in zip(said, rows, strict=True)]
    ids, mask, labels = laid_out([Sequenced(ids, learned, []) for ids, learned in texts], left=False)
    return Lesson(Batch(ids, mask, {"vocabulary": ink}, labels, valid), glyphs)


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
