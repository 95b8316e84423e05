"""A run's folder: a model that can be used at any time, what resuming needs, and the record of its steps.

Everything is written beside its place, flushed to the disk and renamed: whoever is killed leaves the last whole thing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions,
    get_model_state_dict,
    get_state_dict,
    set_state_dict,
)

from vary_cli.errors import OutputError, UsageError
from vary_cli.finetune.loop import Loop
from vary_cli.finetune.stages import Stage

STATE, METRICS, RECORD, LINES, FORMULAS = "state.pt", "metrics.jsonl", "run.json", "lines.json", "formulas.json"
FREE = ("steps",)  # of a stage; the rest must be the same for a run to go on
Facts = Mapping[str, Any]


class Run:
    """The folder of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def begun(self) -> bool:
        """Whether there is a state to go on from."""
        return (self.path / STATE).is_file()

    def claim(self, facts: Facts, resume: bool, overwrite: bool) -> None:
        """Make the folder this run's. Raises OutputError if it holds another, UsageError if that cannot go on so."""
        record = self.path / RECORD
        if resume and self.begun:
            self.check(json.loads(record.read_text(encoding="utf-8")), facts)
        elif not overwrite and self.path.exists() and any(self.path.iterdir()):
            hint = "add --resume to go on from there, --overwrite to begin anew, or choose another folder"
            raise OutputError(f"{self.path} holds something", hint, "output_exists")
        with writing(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            if not (resume and self.begun):
                for stale in (STATE, METRICS, LINES, FORMULAS):
                    (self.path / stale).unlink(missing_ok=True)
            written(record, json.dumps(facts, ensure_ascii=False, indent=1).encode())

    def check(self, then: Facts, now: Facts) -> None:
        """Raise UsageError if what decides the steps to come was another when the run began."""
        old, new = ({k: v for k, v in flat(facts).items() if k.rpartition(".")[2] not in FREE} for facts in (then, now))
        changed = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        if changed:
            said = ", ".join(f"{key} was {old.get(key)}, is {new.get(key)}" for key in changed[:4])
            raise UsageError(f"{self.path} was begun otherwise: {said}", "resume with the same, or choose another -o")

    def save_state(self, loop: Loop, step: int) -> None:
        """Keep all that the next steps depend on. Every process calls this, the first one writes."""
        weights, moments = spread_state(loop) if loop.sharded else plain_state(loop)
        if loop.accelerator.is_main_process:
            average = None if loop.average is None else loop.average.state
            with writing(self.path), replacing(self.path / STATE) as file:
                torch.save({"step": step, "weights": weights, "optimizer": moments, "average": average}, file)
        loop.accelerator.wait_for_everyone()

    def load_state(self, loop: Loop) -> int:
        """Go back to the saved state -> the steps that were done. Every process calls this."""
        try:
            state = torch.load(self.path / STATE, map_location="cpu", weights_only=True)
        except (RuntimeError, EOFError, OSError) as error:
            raise OutputError(f"{self.path / STATE} cannot be read: {error}", "begin anew with --overwrite") from error
        (spread_back if loop.sharded else plain_back)(loop, state["weights"], state["optimizer"])
        if loop.average is not None and state["average"] is not None:
            for name, value in state["average"].items():
                loop.average.state[name].copy_(value)
        if loop.accelerator.is_main_process:
            self.forget(state["step"])
        loop.accelerator.wait_for_everyone()
        return int(state["step"])

    def record(self, row: Mapping[str, Any]) -> None:
        """Put down a line of metrics."""
        with writing(self.path), (self.path / METRICS).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")

    def metrics(self) -> list[dict[str, Any]]:
        """All lines of metrics; one that was being written when the run was killed is left out."""
        file = self.path / METRICS
        lines = file.read_text(encoding="utf-8").split("\n")[:-1] if file.is_file() else []
        return [json.loads(line) for line in lines]

    def forget(self, step: int) -> None:
        """Drop the metrics of steps that will be done again."""
        rows = [row for row in self.metrics() if row["step"] <= step]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        with writing(self.path):
            written(self.path / METRICS, text.encode())


def facts(stage: Stage, model: str, sets: Mapping[str, int], more: Facts) -> dict[str, Any]:
    """What decides every step of a run."""
    return {"stage": json.loads(json.dumps(asdict(stage))), "model": model, "data": dict(sets), **more}


def flat(table: Facts, name: str = "") -> dict[str, Any]:
    """A table of tables with dotted names."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        found |= flat(value, f"{name}{key}.") if isinstance(value, Mapping) else {f"{name}{key}": value}
    return found


def plain_state(loop: Loop) -> tuple[Facts, Facts]:
    """What changes while a model learns: parameters that learn, running statistics, the optimizer's moments."""
    frozen = {name for name, tensor in loop.model.named_parameters() if not tensor.requires_grad}
    state = loop.model.state_dict()
    return {name: tensor for name, tensor in state.items() if name not in frozen}, loop.optimizer.state_dict()


def plain_back(loop: Loop, weights: Facts, moments: dict[str, Any]) -> None:
    """The inverse of `plain_state`."""
    loop.model.load_state_dict(weights, strict=False)
    loop.optimizer.load_state_dict(moments)


def spread_state(loop: Loop) -> tuple[Facts, Facts]:
    """The same of a model that is spread over processes, put together on the first one."""
    whole = StateDictOptions(full_state_dict=True, cpu_offload=True, ignore_frozen_params=True)
    found: tuple[Facts, Facts] = get_state_dict(loop.learner, loop.optimizer, options=whole)
    return found


def spread_back(loop: Loop, weights: dict[str, Any], moments: Any) -> None:  # noqa: ANN401
    """The inverse of `spread_state`."""
    whole = StateDictOptions(full_state_dict=True, strict=False)
    set_state_dict(loop.learner, loop.optimizer, model_state_dict=weights, optim_state_dict=moments, options=whole)


def weights(loop: Loop) -> dict[str, Tensor]:
    """The model's tensors as they are to be used: averaged, if the stage averages. Every process calls this."""
    if loop.average is not None:
        return loop.average.state
    if not loop.sharded:
        return loop.model.state_dict()
    whole = StateDictOptions(full_state_dict=True, cpu_offload=True)
    state: dict[str, Any] = get_model_state_dict(loop.learner, options=whole)
    return {name.removeprefix("model."): tensor for name, tensor in state.items()}


@contextmanager
def replacing(file: Path) -> Iterator[Any]:
    """A neighbour of a file to write to, which takes its place once it is on the disk."""
    neighbour = file.with_name(f".{file.name}.partial")
    with neighbour.open("wb") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(neighbour, file)


def written(file: Path, data: bytes) -> None:
    """Write a file, whole or not at all."""
    with replacing(file) as stream:
        stream.write(data)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Errors of the disk by their names. Raises OutputError."""
    hint = "make room; what was saved before is whole, go on with --resume"
    try:
        yield
    except (OSError, SafetensorError, RuntimeError, OutputError) as error:
        if tells_full(error):
            raise OutputError(f"{path} cannot be written: the disk is full", hint, "disk_full") from error
        if isinstance(error, RuntimeError | OutputError):
            raise
        raise OutputError(f"{path} cannot be written: {error}", hint) from error


def tells_full(error: Exception) -> bool:
    """Whether an error says that a disk is full, in the system's words or in torch's, which miss what they wrote."""
    return "No space left" in str(error) or (isinstance(error, RuntimeError) and "unexpected pos" in str(error))
