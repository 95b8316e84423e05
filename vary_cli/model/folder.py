"""Writing a model folder of ours: safetensors in shards, config.json, tokenizer.json, manifest.json.

Everything is written under other names and renamed at the end, config.json last, so that a killed run leaves no folder
that looks whole. Other files in the folder stay.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor

from vary_cli import __version__
from vary_cli.errors import OutputError
from vary_cli.model import manifest
from vary_cli.model.spec import ModelSpec, as_dict

SHARD = 1 << 30  # bytes of tensors in one file
PARTIAL = ".partial"
INDEX = "model.safetensors.index.json"

Named = Iterable[tuple[str, Tensor]]


def writing(
    path: Path, spec: ModelSpec, tensors: Named, words: Tokenizer | None, facts: Mapping[str, Any], shard: int = SHARD
) -> Iterator[tuple[str, int]]:
    """Write a model folder, one shard in memory at a time; yields (tensor, bytes) as they come."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        names: list[list[str]] = []
        for group in shards(tensors, shard):
            save_file(group, partial(path / f"shard-{len(names)}"), metadata={"format": "pt"})
            names.append(list(group))
            yield from ((name, tensor.nbytes) for name, tensor in group.items())
        finish(path, spec, names, words, facts)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error}", "choose another place, or make room") from error


def shards(tensors: Named, limit: int) -> Iterator[dict[str, Tensor]]:
    """Tensors in groups of at most `limit` bytes, though at least one each."""
    group: dict[str, Tensor] = {}
    size = 0
    for name, tensor in tensors:
        if group and size + tensor.nbytes > limit:
            yield group
            group, size = {}, 0
        group[name] = tensor.cpu().contiguous()
        size += tensor.nbytes
    yield group


def finish(
    path: Path, spec: ModelSpec, names: list[list[str]], words: Tokenizer | None, facts: Mapping[str, Any]
) -> None:
    """Name the shards and write what stands beside them."""
    files = [path / shard_name(i, len(names)) for i in range(len(names))]
    for stale in (*path.glob("model*.safetensors"), path / INDEX, path / "config.json"):
        stale.unlink(missing_ok=True)
    for i, file in enumerate(files):
        os.replace(partial(path / f"shard-{i}"), file)
    if len(files) > 1:
        weight_map = {name: file.name for file, group in zip(files, names, strict=True) for name in group}
        files.append(write_json(path / INDEX, {"metadata": {}, "weight_map": weight_map}))
    if words is not None:
        words.save(str(path / "tokenizer.json"))
        files.append(path / "tokenizer.json")
    config = {"model_type": "vary", "vary_version": __version__, **facts, "spec": as_dict(spec)}
    write_json(partial(path / "config.json"), config)
    os.replace(partial(path / "config.json"), path / "config.json")
    for file in files:
        shutil.copymode(path / "config.json", file)  # safetensors writes for the owner alone
    manifest.write(path, [*files, path / "config.json"])


def shard_name(index: int, count: int) -> str:
    """As transformers names shards."""
    return "model.safetensors" if count == 1 else f"model-{index + 1:05}-of-{count:05}.safetensors"


def partial(file: Path) -> Path:
    """The name of a file that is not finished."""
    return file.with_name(file.name + PARTIAL)


def write_json(file: Path, data: Mapping[str, Any]) -> Path:
    """Write data as JSON and return the file."""
    file.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file
