"""The glyph head: which character stands in each vision token's cell. Targets, loss and readout.

Vary generates its vocabulary by autoregression alone; here every vision token also learns directly which character
has its centre in which half of its cell. What is told apart on every half cell is small (blank, Latin, signs, "a Han
character"); which Han character it is, only the cells that hold one answer. Read from left to right and collapsed as
in connectionist temporal classification (Graves 2006), the halves give a line's text without a decoder.
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
            han.append((min(max(int(glyph.x / cell_width), 0), cells - 1), index))
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
    """Losses of the glyph head: `cells` (cross entropy by place), `han` (by cell) and `sequence` (CTC)."""
    logits = head(tokens)
    cells = F.cross_entropy(logits.flatten(0, 1), batch.halves.flatten(), ignore_index=-100)
    losses = {"cells": cells}
    if len(batch.han):
        strip, cell, index = batch.han.unbind(1)
        losses["han"] = F.cross_entropy(head.han(tokens[strip, cell]), index, label_smoothing=0.02)
    if sequence_weight > 0:
        logs = F.log_softmax(logits.float(), -1).transpose(0, 1)  # (steps, B, classes)
        losses["sequence"] = F.ctc_loss(logs, batch.sequence, batch.steps, batch.lengths, zero_infinity=True)
    return losses


@dataclass(frozen=True)
class ReadGlyph:
    """One character that the glyph head reports."""

    char: str
    x: float
    """Centre, in cells from the strip's left edge."""
    probability: float


@torch.no_grad()
def read(head: GlyphHead, tokens: Tensor, steps: Sequence[int]) -> list[list[ReadGlyph]]:
    """What stands on each strip, from left to right (greedy collapse). steps: half cells of each strip."""
    probabilities, classes = F.softmax(head(tokens).float(), -1).max(-1)  # (B, halves)
    runs = [collapse(c[:n], p[:n]) for c, p, n in zip(classes.tolist(), probabilities.tolist(), steps, strict=True)]
    cells = [(b, run) for b, found in enumerate(runs) for run in found if run[0] == head.repertoire.han_class]
    names: dict[tuple[int, int], tuple[str, float]] = {}
    if cells:
        where = torch.tensor([(b, (run[1] + run[2]) // 4) for b, run in cells])
        best, index = F.softmax(head.han(tokens[where[:, 0], where[:, 1]]).float(), -1).max(-1)
        for (b, run), p, i in zip(cells, best.tolist(), index.tolist(), strict=True):
            names[b, run[1]] = (head.repertoire.han[i], p)
    return [[named(head.repertoire, run, names.get((b, run[1]))) for run in found] for b, found in enumerate(runs)]


Run = tuple[int, int, int, float]  # class, first half cell, last half cell, best probability


def collapse(classes: Sequence[int], probabilities: Sequence[float]) -> list[Run]:
    """Neighbouring halves of one class are one character; blanks are none."""
    runs: list[Run] = []
    for i, (c, p) in enumerate(zip(classes, probabilities, strict=True)):
        if c != BLANK and i and classes[i - 1] == c:
            name, first, _, best = runs[-1]
            runs[-1] = (name, first, i, max(best, p))
        elif c != BLANK:
            runs.append((c, i, i, p))
    return runs


def named(repertoire: Repertoire, run: Run, han: tuple[str, float] | None) -> ReadGlyph:
    """A run as a character; `han` names it where its class only says Han."""
    name, first, last, probability = run
    x = (first + last + 1) / 4
    if han is not None:
        return ReadGlyph(han[0], x, probability * han[1])
    return ReadGlyph(repertoire.common[name - 1], x, probability)
