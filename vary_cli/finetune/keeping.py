"""Learning characters without unlearning the rest: what nobody tells is told by the model as it was at the beginning.

A user's pages say which characters stand on their lines, not how they are set, and no formula is among them. But all
heads stand on the same tokens. So the tokens, and what they say of styles, are held to what they were (learning without
forgetting, Li and Hoiem 2016), and the decoder behind them is left alone.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from vary_cli.finetune.lesson import Learner, Lesson
from vary_cli.model.glyphs import BLANK, STYLES, TRAITS, GlyphHead, glyph_loss, trait_loss
from vary_cli.model.vary import VaryModel
from vary_cli.model.vocabulary import VocabularyNetwork

CLOSE = 1.0  # what a move of the tokens counts beside what they say of styles


@dataclass(frozen=True)
class Before:
    """A model's eyes as they were at the beginning; no part of what learns, and in no state."""

    vocabulary: VocabularyNetwork
    glyphs: GlyphHead

    @classmethod
    def of(cls, model: VaryModel, device: torch.device) -> Before:
        """A copy of a model's eyes."""
        assert model.glyphs is not None
        copy = cls(deepcopy(model.vocabulary), deepcopy(model.glyphs))
        for part in (copy.vocabulary, copy.glyphs):
            part.to(device).eval().requires_grad_(False)
        return copy

    @torch.no_grad()
    def tokens(self, lesson: Lesson) -> Tensor:
        """A lesson's tokens (B, cells, width)."""
        return lesson.seen(self.vocabulary)


class Keeper(Learner):
    """A learner of glyphs that keeps what its lessons do not speak of. Its decoder is frozen and has no say."""

    def __init__(self, model: VaryModel, device: torch.device) -> None:
        super().__init__(model)
        self.before = Before.of(model, device)

    def forward(self, lesson: Lesson) -> dict[str, Tensor]:
        """Loss -> its mean over the lesson; `kept` is how far the model is from what it was."""
        assert self.model.glyphs is not None
        assert lesson.glyphs is not None
        tokens = lesson.seen(self.model.vocabulary)
        old = self.before.tokens(lesson)
        losses = glyph_loss(self.model.glyphs, tokens, lesson.glyphs, 1.0)
        return losses | {"kept": self.settings(tokens, old, lesson) + CLOSE * moved(tokens, old)}

    def settings(self, tokens: Tensor, old: Tensor, lesson: Lesson) -> Tensor:
        """How far it is in how characters are set, on the strips of which that is not known."""
        head, first = self.model.glyphs, self.before.glyphs
        assert head is not None
        assert lesson.glyphs is not None
        if head.traits is None or first.traits is None:
            return tokens.new_zeros(())
        told = remembered(first, old, lesson.glyphs.traits[:, 0].long())
        if not len(told):
            return tokens.new_zeros(())
        return trait_loss(head.traits, tokens, told) - trait_loss(first.traits, old, told)


def moved(tokens: Tensor, old: Tensor) -> Tensor:
    """How far tokens are from what they were, as a share of their square."""
    return F.mse_loss(tokens.float(), old.float()) / old.float().pow(2).mean()


@torch.no_grad()
def remembered(head: GlyphHead, tokens: Tensor, known: Tensor) -> Tensor:
    """What a head says of how the characters it sees are set, as GlyphBatch.traits, but for the strips in `known`."""
    assert head.traits is not None
    seen = head(tokens).argmax(-1) != BLANK  # (B, slots)
    seen[known] = False
    strip, slot = seen.nonzero(as_tuple=True)
    said = head.traits(tokens).view(len(tokens), -1, TRAITS)[strip, slot].float()
    styles, rest = said[:, : len(STYLES)].sigmoid(), said[:, len(STYLES) :]
    return torch.cat([strip[:, None].float(), slot[:, None].float(), styles, rest], 1)
