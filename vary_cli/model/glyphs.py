"""The glyph head: which character stands in each vision token's cell. Targets, loss and readout.

Vary generates its vocabulary by autoregression alone; here every vision token also learns directly which character
has its centre in which half of its cell. What is told apart on every half cell is small (blank, Latin, signs, "a Han
character"); which Han character it is, only the cells that hold one answer. Read from left to right as
they stand, the halves give a line's text without a decoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from vary_cli.example import Glyph
from vary_cli.model.alignment import alignment_loss
from vary_cli.model.repertoire import Repertoire
from vary_cli.model.spec import GlyphSpec

BLANK = 0  # the class of a half cell in which no character has its centre


@dataclass(frozen=True)
class Targets:
    """What the glyph head should say of one strip."""

    halves: NDArray[np.int64]
    """(2 * cells,) the class whose centre lies in each half cell, 0 for none."""
    sequence: NDArray[np.int64]
    """The classes in reading order."""
    han: NDArray[np.int64]
    """(n, 2): cell and Han index of each Han character."""


def targets(glyphs: Sequence[Glyph], cells: int, cell_width: float, repertoire: Repertoire) -> Targets:
    """Targets of the glyphs of one line, x in px of the strip.

    Two centres in one half cell: the later one moves to a free neighbour; where none is free it stays out of the cell
    targets and only the sequence knows it.
    """
    halves = np.zeros(2 * cells, np.int64)
    sequence, han = [], []
    for glyph in sorted(glyphs, key=lambda g: g.x):
        common, index = repertoire.ids(glyph.char)
        sequence.append(common)
        place = min(max(int(glyph.x / cell_width * 2), 0), 2 * cells - 1)
        free = next((p for p in (place, place + 1, place - 1) if 0 <= p < 2 * cells and not halves[p]), None)
        if free is not None:
            halves[free] = common
        if index >= 0:
            aside = (-0.4, 0.0, 0.4)[
                len(han) % 3
            ]  # of a cell: the reading may place a wide character beside its centre
            han.append((min(max(int(glyph.x / cell_width + aside), 0), cells - 1), index))
    return Targets(halves, np.array(sequence, np.int64), np.array(han, np.int64).reshape(-1, 2))


class GlyphHead(nn.Module):
    """Vision tokens (B, cells, width) -> log-probabilities of what stands in their halves, and in the cell if Han."""

    def __init__(self, width: int, spec: GlyphSpec) -> None:
        super().__init__()
        self.repertoire = Repertoire(spec)
        self.common = nn.Linear(width, 2 * self.repertoire.classes)
        self.han = nn.Linear(width, max(1, len(spec.han)))

    def forward(self, tokens: Tensor) -> Tensor:
        """-> (B, 2 * cells, classes) logits of the common classes."""
        batch, cells, _ = tokens.shape
        return self.common(tokens).view(batch, 2 * cells, self.repertoire.classes)


@dataclass(frozen=True)
class GlyphBatch:
    """Padded targets of a batch of strips."""

    halves: Tensor
    """(B, 2 * cells), -100 beyond a strip's end."""
    sequence: Tensor
    """(sum of lengths,) all sequences, one after the other."""
    lengths: Tensor
    """(B,) characters of each strip."""
    steps: Tensor
    """(B,) half cells of each strip."""
    han: Tensor
    """(n, 3): strip, cell, Han index."""


def glyph_loss(head: GlyphHead, tokens: Tensor, batch: GlyphBatch, sequence_weight: float) -> dict[str, Tensor]:
    """Losses of the glyph head: `cells` (cross entropy by place), `han` (by cell) and `sequence` (see alignment.py)."""
    logits = head(tokens)
    cells = F.cross_entropy(logits.flatten(0, 1), batch.halves.flatten(), ignore_index=-100)
    losses = {"cells": cells}
    if len(batch.han):
        strip, cell, index = batch.han.unbind(1)
        losses["han"] = F.cross_entropy(head.han(tokens[strip, cell]), index, label_smoothing=0.02)
    if sequence_weight > 0:
        logs = F.log_softmax(logits.float(), -1)
        losses["sequence"] = alignment_loss(logs, batch.sequence, batch.lengths, batch.steps)
    return losses


@dataclass(frozen=True)
class ReadGlyph:
    """One character that the glyph head reports."""

    char: str
    x: float
    """Centre, in cells from the strip's left edge."""
    probability: float


Found = tuple[int, int, float]  # class, half cell, probability


@torch.no_grad()
def read(head: GlyphHead, tokens: Tensor, steps: Sequence[int]) -> list[list[ReadGlyph]]:
    """What stands on each strip, from left to right. steps: half cells of each strip."""
    probabilities, classes = F.softmax(head(tokens).float(), -1).max(-1)  # (B, halves)
    strips = [found(c[:n], p[:n]) for c, p, n in zip(classes.tolist(), probabilities.tolist(), steps, strict=True)]
    han = [(b, half) for b, strip in enumerate(strips) for name, half, _ in strip if name == head.repertoire.han_class]
    names = dict(zip(han, han_names(head, tokens, han), strict=True))
    return [[named(head.repertoire, f, names.get((b, f[1]))) for f in strip] for b, strip in enumerate(strips)]


def found(classes: Sequence[int], probabilities: Sequence[float]) -> list[Found]:
    """What stands on a row of half cells: every half that is not blank holds a character."""
    return [(c, i, p) for i, (c, p) in enumerate(zip(classes, probabilities, strict=True)) if c != BLANK]


def han_names(head: GlyphHead, tokens: Tensor, places: Sequence[tuple[int, int]]) -> list[tuple[str, float]]:
    """(character, probability) for each (strip, half cell) that holds a Han character."""
    if not places:
        return []
    strip, half = torch.tensor(places, device=tokens.device).unbind(1)
    best, index = F.softmax(head.han(tokens[strip, half // 2]).float(), -1).max(-1)
    return [(head.repertoire.han[i], p) for i, p in zip(index.tolist(), best.tolist(), strict=True)]


def named(repertoire: Repertoire, what: Found, han: tuple[str, float] | None) -> ReadGlyph:
    """A class at its place as a character; `han` names it where the class only says Han."""
    name, half, probability = what
    x = (half + 0.5) / 2
    if han is not None:
        return ReadGlyph(han[0], x, probability * han[1])
    return ReadGlyph(repertoire.common[name - 1], x, probability)
