"""Golden cases: checkpoints drawn by their rule in the published layout, loaded as the product loads them."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from vary_cli.model import checkpoint
from vary_cli.model.batch import Sequenced
from vary_cli.model.engine import Text, decoded
from vary_cli.model.vary import Batch, VaryModel


@dataclass(frozen=True)
class Case:
    folder: Path

    @cached_property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads((self.folder / "case.json").read_text(encoding="utf-8"))
        return data

    @cached_property
    def tensors(self) -> dict[str, Tensor]:
        return load_file(self.folder / "case.safetensors")

    def run(self, name: str) -> dict[str, Any]:
        return next(run for run in self.data["runs"] if run["name"] == name)

    def stored(self, run: str) -> dict[str, Tensor]:
        return {k.removeprefix(f"{run}."): v for k, v in self.tensors.items() if k.startswith(f"{run}.")}

    def draw(self, name: str, shape: list[int], scale: float = 0.05, norm: bool = False) -> Tensor:
        random = np.random.default_rng(zlib.crc32(name.encode()) ^ self.data["seed"])
        values = random.standard_normal(shape, dtype=np.float32) * np.float32(scale)
        return torch.from_numpy(values + np.float32(1) if norm else values)

    def weights(self) -> dict[str, Tensor]:
        tied, absent = self.data.get("tied", {}), self.data.get("absent", [])
        kinds = {name: (shape, norm) for name, shape, norm in self.data["tensors"]}
        drawn = {name: self.draw(tied.get(name, name), shape, norm=norm) for name, (shape, norm) in kinds.items()}
        return {name: tensor for name, tensor in drawn.items() if name not in absent}

    def write(self, folder: Path, pickled: bool = False) -> None:
        """The checkpoint in its published layout."""
        if pickled:
            torch.save(self.weights(), folder / "pytorch_model.bin")
        else:
            save_file(self.weights(), folder / "model.safetensors")
        towers = {key: self.data[key] for key in ("vocabulary_config", "clip_config") if key in self.data}
        config = {**self.data["config"], **towers}
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")

    def pixels(self, run: dict[str, Any]) -> dict[str, Tensor]:
        towers = {"vocabulary": run.get("pixels_high"), "clip": run.get("pixels_clip")}
        return {
            tower: self.draw(pixels["rule_name"], pixels["shape"], pixels.get("scale", 1.0))
            for tower, pixels in towers.items()
            if pixels
        }


def cases(folder: Path) -> list[Case]:
    found = [Case(path.parent) for path in sorted(folder.glob("**/case.json"))]
    assert found, f"{folder} holds no cases"
    return found


@lru_cache
def loaded(case_folder: Path, root: Path) -> checkpoint.Loaded:
    """The case's checkpoint, drawn, written and loaded once for all its tests."""
    folder = root / case_folder.name
    folder.mkdir(exist_ok=True)
    Case(case_folder).write(folder)
    return checkpoint.load(folder)


def greedy(model: VaryModel, batch: Batch, steps: int) -> list[list[int]]:
    """What the engine writes to a batch that is given as numbers, all its rows at once."""
    prompts = [Sequenced(row[seen.bool()].tolist(), [], []) for row, seen in zip(batch.ids, batch.mask, strict=True)]
    texts = [Text(prompt, steps, loops=None) for prompt in prompts]
    list(decoded(model, texts, len(texts), lambda _: batch))
    return [text.tokens for text in texts]


def index(expression: str) -> tuple[slice | int, ...]:
    """'[5, :, ::16]' -> what goes between the brackets."""
    parts = [part.strip() for part in expression.strip("[]").split(",")]
    return tuple(
        slice(*(int(n) if n.strip() else None for n in part.split(":"))) if ":" in part else int(part) for part in parts
    )
