"""Checkpoints: a folder's tensors become a VaryModel, and a VaryModel becomes a folder.

A folder of ours is config.json (the spec), *.safetensors, tokenizer.json and a manifest of hashes; published layouts
are recognised by their keys and loaded as they stand. Tensors are streamed into a model that has no memory of its own
yet: the peak is the model once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from vary_cli.errors import WeightsError
from vary_cli.model import accounts, adapter, decoder, folder, tokenizer
from vary_cli.model.adapter import Adapter
from vary_cli.model.recognition import Recognised, recognised
from vary_cli.model.spec import ModelSpec
from vary_cli.model.vary import VaryModel


@dataclass(frozen=True)
class Loaded:
    """A model that is ready to read, and what belongs to it."""

    model: VaryModel
    spec: ModelSpec
    tokenizer: Tokenizer | None
    """None where the folder has none: towers alone, or a model that reads by its glyphs alone."""
    path: Path


def load(
    path: Path, device: torch.device | str = "cpu", dtype: torch.dtype | None = None, family: str | None = None
) -> Loaded:
    """The model in a folder of ours or of a published layout, in evaluation mode; dtype None is the files' own.

    `family` chooses between families that share a layout. Raises WeightsError that lists what is missing, left over
    or misshapen.
    """
    found = recognised(path, family)
    if "adapter" in found.config:
        return adapted(found, path, device, dtype)
    model = empty(found.spec)
    accounts.check(found, shapes(model), copies(found.spec), str(path))
    fill(model, found, device, dtype)
    return Loaded(model.eval(), found.spec, tokenizer.find(path), path)


def adapted(found: Recognised, path: Path, device: torch.device | str, dtype: torch.dtype | None) -> Loaded:
    """An adapter's base with the adapter merged into it."""
    said = Adapter.of(found.config, path)
    base = load(said.path(path), device, dtype)
    adapter.apply(base.model, found, said.scale)
    return Loaded(base.model, base.spec, tokenizer.find(path) or base.tokenizer, path)


def empty(spec: ModelSpec) -> VaryModel:
    """A model without memory for its tensors."""
    with torch.device("meta"):
        return VaryModel(spec)


def shapes(model: VaryModel) -> dict[str, tuple[int, ...]]:
    """Name -> shape of everything that a file of the model holds."""
    tied = copies(model.spec)
    return {name: tuple(tensor.shape) for name, tensor in model.state_dict().items() if name not in tied}


def copies(spec: ModelSpec) -> dict[str, str]:
    """Tensors that are the same as another one: name -> the other."""
    if spec.decoder is None or not spec.decoder.tied:
        return {}
    inner = "model.decoder" if spec.decoder.kind == "opt" else "model"
    return {"decoder.lm_head.weight": f"decoder.{inner}.embed_tokens.weight"}


def fill(model: VaryModel, found: Recognised, device: torch.device | str, dtype: torch.dtype | None) -> None:
    """Stream a checkpoint's tensors into a model. Raises WeightsError where a copy is not one."""
    same = copies(model.spec)
    kept: dict[str, Tensor] = {}
    for name, tensor in accounts.renamed(found):
        if name in same:
            kept[name] = tensor
        else:
            put(model, name, tensor.to(device, dtype if tensor.is_floating_point() else None))
    if model.decoder is not None and model.spec.decoder is not None:
        decoder.tie(model.decoder, model.spec.decoder)
    for name, tensor in kept.items():
        if not torch.equal(tensor.to(device, dtype), model.get_parameter(same[name])):
            hint = 'say "tie_word_embeddings": false in its config.json'
            raise WeightsError(f"{name} differs from the token table that it should be tied to", hint)
    model.to(device)


def put(model: nn.Module, name: str, tensor: Tensor) -> None:
    """Make a tensor the parameter or buffer of that name."""
    owner, _, leaf = name.rpartition(".")
    module = model.get_submodule(owner)
    if leaf in module._parameters:
        setattr(module, leaf, nn.Parameter(tensor, requires_grad=tensor.is_floating_point()))
    else:
        setattr(module, leaf, tensor)


def save(model: VaryModel, path: Path, words: Tokenizer | None = None, facts: Mapping[str, Any] | None = None) -> None:
    """Write a model as a folder of ours; `facts` (how it was trained, say) go into config.json."""
    same = copies(model.spec)
    tensors = ((name, tensor.detach()) for name, tensor in model.state_dict().items() if name not in same)
    for _ in folder.writing(path, model.spec, tensors, words, facts or {}):
        pass


def convert(
    source: Path, target: Path, dtype: torch.dtype | None = None, family: str | None = None
) -> Iterator[tuple[str, int]]:
    """Write a published checkpoint as a folder of ours, one shard in memory at a time.

    Yields (tensor, bytes) as they are written. Raises WeightsError as `load` does, before anything is written.
    """
    found = recognised(source, family)
    same = copies(found.spec)
    accounts.check(found, shapes(empty(found.spec)), same, str(source))
    tensors = ((n, t.to(dtype) if dtype and t.is_floating_point() else t) for n, t in accounts.renamed(found))
    kept = ((name, tensor) for name, tensor in tensors if name not in same)
    yield from folder.writing(target, found.spec, kept, tokenizer.find(source), {"converted_from": found.layout.name})
