"""The estimate of a step's memory: true of a small model, and what README says of a large one."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from small import bars

from vary_cli.finetune import adapters
from vary_cli.finetune.lesson import Learner
from vary_cli.finetune.memory import GIB, Need, need
from vary_cli.finetune.mixture import mixture
from vary_cli.finetune.parts import freeze, halve
from vary_cli.finetune.rounds import Rounds
from vary_cli.finetune.stages import BASE, TUNED
from vary_cli.model import checkpoint, find

README = Path(__file__).parents[2] / "README.md"

ROW = re.compile(
    r"^\| (whole|`--adapter).*\| (.+) \| (\d+) \| ([\d.]+)(?: GiB)? \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| (\d+) GiB"
)


def test_what_a_step_leaves_behind_is_about_what_was_estimated() -> None:
    model = checkpoint.load(find.resolve("vary-nano"), dtype=torch.float32).model.train()
    rounds = Rounds(mixture({"bars": bars(20)}, {}, 0.0, 0), {}, model.spec, cells=200)
    one = rounds[0][0]
    held: dict[int, int] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        held[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        losses = Learner(model)(one)
    assert losses
    stage = replace(TUNED, cells=one.batch.valid.numel())  # type: ignore[union-attr]
    eyes = [*model.vocabulary.parameters(), *(model.glyphs.parameters() if model.glyphs is not None else ())]
    found = sum(held.values()) - sum(tensor.nbytes for tensor in eyes)
    assert need(model, stage, half=False, recompute=False).activations == pytest.approx(found, rel=0.35)


def base(batch: int, spread: int, rank: int = 0) -> Need:
    """What Vary-base takes, without memory for it."""
    model = checkpoint.empty(find.family("vary-base"))
    stage = replace(BASE, batch=batch)
    if rank:
        adapters.add(model, rank)
    freeze(model, stage)
    if spread == 1:
        halve(model)
    return need(model, stage, half=True, recompute=True, spread=spread)


def test_the_table_in_the_readme_is_what_is_estimated() -> None:
    told = [found.groups() for line in README.read_text().splitlines() if (found := ROW.match(line))]
    assert len(told) == 4
    for kind, devices, batch, *shares in told:
        rank = 16 if kind.startswith("`--adapter") else 0
        wanted = base(int(batch), 1 if rank else int(devices), rank)
        each = (wanted.parameters, wanted.gradients, wanted.moments, wanted.activations)
        assert [f"{share / GIB:.1f}" for share in each] == shares[:4]
        assert f"{wanted.total / GIB:.0f}" == shares[4]
