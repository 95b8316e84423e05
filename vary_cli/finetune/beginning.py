"""Where a run begins: the model with its tokenizer, as a checkpoint has it or new, and parts taken from others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from vary_cli.errors import WeightsError
from vary_cli.finetune.order import Order
from vary_cli.model import checkpoint, find, tokenizer
from vary_cli.model.recognition import recognised
from vary_cli.model.spec import ModelSpec
from vary_cli.model.starting import start
from vary_cli.model.vary import VaryModel


@dataclass(frozen=True)
class Beginning:
    """A model that is about to learn."""

    model: VaryModel
    words: Tokenizer | None
    path: Path | None
    """The checkpoint it comes from; None for random weights."""
    dtype: torch.dtype
    """In which it is to be written."""


def begin(order: Order) -> Beginning:
    """The model that was ordered, in 32 bit. Raises WeightsError."""
    found = fresh(order) if order.scratch else loaded(order)
    places = {**order.start, **({"vocabulary": order.vocabulary} if order.vocabulary else {})}
    for part, place in places.items():
        start(found.model, find.resolve(place), [part])
    if found.model.decoder is not None and found.words is None:
        hint = "name a checkpoint that has one: --tokenizer FOLDER"
        raise WeightsError(f"{order.model} has no tokenizer, and its decoder needs one", hint)
    return found


def loaded(order: Order) -> Beginning:
    """A checkpoint's model."""
    path = find.resolve(order.model)
    found = checkpoint.load(path, dtype=torch.float32)
    words = found.tokenizer if order.tokenizer is None else tokenizer.find(find.resolve(order.tokenizer))
    return Beginning(found.model, words, path, written_in(path))


def fresh(order: Order) -> Beginning:
    """A model of random weights, the same for the same seed."""
    torch.manual_seed(order.seed)
    model = VaryModel(shape(order.model))
    places = [order.tokenizer] if order.tokenizer else [order.model, *order.start.values()]
    folders = [Path(place) for place in places if Path(place).exists()]
    words = next((found for folder in folders if (found := tokenizer.find(folder))), None)
    return Beginning(model, words, None, torch.float32)


def shape(name: str) -> ModelSpec:
    """The spec of a family, or of a checkpoint's folder."""
    return recognised(Path(name)).spec if Path(name).exists() else find.family(name.partition("@")[0])


def written_in(path: Path) -> torch.dtype:
    """The number format of a checkpoint's first matrix."""
    for _, tensor in recognised(path).source.tensors():
        if tensor.is_floating_point():
            return tensor.dtype
    return torch.float32
