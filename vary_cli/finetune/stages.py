"""A stage of training is data: which parts learn at which rate, for how long, on how much at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from vary_cli.errors import UsageError
from vary_cli.model.spec import ModelSpec


@dataclass(frozen=True)
class Stage:
    """One stage. A part that `rates` does not name is frozen: no gradient, no optimizer state."""

    name: str
    rates: Mapping[str, float]
    """Part of the model (vocabulary, glyphs, projectors, decoder, clip) -> peak learning rate."""
    steps: int = 10_000
    """Optimizer steps."""
    optimizer: Literal["adamw", "muon"] = "adamw"
    """muon: the matrices of transformer layers by orthogonal steps (see parts.py)."""
    schedule: Literal["hold", "cosine"] = "hold"
    """After the warm-up: hold the peak and then fall, or fall at once; both as a cosine."""
    warmup: float = 0.02
    """Share of the steps during which the rate rises."""
    hold: float = 0.45
    """Share of the steps after which the rate falls."""
    floor: float = 0.01
    """The last rate, as a share of the peak."""
    cells: int = 1100
    """Vision tokens of a batch of strips; of formulas that a decoder learns, all tokens."""
    batch: int = 4
    """Examples of a batch of pages."""
    micros: int = 1
    """Batches of a step; they are shared out among the processes, and those of one process follow each other."""
    length: int = 4096
    """Longest sequence of a page with its answer, tokens; longer ones lose their ends, and are counted."""
    weight_decay: float = 0.03
    betas: tuple[float, float] = (0.9, 0.98)
    clip: float = 1.0
    """Largest norm of the gradient."""
    average: float = 0.999
    """Decay of the running average of the weights that is saved and judged; 0: the weights themselves."""
    glyph_weights: Mapping[str, float] = field(
        default_factory=lambda: {"cells": 1.0, "han": 0.5, "traits": 0.3, "sequence": 0.3}
    )
    """Weight of each of the glyph head's losses."""
    write_weight: float = 1.0
    """Weight of the decoder's loss: the answer, token by token."""
    smoothing: float = 0.0
    """Label smoothing of the decoder's loss."""
    keep: float = 0.0
    """Weight of staying what one was in all that the data do not tell (see keeping.py); the decoder is frozen then."""
    looks: int = 0
    """Formulas that ready eyes look at first; half of what a decoder is shown is then what they saw (sightings.py)."""
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("steps", "cells", "batch", "micros", "length"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} is {getattr(self, name)}", "it is at least 1")
        if self.keep and "decoder" in self.rates:
            raise UsageError("what a decoder is shown is not kept while it learns", "keep = 0, or freeze the decoder")
        if not 0 <= self.average < 1:
            raise UsageError(f"average is {self.average}", "it is a decay: 0.999, say, or 0 for none")

    @property
    def writes(self) -> bool:
        """Whether it is the decoder that learns, behind eyes that are frozen."""
        return "decoder" in self.rates and "vocabulary" not in self.rates

    def rate(self, step: int) -> float:
        """Share of the peak rate at a step: linear up, then as the schedule says."""
        done = step / self.steps
        hold = self.hold if self.schedule == "hold" else self.warmup
        if done < self.warmup:
            return (step + 1) / (self.warmup * self.steps + 1)
        if done < hold:
            return 1.0
        return self.floor + (1 - self.floor) * 0.5 * (1 + math.cos(math.pi * min(1.0, (done - hold) / (1 - hold))))

    def weight(self, loss: str) -> float:
        """What a loss counts."""
        own = {"write": self.write_weight, "kept": self.keep}
        return own[loss] if loss in own else self.glyph_weights[loss]


# Measured for small models from scratch; the paper's own rate for its large one is 5e-5 (section 4.2).
TINY = Stage("tiny", rates={"vocabulary": 2e-3, "glyphs": 2e-3})

# Measured on twenty pages of a manual in an odd face (60 steps): wrong characters on learned lines 1.9 % -> 1.2 %, on
# those pages as a whole 5.1 % -> 4.4 %, on six others of the manual 10.1 % -> 9.2 % (medians).
TUNED = Stage(
    "tiny", rates={"vocabulary": 3e-4, "glyphs": 3e-4}, steps=300, warmup=0.05, hold=0.3, average=0.98, keep=0.5
)

# Vary paper, sections 3.2 and 4.2: AdamW, cosine, 5e-5; the repository's script: warm-up 0.03, no weight decay.
PAGES = Stage(
    "tiny",
    rates=dict.fromkeys(("vocabulary", "projectors", "decoder"), 5e-5),
    schedule="cosine",
    warmup=0.03,
    floor=0.0,
    weight_decay=0.0,
    betas=(0.9, 0.999),
    average=0.0,
)

# Section 3.3: the vocabulary and CLIP are frozen.
BASE = replace(PAGES, name="base", rates=dict.fromkeys(("projectors", "decoder"), 5e-5))


# Measured on formulas, one core for eight minutes: AdamW comes to 2.5 nats a token, Muon (Jordan et al. 2024) to 0.9;
# before step 300 neither has learned to look up what stands there.
WRITING = Stage(
    "base",
    rates=dict.fromkeys(("projectors", "decoder"), 2e-3),
    optimizer="muon",
    hold=0.3,
    cells=3000,
    weight_decay=0.05,
    smoothing=0.02,
)


def usual(name: Literal["tiny", "base"], spec: ModelSpec, scratch: bool) -> Stage:
    """A stage as it suits a model. Raises UsageError where a model has not what the stage teaches."""
    if name == "base":
        if spec.decoder is None or not spec.branches:
            raise UsageError(
                f"{spec.name} has no decoder for the base stage", "choose a model that writes, or --stage tiny"
            )
        return BASE if spec.reads == "page" else WRITING
    if spec.reads == "page":
        return PAGES
    return TINY if scratch else TUNED
