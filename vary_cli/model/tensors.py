"""Weight files as a stream of named tensors: safetensors, pickled .bin and .pth (weights only), alone or in shards.

Shapes are known before any tensor is read; tensors come one at a time. Knows no names of ours.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from vary_cli.errors import WeightsError

WINDOW = 1 << 29  # bytes that are read before a mapped file is let go, so that its pages do not pile up in memory


@dataclass(frozen=True)
class Source:
    """The weight files of one checkpoint."""

    files: tuple[Path, ...]
    shapes: Mapping[str, tuple[int, ...]]
    """Name -> shape of every tensor."""

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        """Every tensor with its name, file by file; each is its own memory."""
        for file in self.files:
            yield from stream(file)


def open_source(path: Path) -> Source:
    """The weights in a folder, or of one file. Raises WeightsError where there are none or one cannot be read."""
    files = weight_files(path)
    shapes: dict[str, tuple[int, ...]] = {}
    for file in files:
        shapes |= file_shapes(file)
    return Source(files, shapes)


def weight_files(path: Path) -> tuple[Path, ...]:
    """The files that hold a checkpoint's tensors: safetensors before pickles, shards as their index lists them."""
    if path.is_file():
        return (path,)
    for index in sorted(path.glob("*.safetensors.index.json")) + sorted(path.glob("*.bin.index.json")):
        return shards(index)
    for pattern in ("*.safetensors", "pytorch_model*.bin", "*.pth", "*.pt"):
        found = tuple(sorted(path.glob(pattern)))
        if found:
            return found
    hint = "a checkpoint is a folder with config.json and *.safetensors or pytorch_model*.bin, or a .pth file"
    raise WeightsError(f"{path} holds no weights", hint)


def shards(index: Path) -> tuple[Path, ...]:
    """The files that an index names. Raises WeightsError that lists those which are absent."""
    names = sorted(set(json.loads(index.read_text())["weight_map"].values()))
    absent = [name for name in names if not (index.parent / name).is_file()]
    if absent:
        raise WeightsError(f"{index.parent} lacks {', '.join(absent)}", f"{index.name} names them: download them again")
    return tuple(index.parent / name for name in names)


def file_shapes(file: Path) -> dict[str, tuple[int, ...]]:
    """Name -> shape of the tensors of one file."""
    if file.suffix != ".safetensors":
        return {name: tuple(tensor.shape) for name, tensor in unpickled(file).items()}
    with mapped(file) as tensors:
        return {name: tuple(tensors.get_slice(name).get_shape()) for name in tensors.keys()}  # noqa: SIM118


def stream(file: Path) -> Iterator[tuple[str, Tensor]]:
    """The tensors of one file, one at a time."""
    if file.suffix != ".safetensors" and not is_zipfile(
        file
    ):  # an old pickle: in memory as a whole, given up bit by bit
        state = unpickled(file)
        yield from ((name, state.pop(name)) for name in list(state))
        return
    names = list(file_shapes(file))
    while names:
        size = 0
        with reading(file) as get:
            while names and size < WINDOW:
                name = names.pop(0)
                tensor = get(name).clone()
                size += tensor.nbytes
                yield name, tensor


@contextmanager
def reading(file: Path) -> Iterator[Callable[[str], Tensor]]:
    """A function that gets a file's tensors by their names."""
    if file.suffix != ".safetensors":
        yield unpickled(file).__getitem__
        return
    with mapped(file) as tensors:
        yield tensors.get_tensor


@contextmanager
def mapped(file: Path) -> Iterator[Any]:
    """A safetensors file. Raises WeightsError where it is damaged."""
    try:
        tensors = safe_open(file, framework="pt")
    except (SafetensorError, OSError) as error:
        raise WeightsError(
            f"{file} cannot be read: {error}", "vary models verify names damage; get it again"
        ) from error
    with tensors:
        yield tensors


def unpickled(file: Path) -> dict[str, Tensor]:
    """The tensors of a pickled file, mapped rather than read; nothing in it is executed."""
    try:
        state = torch.load(file, map_location="cpu", mmap=is_zipfile(file), weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, OSError) as error:
        raise WeightsError(
            f"{file} is not a plain file of tensors: {error}", "pickles may hold nothing else"
        ) from error
    for wrapper in ("model", "state_dict"):
        if isinstance(state, dict) and isinstance(state.get(wrapper), dict):
            state = state[wrapper]
    if not isinstance(state, dict):
        raise WeightsError(f"{file} holds a {type(state).__name__}, not named tensors")
    return {name: tensor for name, tensor in state.items() if isinstance(tensor, Tensor)}
