"""Adapters: a checkpoint that holds only what was learned on top of another one, its base.

Low-rank pairs (LoRA, Hu et al. 2021) are added to the base's matrices when it is loaded; whole tensors take the place
of the base's. What comes out is an ordinary model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from vary_cli.errors import WeightsError
from vary_cli.model import find
from vary_cli.model.recognition import Recognised
from vary_cli.model.vary import VaryModel

PAIR = re.compile(r"(.+)\.lora_([AB])\.default\.weight")


@dataclass(frozen=True)
class Adapter:
    """What an adapter's config.json says of it."""

    base: str
    """Name or folder of the model that it belongs to."""
    revision: str
    """That model's manifest; empty if it has none."""
    scale: float
    """What the product of a pair is multiplied by."""

    @classmethod
    def of(cls, config: Mapping[str, Any], where: Path) -> Adapter:
        """From a config.json. Raises WeightsError."""
        try:
            said = config["adapter"]
            return cls(str(said["base"]), str(said["revision"]), float(said["scale"]))
        except (KeyError, TypeError, ValueError) as error:
            raise WeightsError(
                f"{where}/config.json says too little of its adapter: {error!r}", "train it again"
            ) from error

    def path(self, where: Path) -> Path:
        """The base's folder. Raises WeightsError if it is not there, or another one by now."""
        path = find.resolve(self.base)
        if self.revision and find.revision(path) != self.revision:
            hint = "put back the model that it was trained on, or train it again"
            raise WeightsError(f"{path} is not the model that the adapter {where} was trained on", hint)
        return path


@torch.no_grad()
def apply(model: VaryModel, found: Recognised, scale: float) -> None:
    """Lay an adapter's tensors over its base. Raises WeightsError where one does not fit."""
    mine = model.state_dict()
    pairs: dict[str, dict[str, Tensor]] = {}
    for name, tensor in found.source.tensors():
        if pair := PAIR.fullmatch(name):
            pairs.setdefault(f"{pair[1]}.weight", {})[pair[2]] = tensor
        elif name in mine and mine[name].shape == tensor.shape:
            mine[name].copy_(tensor)
        else:
            raise WeightsError(f"the adapter's {name} has no place in {model.spec.name}", "train it again")
    for name, both in pairs.items():
        if name not in mine or set(both) != {"A", "B"}:
            raise WeightsError(f"the adapter's {name} has no place in {model.spec.name}", "train it again")
        change = scale * (both["B"].float() @ both["A"].float())
        mine[name].copy_(mine[name].float() + change.to(mine[name].device))


def learned(state: Mapping[str, Tensor], whole: set[str]) -> dict[str, Tensor]:
    """What an adapter's file holds of a model in training: the pairs, and the parts that learned as a whole."""
    return {name: tensor for name, tensor in state.items() if PAIR.fullmatch(name) or name.partition(".")[0] in whole}
