"""The parts of a model in training: which learn and which are frozen, adapters on the decoder, memory for time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from vary_cli.errors import UsageError
from vary_cli.finetune.stages import Stage
from vary_cli.model.vary import VaryModel

Group = dict[str, Any]
MUON = 10.0
"""How much larger Muon's rate is than AdamW's: its steps are orthogonal matrices, not signs."""


def parts(model: VaryModel) -> dict[str, nn.Module]:
    """Name -> part, of those that the model has and that hold parameters."""
    return {name: part for name, part in model.named_children() if next(part.parameters(), None) is not None}


def freeze(model: VaryModel, stage: Stage) -> None:
    """Let only the stage's parts learn. Raises UsageError for a part that is not there.

    A decoder with an adapter learns by it alone.
    """
    known = parts(model)
    if strange := sorted(set(stage.rates) - set(known)):
        raise UsageError(
            f"{model.spec.name} has no part {', '.join(strange)} to teach", f"its parts: {', '.join(known)}"
        )
    for name, part in known.items():
        adapted = any("lora_" in parameter for parameter, _ in part.named_parameters())
        for parameter, tensor in part.named_parameters():
            tensor.requires_grad_(name in stage.rates and (not adapted or "lora_" in parameter))


def halve(model: VaryModel, dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    """Layers that do not learn in 16 bit, running statistics too: half the memory. What lost by it, as it was.

    It is returned in `dtype`, by its name in the model, on the CPU.
    """
    lost: dict[str, Tensor] = {}
    for place, layer in model.named_modules():
        own = dict(layer.named_parameters(recurse=False))
        if not own or any(parameter.requires_grad for parameter in own.values()):
            continue
        for name, tensor in (own | dict(layer.named_buffers(recurse=False))).items():
            half = tensor.data.bfloat16() if tensor.is_floating_point() else tensor.data
            if not (tensor.is_meta or torch.equal(half.to(tensor.dtype), tensor.data)):
                lost[f"{place}.{name}"] = tensor.data.to("cpu", dtype)
            tensor.data = half
    return lost


def teach(model: VaryModel, stage: Stage) -> None:
    """The model in training mode, but for its frozen parts: their running statistics stay as they are.

    Where something is kept those of all parts stay: a few pages are not all pages. Measured on twenty: of 53 bold and
    typewriter characters elsewhere 17 were still seen so after 300 steps, with the old statistics put back 48.
    """
    model.train()
    for name, part in parts(model).items():
        part.train(name in stage.rates)
    for module in model.modules():
        if stage.keep and isinstance(module, nn.BatchNorm2d):
            module.eval()


def groups(model: VaryModel, stage: Stage) -> Iterator[Group]:
    """What the optimizer is given: parameters that learn, each part with its rate; vectors are not decayed."""
    for name, part in parts(model).items():
        for decayed in (True, False):
            found = [p for p in part.parameters() if p.requires_grad and (p.ndim > 1) == decayed]
            if found:
                rate, decay = stage.rates[name], stage.weight_decay if decayed else 0.0
                yield {"params": found, "weight_decay": decay, "lr": rate, "peak": rate}


def optimizer(model: VaryModel, stage: Stage) -> torch.optim.Optimizer:
    """What changes the parts that learn."""
    if stage.optimizer == "adamw":
        return torch.optim.AdamW(list(groups(model, stage)), betas=stage.betas)
    return Muon(model, stage)


class Muon(torch.optim.Optimizer):
    """torch's Muon (Jordan et al. 2024) for the matrices of transformer layers, AdamW for all else, as one."""

    def __init__(self, model: VaryModel, stage: Stage) -> None:
        inner = list(orthogonal(model, stage))
        taken = {id(p) for group in inner for p in group["params"]}
        rest = [{**g, "params": [p for p in g["params"] if id(p) not in taken]} for g in groups(model, stage)]
        rest = [group for group in rest if group["params"]]
        self.muon = torch.optim.Muon(inner)
        self.adamw = torch.optim.AdamW(rest, betas=stage.betas)
        super().__init__([{"params": group["params"]} for group in (*inner, *rest)], {})
        self.param_groups = [*self.muon.param_groups, *self.adamw.param_groups]

    def step(self, closure: Any = None) -> None:  # type: ignore[override]  # noqa: ANN401
        """One step of both."""
        for one in (self.muon, self.adamw):
            one.step(closure)  # type: ignore[no-untyped-call]

    def state_dict(self) -> dict[str, Any]:
        """Both states."""
        return {"muon": self.muon.state_dict(), "adamw": self.adamw.state_dict()}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Both states, put back."""
        self.muon.load_state_dict(state_dict["muon"])
        self.adamw.load_state_dict(state_dict["adamw"])
        self.param_groups = [*self.muon.param_groups, *self.adamw.param_groups]


def orthogonal(model: VaryModel, stage: Stage) -> Iterator[Group]:
    """What Muon is given: the matrices of each part's transformer layers that learn, with the part's rate."""
    for name, part in parts(model).items():
        found = [p for p in matrices(part) if p.requires_grad]
        if found:
            rate = MUON * stage.rates[name]
            yield {"params": found, "weight_decay": stage.weight_decay, "lr": rate, "peak": rate}


def matrices(part: nn.Module) -> Iterator[nn.Parameter]:
    """The matrices of a decoder's layers, or of a vocabulary network's blocks."""
    for name, parameter in part.named_parameters():
        where = name.split(".")
        if parameter.ndim == 2 and where[-1] == "weight" and {"layers", "blocks"} & set(where):
            yield parameter


def recompute(model: VaryModel) -> None:
    """Keep only the inputs of the blocks and compute the rest again on the way back: memory for time."""
    for block in model.vocabulary.blocks:
        block.forward = partial(checkpoint, block.forward, use_reentrant=False)
    if model.decoder is not None:
        newest = getattr(model.decoder, "activation_checkpointing_enable", None)  # transformers 5.24's name for it
        (newest or model.decoder.gradient_checkpointing_enable)({"use_reentrant": False})
