"""The step: lessons in, changed weights and losses out, the same on one process and on many."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from vary_cli.errors import DeviceError
from vary_cli.finetune.average import Average
from vary_cli.finetune.course import Share
from vary_cli.finetune.lesson import Learner, Lesson, weighed
from vary_cli.finetune.parts import freeze, optimizer, teach
from vary_cli.finetune.stages import Stage

if TYPE_CHECKING:
    from accelerate import Accelerator

LOSSES = ("write", "cells", "sequence", "han", "traits", "kept")


@dataclass(frozen=True)
class Learnt:
    """What a step did."""

    losses: Mapping[str, float]
    """Means over all that the step learned, before it."""
    loss: float
    """Their weighted sum."""
    tokens: int
    """Tokens, or characters, learned by all processes."""
    shortened: int
    """Answers that were too long."""


class Loop:
    """A model with all that changes it. Spread over the processes that the accelerator knows of."""

    def __init__(self, learner: Learner, stage: Stage, accelerator: Accelerator, compiled: bool = False) -> None:
        self.stage, self.accelerator, self.model = stage, accelerator, learner.model
        freeze(self.model, stage)
        teach(self.model, stage)
        self.share = Share(accelerator.process_index, accelerator.num_processes)
        ready = torch.compile(learner) if compiled else learner
        self.learner, wrapped = accelerator.prepare(ready, optimizer(self.model, stage))
        self.optimizer: torch.optim.Optimizer = wrapped.optimizer
        self.model = accelerator.unwrap_model(self.learner, keep_torch_compile=False).model
        self.sharded = accelerator.distributed_type.value == "FSDP"
        self.average = Average(self.model, stage.average) if stage.average else None
        self.weights = {name: stage.weight(name) for name in LOSSES}

    def step(self, number: int, lessons: Sequence[Lesson]) -> Learnt:
        """Learn from this process's lessons of a step. Raises DeviceError; then the weights are as they were."""
        torch.manual_seed((self.stage.seed << 32) + number * self.share.world + self.share.rank)
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * self.stage.rate(number)
        try:
            learnt = self.gradients(number, lessons)
        except torch.OutOfMemoryError as error:
            hint = "make batches smaller (--batch, --cells) and steps of more of them (--micros), or add --recompute"
            raise DeviceError(f"memory ran out in step {number}: {error}", hint, "out_of_memory") from error
        self.accelerator.clip_grad_norm_(self.learned(), self.stage.clip)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        if self.average is not None:
            self.average.update(self.model, number)
        return learnt

    def resume_training(self) -> None:
        """Back to training after the model was used."""
        self.learner.train()
        teach(self.model, self.stage)

    def learned(self) -> list[nn.Parameter]:
        """The parameters that learn."""
        return [p for group in self.optimizer.param_groups for p in group["params"]]

    def gradients(self, number: int, lessons: Sequence[Lesson]) -> Learnt:
        """Gradients of a step's loss. Raises DeviceError if the loss is no number, and leaves no gradient then."""
        totals = self.totals(lessons)
        parts = torch.zeros(len(LOSSES), device=self.accelerator.device)
        for k, lesson in enumerate(lessons):
            with self.together(k == len(lessons) - 1):
                losses = self.learner(lesson.to(self.accelerator.device))
                counts = self.counts(lesson)
                loss = weighed(losses, self.weights, counts, totals)
                self.accelerator.backward(loss * self.share.world)  # gradients are averaged over the processes
            parts += torch.stack([share(name, losses, counts, totals).to(parts) for name in LOSSES])
        found = self.summed(parts).tolist()
        known = {name: value for name, value in zip(LOSSES, found, strict=True) if totals[name]}
        loss_now = sum(self.weights[name] * value for name, value in known.items())
        if not math.isfinite(loss_now):
            self.optimizer.zero_grad(set_to_none=True)
            hint = "go on with --resume and a lower --rate; the last saved state is from before"
            raise DeviceError(f"the loss is not a number any more (step {number})", hint, "loss_nan")
        return Learnt(known, loss_now, int(totals["tokens"]), int(totals["shortened"]))

    def totals(self, lessons: Sequence[Lesson]) -> dict[str, float]:
        """How much all processes learn of each kind in a step."""
        sizes = [{"tokens": lesson.tokens, "shortened": lesson.shortened} for lesson in lessons]
        counts = [self.counts(lesson) | size for lesson, size in zip(lessons, sizes, strict=True)]
        names = (*LOSSES, "tokens", "shortened")
        mine = [float(sum(count.get(name, 0) for count in counts)) for name in names]
        device = self.accelerator.device
        return dict(zip(names, self.summed(torch.tensor(mine, device=device)).tolist(), strict=True))

    def counts(self, lesson: Lesson) -> dict[str, int]:
        """Loss -> of how many things it is the mean."""
        return lesson.counts | ({"kept": len(lesson.batch.ids)} if self.stage.keep else {})

    def summed(self, values: Tensor) -> Tensor:
        """A tensor summed over all processes."""
        total: Tensor = self.accelerator.reduce(values, "sum")
        return total

    def together(self, last: bool) -> AbstractContextManager[None]:
        """Gradients are exchanged once a step, after its last lesson."""
        found: AbstractContextManager[None] = nullcontext() if last else self.accelerator.no_sync(self.learner)
        return found

    def steps(self, course: Iterator[list[Lesson]], first: int) -> Iterator[tuple[int, Learnt]]:
        """(steps done, what the last one did), from step `first` to the stage's end."""
        for number in range(first, self.stage.steps):
            yield number + 1, self.step(number, next(course))


def share(name: str, losses: Mapping[str, Tensor], counts: Mapping[str, int], totals: Mapping[str, float]) -> Tensor:
    """What one lesson adds to a step's mean of a loss."""
    if name not in losses or not counts.get(name):
        return torch.zeros(())
    return losses[name].detach().float() * (counts[name] / totals[name])
