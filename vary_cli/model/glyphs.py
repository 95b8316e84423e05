"""The glyph head: which character stands in each vision token's cell. Targets, loss and readout.

Vary generates its vocabulary by autoregression alone; here every vision token also learns directly which character
has its centre in which quarter of its cell. What is told apart everywhere is small (blank, Latin, signs, "a Han
character"); which Han character it is, only the cells that hold one answer. Read from left to right and collapsed as
in connectionist temporal classification (Graves 2006), the quarters give a line's text without a decoder.
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

BLANK = 0  # the class of a slot in which no character has its centre
SLOTS = 4  # of a cell, side by side: narrow letters stand apart, and a gap fits between two equal ones


@dataclass(frozen=True)
class Targets:
    """What the glyph head should say of one strip."""

    slots: NDArray[np.int64]
    """(SLOTS * cells,) the class whose centre lies in each slot, 0 for none, -100 beside a centre: either will do."""
    sequence: NDArray[np.int64]
    """The classes in reading order."""
    han: NDArray[np.int64]
    """(n, 2): cell and Han index of each Han character."""


def targets(glyphs: Sequence[Glyph], cells: int, cell_width: float, repertoire: Repertoire) -> Targets:
    """Targets of the glyphs of one line, x in px of the strip.

    Of two centres in one slot the cell targets know the first; the sequence knows both.
    """
    ordered = sorted(glyphs, key=lambda g: g.x)
    ids = [repertoire.ids(g.char) for g in ordered]
    places = [min(max(int(g.x / cell_width * SLOTS), 0), SLOTS * cells - 1) for g in ordered]
    slots = np.zeros(SLOTS * cells, np.int64)
    for place in places:
        slots[max(0, place - 1) : place + 2] = -100
    for place, (common, _) in zip(reversed(places), reversed(ids), strict=True):
        slots[place] = common
    han = [(place // SLOTS, index) for place, (_, index) in zip(places, ids, strict=True) if index >= 0]
    return Targets(slots, np.array([common for common, _ in ids], np.int64), np.array(han, np.int64).reshape(-1, 2))


class GlyphHead(nn.Module):
    """Vision tokens (B, cells, width) -> what stands in their slots, and which Han character in the cell."""

    def __init__(self, width: int, spec: GlyphSpec) -> None:
        super().__init__()
        self.repertoire = Repertoire(spec)
        self.common = nn.Linear(width, SLOTS * self.repertoire.classes)
        self.han = nn.Linear(width, max(1, len(spec.han)))

    def forward(self, tokens: Tensor) -> Tensor:
        """-> (B, SLOTS * cells, classes) logits of the common classes."""
        batch, cells, _ = tokens.shape
        return self.common(tokens).view(batch, SLOTS * cells, self.repertoire.classes)


@dataclass(frozen=True)
class GlyphBatch:
    """Padded targets of a batch of strips."""

    slots: Tensor
    """(B, SLOTS * cells), -100 where anything will do."""
    sequence: Tensor
    """(sum of lengths,) all sequences, one after the other."""
    lengths: Tensor
    """(B,) characters of each strip."""
    steps: Tensor
    """(B,) slots of each strip."""
    han: Tensor
    """(n, 3): strip, cell, Han index."""


def glyph_loss(head: GlyphHead, tokens: Tensor, batch: GlyphBatch, sequence_weight: float) -> dict[str, Tensor]:
    """Losses of the glyph head: `cells` (cross entropy by place), `han` (by cell) and `sequence` (CTC)."""
    logits = head(tokens)
    cells = F.cross_entropy(logits.flatten(0, 1), batch.slots.flatten(), ignore_index=-100)
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


Run = tuple[int, int, int, float]  # class, first slot, last slot, best probability


@torch.no_grad()
def read(head: GlyphHead, tokens: Tensor, steps: Sequence[int]) -> list[list[ReadGlyph]]:
    """What stands on each strip, from left to right. steps: slots of each strip."""
    probabilities, classes = F.softmax(head(tokens).float(), -1).max(-1)  # (B, slots)
    strips = [runs(c[:n], p[:n]) for c, p, n in zip(classes.tolist(), probabilities.tolist(), steps, strict=True)]
    han = [
        (b, run[1], run[2]) for b, strip in enumerate(strips) for run in strip if run[0] == head.repertoire.han_class
    ]
    names = dict(zip([place[:2] for place in han], han_names(head, tokens, han), strict=True))
    return [[named(head.repertoire, run, names.get((b, run[1]))) for run in strip] for b, strip in enumerate(strips)]


def runs(classes: Sequence[int], probabilities: Sequence[float]) -> list[Run]:
    """Neighbouring slots of one class are one character; blanks are none."""
    found: list[Run] = []
    for i, (c, p) in enumerate(zip(classes, probabilities, strict=True)):
        if c != BLANK and i and classes[i - 1] == c:
            name, first, _, best = found[-1]
            found[-1] = (name, first, i, max(best, p))
        elif c != BLANK:
            found.append((c, i, i, p))
    return found


def han_names(head: GlyphHead, tokens: Tensor, places: Sequence[tuple[int, int, int]]) -> list[tuple[str, float]]:
    """(character, probability) for each (strip, first slot, last slot) that holds a Han character."""
    if not places:
        return []
    strip, first, last = torch.tensor(places, device=tokens.device).unbind(1)
    best, index = F.softmax(head.han(tokens[strip, (first + last) // (2 * SLOTS)]).float(), -1).max(-1)
    return [(head.repertoire.han[i], p) for i, p in zip(index.tolist(), best.tolist(), strict=True)]


def named(repertoire: Repertoire, run: Run, han: tuple[str, float] | None) -> ReadGlyph:
    """A run as a character; `han` names it where its class only says Han."""
    name, first, last, probability = run
    x = (first + last + 1) / (2 * SLOTS)
    if han is not None:
        return ReadGlyph(han[0], x, probability * han[1])
    return ReadGlyph(repertoire.common[name - 1], x, probability)
