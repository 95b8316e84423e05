"""Low-rank adapters on the decoder in training, by peft; model/adapter.py reads what comes of them."""

from __future__ import annotations

from typing import Any

from torch import nn

from vary_cli.errors import DependencyError, UsageError
from vary_cli.model.vary import VaryModel

ALPHA = 2  # times the rank: how much a fresh adapter may say


def add(model: VaryModel, rank: int) -> None:
    """Put an adapter on every matrix of the decoder's layers. Raises UsageError for a model without a decoder."""
    if model.decoder is None:
        raise UsageError(f"{model.spec.name} has no decoder for an adapter", "leave --adapter out")
    try:
        from peft import LoraConfig, inject_adapter_in_model
    except ImportError as error:
        raise DependencyError("adapters need the package peft", "pip install 'vary-cli[train]'") from error
    names = sorted({name.rpartition(".")[2] for name in matrices(model.decoder)})
    settings = LoraConfig(r=rank, lora_alpha=ALPHA * rank, lora_dropout=0.0, target_modules=names)
    inject_adapter_in_model(settings, model.decoder)


def matrices(decoder: nn.Module) -> list[str]:
    """The linear layers within a decoder's blocks."""
    return [name for name, part in decoder.named_modules() if isinstance(part, nn.Linear) and ".layers." in name]


def facts(base: str, revision: str) -> dict[str, Any]:
    """What config.json says of an adapter."""
    return {"adapter": {"base": base, "revision": revision, "scale": float(ALPHA)}}
