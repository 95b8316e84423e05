"""A running average of a model's weights (Polyak 1992): what is judged and saved reads better than the last step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class Average:
    """Exponential average of parameters and buffers."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.state = {name: value.detach().clone() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        """Follow the model; early steps count for more, so that the random start is soon forgotten."""
        keep = min(self.decay, (1 + step) / (10 + step))
        for name, value in model.state_dict().items():
            mine = self.state[name]
            if mine.is_floating_point():
                mine.lerp_(value, 1 - keep)
            else:
                mine.copy_(value)

    @contextmanager
    def within(self, model: nn.Module) -> Iterator[None]:
        """The model with averaged weights, in evaluation mode; afterwards as it was."""
        own: dict[str, Tensor] = {name: value.detach().clone() for name, value in model.state_dict().items()}
        modes = {module: module.training for module in model.modules()}
        model.load_state_dict(self.state)
        model.eval()
        try:
            yield
        finally:
            model.load_state_dict(own)
            for module, training in modes.items():
                module.training = training
