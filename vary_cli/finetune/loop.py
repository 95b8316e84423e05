"""The training loop: a generator of progress. Everything that decides the next step lives in the run's folder."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vary_cli.errors import DataError, DeviceError
from vary_cli.finetune.average import Average
from vary_cli.finetune.rounds import StripBatch
from vary_cli.finetune.stages import Stage
from vary_cli.model.glyphs import glyph_loss


@dataclass(frozen=True)
class Progress:
    """One step, seen from outside."""

    step: int
    losses: Mapping[str, float]
    rate: float
    """Share of the peak learning rate."""
    characters: int
    """Learnt from so far in this run."""
    seconds: float


def optimizer(model: nn.Module, stage: Stage) -> torch.optim.AdamW:
    """AdamW over the parts that learn; the others get no gradient. Vectors are not decayed."""
    groups = []
    for name, part in model.named_children():
        learns = name in stage.rates
        part.requires_grad_(learns)
        for decayed in (True, False) if learns else ():
            parameters = [p for p in part.parameters() if (p.ndim > 1) == decayed]
            decay = stage.weight_decay if decayed else 0.0
            groups.append(
                {"params": parameters, "weight_decay": decay, "lr": stage.rates[name], "peak": stage.rates[name]}
            )
    if not groups:
        raise DataError(
            f"stage {stage.name} names no part of this model",
            f"parts: {', '.join(n for n, _ in model.named_children())}",
        )
    return torch.optim.AdamW(groups, betas=stage.betas)


def steps(
    model: nn.Module,
    stage: Stage,
    batches: Iterator[StripBatch],
    optimiser: torch.optim.Optimizer,
    average: Average,
    first: int = 0,
) -> Iterator[Progress]:
    """Train from step `first` to the stage's end. The model, the optimizer and the average change in place."""
    model.train()
    started, characters = time.monotonic(), 0
    for step, batch in zip(range(first, stage.steps), batches, strict=False):
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * stage.rate(step)
        losses = learn(model, stage, batch, optimiser)
        average.update(model, step)
        characters += batch.characters
        yield Progress(step + 1, losses, stage.rate(step), characters, time.monotonic() - started)


def learn(model: nn.Module, stage: Stage, batch: StripBatch, optimiser: torch.optim.Optimizer) -> dict[str, float]:
    """One step of gradient descent; the losses before it."""
    tokens: Tensor = model.vocabulary(batch.ink, batch.valid)  # type: ignore[operator]
    weights = stage.glyph_weights
    losses = glyph_loss(model.glyphs, tokens, batch.glyphs, weights["sequence"])  # type: ignore[arg-type]
    total = torch.stack([weights[name] * loss for name, loss in losses.items()]).sum()
    if not math.isfinite(total.item()):
        raise DeviceError(
            "the loss is not a number any more", "lower the learning rate and go on with --resume", "loss_nan"
        )
    optimiser.zero_grad(set_to_none=True)
    total.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(itertools.chain.from_iterable(g["params"] for g in optimiser.param_groups), stage.clip)
    optimiser.step()
    return {name: loss.item() for name, loss in losses.items()}
