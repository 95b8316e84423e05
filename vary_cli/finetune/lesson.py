"""What one pass of the network learns from, and the pass itself: losses by name, each with how much it speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vary_cli.model.glyphs import GlyphBatch, glyph_loss
from vary_cli.model.strips import ink
from vary_cli.model.vary import IGNORED, Batch, VaryModel
from vary_cli.model.vocabulary import VocabularyNetwork


@dataclass(frozen=True)
class Lesson:
    """A batch with all of its targets."""

    batch: Batch
    """What the decoder reads and writes, or only pixels where there is nothing to write."""
    glyphs: GlyphBatch | None = None
    """What stands on strips."""
    shortened: int = 0
    """Answers that were too long and lost their ends."""

    @property
    def counts(self) -> dict[str, int]:
        """Loss -> of how many things it is the mean; 0 where there is nothing to learn."""
        found = {"write": 0 if self.batch.labels is None else int((self.batch.labels[:, 1:] != IGNORED).sum())}
        if self.glyphs is not None:
            found |= {"cells": int((self.glyphs.slots >= 0).sum()), "sequence": len(self.glyphs.lengths)}
            found |= {"han": len(self.glyphs.han), "traits": len(self.glyphs.traits)}
        return found

    @property
    def tokens(self) -> int:
        """Tokens, or characters where nothing is written, that are learned."""
        counts = self.counts
        return counts["write"] or (0 if self.glyphs is None else int(self.glyphs.lengths.sum()))

    def to(self, device: torch.device) -> Lesson:
        """The lesson on a device."""
        glyphs = self.glyphs
        if glyphs is not None:
            glyphs = replace(glyphs, **{f.name: getattr(glyphs, f.name).to(device) for f in fields(glyphs)})
        return replace(self, batch=self.batch.to(device), glyphs=glyphs)

    def seen(self, network: VocabularyNetwork) -> Tensor:
        """The strips as a network sees them: vision tokens (B, cells, width). They travel as gray bytes till here."""
        tokens: Tensor = network(ink(self.batch.pixels["vocabulary"]), self.batch.valid)
        return tokens


class Learner(nn.Module):
    """A model as training runs it: lessons in, losses out, in one pass that may be spread over machines."""

    def __init__(self, model: VaryModel, smoothing: float = 0.0) -> None:
        super().__init__()
        self.model, self.smoothing = model, smoothing

    def forward(self, lesson: Lesson) -> dict[str, Tensor]:
        """Loss -> its mean over the lesson."""
        if lesson.glyphs is None:
            return {"write": self.write(self.model.hidden(lesson.batch), lesson.batch)}
        assert self.model.glyphs is not None
        return glyph_loss(self.model.glyphs, lesson.seen(self.model.vocabulary), lesson.glyphs, 1.0)

    def write(self, hidden: Tensor, batch: Batch) -> Tensor:
        """Cross entropy of each token that is to be learned, told by all before it."""
        assert batch.labels is not None
        wanted = batch.labels[:, 1:]
        at = wanted != IGNORED
        logits = self.model.logits(hidden[:, :-1][at]).float()
        return F.cross_entropy(logits, wanted[at], label_smoothing=self.smoothing)


def weighed(
    losses: Mapping[str, Tensor], weights: Mapping[str, float], counts: Mapping[str, int], totals: Mapping[str, float]
) -> Tensor:
    """One lesson's part of a step's loss: each loss by its weight and by its share of what the whole step learns."""
    parts = [weights[n] * loss * (counts[n] / totals[n]) for n, loss in losses.items() if counts.get(n) and weights[n]]
    return torch.stack(parts).sum()
