"""The glyph head: which character stands in each vision token's cell. Targets, loss and readout.

Vary generates its vocabulary by autoregression alone; here every vision token also learns directly which character
has its centre in which quarter of its cell. What is told apart everywhere is small (blank, Latin, signs, "a Han
character"); which Han character it is, only the cells that hold one answer. Read from left to right and collapsed as
in connectionist temporal classification (Graves 2006), the quarters give a line's text without a decoder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from vary_cli.example import BOLD, ITALIC, MONO, Glyph
from vary_cli.model.beside import chinese, once
from vary_cli.model.repertoire import Repertoire
from vary_cli.model.spec import GlyphSpec
from vary_cli.model.strips import BASELINE, EM

BLANK = 0  # the class of a slot in which no character has its centre
SLOTS = 4  # of a cell, side by side: narrow letters stand apart, and a gap fits between two equal ones
BORDER = 0.08  # of a cell's height: so near to the next row a glyph may be seen by either
PAPER = 0.3  # how much an empty slot of a block counts
STYLES = (BOLD, ITALIC, MONO)
TRAITS = len(STYLES) + 2  # then rise and size, in ems of the strip


@dataclass(frozen=True)
class Targets:
    """What the glyph head should say of one strip."""

    slots: NDArray[np.int64]
    """(SLOTS * cells,) the class whose centre lies in each slot, 0 for none, -100 beside a centre: either will do."""
    sequence: NDArray[np.int64]
    """The classes in reading order."""
    han: NDArray[np.int64]
    """(n, 2): cell and Han index of each Han character."""
    traits: NDArray[np.float32]
    """(n, 1 + TRAITS): slot, then bold, italic, typewriter (0 or 1), rise and size in ems of the strip."""


def targets(glyphs: Sequence[Glyph], cells: int, cell_width: float, repertoire: Repertoire) -> Targets:
    """Targets of the glyphs of one line, x, baseline and size in px of the strip.

    Of two centres in one slot the cell targets know the first; the sequence knows both.
    """
    ordered = sorted(glyphs, key=lambda g: g.x)
    ids = [repertoire.ids(g.char) for g in ordered]
    places = [min(max(int(g.x / cell_width * SLOTS), 0), SLOTS * cells - 1) for g in ordered]
    slots = np.zeros(SLOTS * cells, np.int64)
    for place in places:
        slots[max(0, place - 1) : place + 2] = -100
    for (place, common), (after, same) in pairwise(zip(places, (common for common, _ in ids), strict=True)):
        if common == same and after - place < SLOTS:  # else two equal letters side by side were read as one
            slots[place + 1 : after] = BLANK
    for place, (common, _) in zip(reversed(places), reversed(ids), strict=True):
        slots[place] = common
    han = [(place // SLOTS, index) for place, (_, index) in zip(places, ids, strict=True) if index >= 0]
    sequence = np.array([common for common, _ in ids], np.int64)
    return Targets(slots, sequence, np.array(han, np.int64).reshape(-1, 2), traits(ordered, places, len(slots)))


def block_targets(glyphs: Sequence[Glyph], grid: tuple[int, int], cell: tuple[int, int], known: Repertoire) -> Targets:
    """Targets of glyphs that stand anywhere on a block of `grid` cells (rows, columns), each `cell` px high and wide.

    Their order is not told. A glyph near the border of two rows, or beside another, may be answered by either cell:
    nothing is asked there. How a glyph is set is told as if its row of cells were a line's strip.
    """
    rows, columns = grid[0], SLOTS * grid[1]
    slots = np.zeros((rows, columns), np.int64)
    stand = [(glyph, glyph.middle / cell[0], int(glyph.x / cell[1] * SLOTS)) for glyph in glyphs]
    stand = [(glyph, y, x) for glyph, y, x in stand if 0 <= y < rows and 0 <= x < columns]
    for _, y, x in stand:
        beside = {int(y), max(0, int(y - BORDER)), min(rows - 1, int(y + BORDER))}
        slots[sorted(beside), max(0, x - 1) : x + 2] = -100
    taken = Counter((int(y), x // 2) for _, y, x in stand)
    sure = [one for one in stand if taken[int(one[1]), one[2] // 2] == 1 and BORDER < one[1] % 1 < 1 - BORDER]
    han, told = [], []
    for glyph, y, x in sure:
        row = int(y)
        slots[row, x], index = known.ids(glyph.char)
        han += [(row * grid[1] + x // SLOTS, index)] if index >= 0 else []
        told.append([row * columns + x, *setting(glyph._replace(y=glyph.y - row * cell[0]))])
    return Targets(
        slots.ravel(),
        np.zeros(0, np.int64),
        np.array(han, np.int64).reshape(-1, 2),
        np.array(told, np.float32).reshape(-1, 1 + TRAITS),
    )


def traits(glyphs: Sequence[Glyph], places: Sequence[int], slots: int) -> NDArray[np.float32]:
    """How the glyphs are set, told in each one's slot and in the slots beside it that no other one claims."""
    rows: dict[int, list[float]] = {}
    for reach in (0, -1, 1):
        for glyph, place in zip(glyphs, places, strict=True):
            if not glyph.char.isspace() and 0 <= place + reach < slots:
                rows.setdefault(place + reach, setting(glyph))
    told = [[slot, *row] for slot, row in sorted(rows.items())]
    return np.array(told, np.float32).reshape(-1, 1 + TRAITS)


def setting(glyph: Glyph) -> list[float]:
    """How a glyph is set: bold, italic, typewriter, its rise over where a strip's baseline is, and its size, in ems."""
    styles = [float(bool(glyph.style & style)) for style in STYLES]
    return [*styles, (BASELINE - glyph.y) / EM, glyph.size / EM]


class GlyphHead(nn.Module):
    """Vision tokens (B, cells, width) -> what stands in their slots, and which Han character in the cell."""

    def __init__(self, width: int, spec: GlyphSpec) -> None:
        super().__init__()
        self.repertoire = Repertoire(spec)
        self.common = nn.Linear(width, SLOTS * self.repertoire.classes)
        self.han = nn.Linear(width, max(1, len(spec.han)))
        self.traits = nn.Linear(width, SLOTS * TRAITS) if spec.traits else None

    def forward(self, tokens: Tensor) -> Tensor:
        """-> (B, SLOTS * cells, classes) logits of the common classes."""
        batch, cells, _ = tokens.shape
        logits: Tensor = self.common(tokens).view(batch, SLOTS * cells, self.repertoire.classes)
        return logits


@dataclass(frozen=True)
class GlyphBatch:
    """Padded targets of a batch of strips."""

    slots: Tensor
    """(B, SLOTS * cells), -100 where anything will do."""
    sequence: Tensor
    """(sum of lengths,) all sequences, one after the other."""
    lengths: Tensor
    """(B,) characters of each strip; blocks have none."""
    steps: Tensor
    """(B,) slots of each strip; blocks have none."""
    han: Tensor
    """(n, 3): strip, cell, Han index."""
    traits: Tensor
    """(n, 2 + TRAITS): strip, slot, and how what stands there is set."""


def glyph_loss(head: GlyphHead, tokens: Tensor, batch: GlyphBatch, sequence_weight: float) -> dict[str, Tensor]:
    """Losses of the glyph head: `cells` (cross entropy by place), `han` (by cell), `traits`, and `sequence` (CTC).

    Blocks have no sequence; the many slots of theirs in which nothing stands count less.
    """
    logits = head(tokens)
    counts = torch.ones(logits.shape[-1]).to(logits)
    counts[BLANK] = 1.0 if len(batch.lengths) else PAPER
    cells = F.cross_entropy(logits.flatten(0, 1), batch.slots.flatten(), counts, ignore_index=-100)
    losses = {"cells": cells}
    if len(batch.han):
        strip, cell, index = batch.han.unbind(1)
        losses["han"] = F.cross_entropy(head.han(tokens[strip, cell]), index, label_smoothing=0.02)
    if head.traits is not None and len(batch.traits):
        losses["traits"] = trait_loss(head.traits, tokens, batch.traits)
    if sequence_weight > 0 and len(batch.lengths):
        logs = F.log_softmax(logits.float(), -1).transpose(0, 1)  # (steps, B, classes)
        losses["sequence"] = F.ctc_loss(logs, batch.sequence, batch.steps, batch.lengths, zero_infinity=True)
    return losses


def trait_loss(layer: nn.Linear, tokens: Tensor, told: Tensor) -> Tensor:
    """Cross entropy of the styles, and absolute errors of rise and size, weighed to be of one order."""
    said = set_as(layer, tokens, told[:, 0].long(), told[:, 1].long())
    styles = F.binary_cross_entropy_with_logits(said[:, : len(STYLES)], told[:, 2 : 2 + len(STYLES)])
    return 4 * styles + 5 * F.smooth_l1_loss(said[:, len(STYLES) :], told[:, 2 + len(STYLES) :], beta=0.02)


def set_as(layer: nn.Linear, tokens: Tensor, strip: Tensor, slot: Tensor) -> Tensor:
    """(n, TRAITS): what the tokens (B, cells, width) say of slots: logits of the styles, rise and size in ems."""
    said: Tensor = layer(tokens[strip, slot // SLOTS]).view(-1, SLOTS, TRAITS)[torch.arange(len(slot)), slot % SLOTS]
    return said.float()


@dataclass(frozen=True)
class ReadGlyph:
    """One character that the glyph head reports."""

    char: str
    x: float
    """Centre, in cells from the strip's left edge."""
    probability: float
    style: int = 0
    """BOLD, ITALIC and MONO added up."""
    rise: float = 0.0
    """How far its baseline stands above the one that the strip was cut for, ems of the strip."""
    size: float = 1.0
    """Its size in ems of the strip."""
    slots: int = 1
    """How many slots in turn tell it."""
    bold: float | None = None
    """Log odds that it is bold, if the head can tell."""


def sureness(glyphs: Sequence[ReadGlyph]) -> float:
    """Mean probability; 0 of nothing."""
    return sum(glyph.probability for glyph in glyphs) / max(1, len(glyphs))


Run = tuple[int, int, int, float]  # class, first slot, last slot, best probability
Place = tuple[int, int, int]  # strip, first slot, last slot


@torch.no_grad()
def read(head: GlyphHead, tokens: Tensor, steps: Sequence[int]) -> list[list[ReadGlyph]]:
    """What stands on each strip, from left to right. steps: slots of each."""
    probabilities, classes = F.softmax(head(tokens).float(), -1).max(-1)  # (B, slots)
    strips = [runs(c[:n], p[:n]) for c, p, n in zip(classes.tolist(), probabilities.tolist(), steps, strict=True)]
    places = [(b, run[1], run[2]) for b, strip in enumerate(strips) for run in strip]
    han = [
        (b, run[1], run[2]) for b, strip in enumerate(strips) for run in strip if run[0] == head.repertoire.han_class
    ]
    names = dict(zip(han, han_names(head, tokens, han), strict=True))
    settings = iter(set_so(head, tokens, places))
    return [
        chinese(
            once([replace(named(head.repertoire, run, names.get((b, *run[1:3]))), **next(settings)) for run in strip])
        )
        for b, strip in enumerate(strips)
    ]


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


def han_names(head: GlyphHead, tokens: Tensor, places: Sequence[Place]) -> list[tuple[str, float]]:
    """(character, probability) for each place that holds a Han character."""
    if not places:
        return []
    strip, first, last = torch.tensor(places, device=tokens.device).unbind(1)
    best, index = F.softmax(head.han(tokens[strip, (first + last) // (2 * SLOTS)]).float(), -1).max(-1)
    return [(head.repertoire.han[i], p) for i, p in zip(index.tolist(), best.tolist(), strict=True)]


def set_so(head: GlyphHead, tokens: Tensor, places: Sequence[Place]) -> list[dict[str, Any]]:
    """How the character at each place is set, as fields of a ReadGlyph; empty where the head cannot tell."""
    if head.traits is None or not places:
        return [{} for _ in places]
    strip, first, last = torch.tensor(places, device=tokens.device).unbind(1)
    told = set_as(head.traits, tokens, strip, (first + last) // 2).tolist()
    styles = [sum(s for s, odds in zip(STYLES, row, strict=False) if odds > 0) for row in told]
    return [{"style": s, "bold": r[0], "rise": r[-2], "size": r[-1]} for s, r in zip(styles, told, strict=True)]


def named(repertoire: Repertoire, run: Run, han: tuple[str, float] | None) -> ReadGlyph:
    """A run as a character; `han` names it where its class only says Han."""
    name, first, last, probability = run
    x, slots = (first + last + 1) / (2 * SLOTS), last + 1 - first
    if han is not None:
        return ReadGlyph(han[0], x, probability * han[1], slots=slots)
    return ReadGlyph(repertoire.common[name - 1], x, probability, slots=slots)
