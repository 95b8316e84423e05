"""A stage of training is data: which parts learn at which rate, for how long, on how much at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stage:
    """One stage. A part that `rates` does not name is frozen: no gradient, no optimizer state."""

    name: str
    rates: Mapping[str, float]
    """Part of the model (vocabulary, glyphs, projectors, decoder, clip) -> peak learning rate."""
    steps: int = 10_000
    """Optimizer steps."""
    warmup: float = 0.02
    """Share of the steps during which the rate rises."""
    hold: float = 0.45
    """Share of the steps after which the rate falls."""
    floor: float = 0.01
    """The last rate, as a share of the peak."""
    cells: int = 1100
    """Vision tokens of a batch of strips."""
    weight_decay: float = 0.03
    betas: tuple[float, float] = (0.9, 0.98)
    clip: float = 1.0
    """Largest norm of the gradient."""
    average: float = 0.999
    """Decay of the running average of the weights that is saved and judged."""
    glyph_weights: Mapping[str, float] = field(default_factory=lambda: {"cells": 1.0, "han": 0.5, "sequence": 0.3})
    """Weight of each of the glyph head's losses."""
    seed: int = 0

    def rate(self, step: int) -> float:
        """Share of the peak rate at a step: linear up, constant, cosine down."""
        done = step / self.steps
        if done < self.warmup:
            return (step + 1) / (self.warmup * self.steps + 1)
        if done < self.hold:
            return 1.0
        return self.floor + (1 - self.floor) * 0.5 * (
            1 + math.cos(math.pi * min(1.0, (done - self.hold) / (1 - self.hold)))
        )


# Measured for small models from scratch; the paper's own rate for its large one is 5e-5 (section 4.2).
TINY = Stage("tiny", rates={"vocabulary": 2e-3, "glyphs": 2e-3})
