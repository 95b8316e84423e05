"""Writing a model folder of ours: safetensors in shards, config.json, tokenizer.json, manifest.json.

Everything is written under other names and renamed at the end, config.json last, so that a killed run leaves no folder
that looks whole. A model of the same shape that is there already stays whole until the new one is: one rename, of the
only file or of the index of the shards, takes the new one in place of the old. Other files in the folder stay.
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
    config = {"model_type": "vary", "vary_version": __version__, **facts, "spec": as_dict(spec)}
    old = set(path.glob("model*.safetensors"))
    if not alike(path, config):
        for stale in (path / "config.json", *old, path / INDEX):
            stale.unlink(missing_ok=True)
    mark = "" if len(names) == 1 else free_mark(path)
    files = [path / shard_name(i, len(names), mark) for i in range(len(names))]
    for i, file in enumerate(files):
        settle(partial(path / f"shard-{i}"), file)
    beside = []
    if len(files) > 1:
        weight_map = {name: file.name for file, group in zip(files, names, strict=True) for name in group}
        settle(write_json(partial(path / INDEX), {"metadata": {}, "weight_map": weight_map}), path / INDEX)
        beside.append(path / INDEX)
    if words is not None:
        words.save(str(partial(path / "tokenizer.json")))
        settle(partial(path / "tokenizer.json"), path / "tokenizer.json")
        beside.append(path / "tokenizer.json")
    settle(write_json(partial(path / "config.json"), config), path / "config.json")
    for stale in old - set(files):
        stale.unlink()
    for file in (*files, *beside):
        shutil.copymode(path / "config.json", file)  # safetensors writes for the owner alone
    manifest.write(path, [*files, *beside, path / "config.json"])


def alike(path: Path, config: Mapping[str, Any]) -> bool:
    """Whether a folder holds a model of the same shape."""
    try:
        old = json.loads((path / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(old.get("spec") == json.loads(json.dumps(config["spec"])))


def free_mark(path: Path) -> str:
    """What tells new shards from those that are there."""
    return next(mark for mark in ("", "b-") if not any(path.glob(f"model-{mark}00001-of-*.safetensors")))


def settle(neighbour: Path, file: Path) -> None:
    """Let a finished file take its place, once it is on the disk."""
    with neighbour.open("rb") as stream:
        os.fsync(stream.fileno())
    os.replace(neighbour, file)


def shard_name(index: int, count: int, mark: str = "") -> str:
    """As transformers names shards."""
    return "model.safetensors" if count == 1 else f"model-{mark}{index + 1:05}-of-{count:05}.safetensors"


def partial(file: Path) -> Path:
    """The name of a file that is not finished."""
    return file.with_name(file.name + PARTIAL)


def write_json(file: Path, data: Mapping[str, Any]) -> Path:
    """Write data as JSON and return the file."""
    file.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file
