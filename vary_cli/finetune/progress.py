"""One step, seen from outside: what is yielded, what metrics.jsonl says of it, what TensorBoard draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vary_cli.finetune.judge import Judged
from vary_cli.finetune.machine import Curves


@dataclass(frozen=True)
class Progress:
    """One step, seen from outside."""

    step: int
    steps: int
    losses: Mapping[str, float]
    loss: float
    rate: float
    """The highest learning rate of its parts."""
    tokens: int
    """Tokens, or characters, learned since this run was started or resumed."""
    seconds: float
    """Since then."""
    held_out: Judged | None = None
    """What the model makes of examples that are kept out, when it is asked."""
    learned: Judged | None = None
    """And of some that it learns."""


def row(progress: Progress) -> dict[str, Any]:
    """A step as metrics.jsonl has it."""
    found: dict[str, Any] = {"step": progress.step}
    if progress.step:
        found |= {"loss": progress.loss, **progress.losses, "rate": progress.rate, "tokens": progress.tokens}
        found["seconds"] = round(progress.seconds, 3)
    for name in ("held_out", "learned"):
        value = getattr(progress, name)
        found |= {} if value is None else {name: value.row()}
    return found


def plot(progress: Progress, curves: Curves) -> None:
    """A step's points on TensorBoard's curves."""
    looks = {"held_out": progress.held_out, "learned": progress.learned}
    points = {"loss": progress.loss, "rate": progress.rate, **{f"loss/{n}": v for n, v in progress.losses.items()}}
    points |= {f"{name}/error": look.error for name, look in looks.items() if look and look.error is not None}
    points |= {f"{name}/loss": look.loss for name, look in looks.items() if look and look.loss is not None}
    for name, value in points.items():
        curves.add_scalar(name, value, progress.step)
    if progress.held_out is not None:
        curves.flush()
