"""A run: what learns and what does not, what is saved, how it goes on, how it fails."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from small import Entry, bars, losses, pages

from vary_cli.errors import DataError, DeviceError, OutputError, UsageError
from vary_cli.example import Example
from vary_cli.finetune import training as room
from vary_cli.finetune.order import Machine, Order
from vary_cli.finetune.training import Training
from vary_cli.model import checkpoint

SaveModel = Callable[[str], Path]
MACHINE = Machine(device="cpu", workers=0, judge_every=100, save_every=2)


def run(
    model: Path, out: Path, entries: Sequence[Entry], machine: Machine = MACHINE, resume: bool = False, **order: object
) -> Training:
    settings: dict[str, Any] = {"model": str(model), "steps": 4, "seed": 3, **order}
    return Training(Order(**settings), machine, {"set": entries}, {}, out, lambda text: None, resume)


def taught(model: Path, out: Path, entries: Sequence[Entry], **more: object) -> list[object]:
    training = run(model, out, entries, **more)
    for _ in training.steps():
        pass
    return losses(training.run.metrics())


def weights(path: Path) -> dict[str, torch.Tensor]:
    return checkpoint.load(path).model.state_dict()


CASES: dict[str, tuple[str, list[Entry], dict[str, Any]]] = {
    "lines": ("lines", bars(12), {"cells": 60}),
    "lines_decoder": ("lines_decoder", bars(12), {"cells": 60}),
    "pages": ("vary_tiny", pages(12), {"batch": 2, "micros": 2, "average": 0.9}),
    "base": ("vary_base", pages(12), {"stage": "base", "batch": 2}),
}


@pytest.mark.parametrize("case", CASES)
def test_resumed_equals_uninterrupted_bit_for_bit(case: str, saved: SaveModel, tmp_path: Path) -> None:
    family, entries, order = CASES[case]
    start = saved(family)
    whole = taught(start, tmp_path / "whole", entries, **order)
    broken = run(start, tmp_path / "broken", entries, **order)
    for progress in broken.steps():
        if progress.step == 3:
            break  # the state of step 2 is saved, step 3 will be done again
    resumed = taught(start, tmp_path / "broken", entries, resume=True, **order)
    assert resumed == whole
    assert len(whole) == 4
    one, other = weights(tmp_path / "whole"), weights(tmp_path / "broken")
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_base_leaves_the_towers_as_they_were(saved: SaveModel, tmp_path: Path) -> None:
    start = saved("vary_base")
    training = run(start, tmp_path / "run", pages(12), stage="base", batch=2, rate=1e-2)
    list(training.steps())
    before, after = weights(start), weights(tmp_path / "run")
    moved = {name.partition(".")[0] for name in before if not torch.equal(before[name], after[name])}
    assert moved == {"projectors", "decoder"}
    held = {id(p) for group in training.loop.optimizer.param_groups for p in group["params"]}
    towers = [*training.loop.model.vocabulary.parameters(), *training.loop.model.clip.parameters()]
    assert not held & {id(p) for p in towers}
    assert all(p.grad is None and not p.requires_grad for p in towers)


def test_the_vocabulary_of_a_tiny_run_goes_into_a_base_run(saved: SaveModel, tmp_path: Path) -> None:
    taught(saved("vary_tiny"), tmp_path / "tiny", pages(8), batch=2, steps=2, rate=1e-2)
    taught(
        saved("vary_base"),
        tmp_path / "base",
        pages(8),
        stage="base",
        batch=2,
        steps=1,
        vocabulary=str(tmp_path / "tiny"),
    )
    tiny, base = weights(tmp_path / "tiny"), weights(tmp_path / "base")
    assert all(torch.equal(base[name], tiny[name]) for name in tiny if name.startswith("vocabulary."))


def test_the_loss_falls(saved: SaveModel, tmp_path: Path) -> None:
    found = taught(saved("lines_decoder"), tmp_path / "run", bars(12), steps=20, cells=60, rate=1e-2)
    assert sum(found[-4:]) < 0.8 * sum(found[:4])  # type: ignore[arg-type]


def test_an_adapter_is_what_it_was_in_training(saved: SaveModel, tmp_path: Path) -> None:
    start, out = saved("vary_base"), tmp_path / "run"
    training = run(start, out, pages(12), stage="base", batch=2, adapter=4, rate=1e-2, average=0.0)
    list(training.steps())
    loaded = checkpoint.load(out)
    batch = room.Papers(training.mixture, loaded.spec, loaded.tokenizer, 2, 512).lesson([("set", 0)]).batch  # type: ignore[arg-type]
    with torch.no_grad():
        inside, outside = training.loop.model.eval()(batch), loaded.model(batch)
        base = checkpoint.load(start).model(batch)
    largest = inside.abs().max()
    assert (inside - outside).abs().max() < 1e-5 * largest
    assert (inside - base).abs().max() > 1e-2 * largest
    size = (out / "model.safetensors").stat().st_size
    assert size < (start / "model.safetensors").stat().st_size / 2


def test_a_folder_that_holds_a_run_is_not_overwritten_unasked(saved: SaveModel, tmp_path: Path) -> None:
    start = saved("lines")
    taught(start, tmp_path / "run", bars(12), cells=60, steps=1)
    with pytest.raises(OutputError, match="holds something"):
        run(start, tmp_path / "run", bars(12), cells=60)
    with pytest.raises(UsageError, match=r"stage\.cells was 60, is 70"):
        run(start, tmp_path / "run", bars(12), cells=70, resume=True)


def test_a_run_can_be_made_longer(saved: SaveModel, tmp_path: Path) -> None:
    start = saved("lines")
    taught(start, tmp_path / "run", bars(12), cells=60, steps=2)
    assert len(taught(start, tmp_path / "run", bars(12), cells=60, steps=3, resume=True)) == 3


def test_a_loss_that_is_no_number_changes_nothing(saved: SaveModel, tmp_path: Path) -> None:
    training = run(saved("lines"), tmp_path / "run", bars(12), cells=60)
    with torch.no_grad():
        training.loop.model.glyphs.common.bias.fill_(float("nan"))
    before = {name: tensor.clone() for name, tensor in training.loop.model.vocabulary.named_parameters()}
    with pytest.raises(DeviceError, match="not a number") as caught:
        list(training.steps())
    assert caught.value.code == "loss_nan"
    assert all(torch.equal(p, before[name]) for name, p in training.loop.model.vocabulary.named_parameters())


def test_a_full_disk_leaves_the_last_state_whole(
    saved: SaveModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, out = saved("lines"), tmp_path / "run"
    whole = taught(start, tmp_path / "whole", bars(12), cells=60)
    training = run(start, out, bars(12), cells=60)
    steps = training.steps()
    while next(steps).step < 2:
        pass
    kept = (out / "state.pt").read_bytes(), weights(out)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(torch, "save", full)
        with pytest.raises(OutputError, match="the disk is full") as caught:
            list(steps)
    assert caught.value.code == "disk_full"
    assert (out / "state.pt").read_bytes() == kept[0]
    assert taught(start, out, bars(12), cells=60, resume=True) == whole


class Broken(Entry):
    """A picture that cannot be opened."""

    def example(self) -> Example:
        raise DataError("page.png is no readable picture", "vary data check lists all such pictures", "picture_broken")


@pytest.mark.parametrize("workers", [0, 1])
def test_a_broken_picture_is_named(workers: int, saved: SaveModel, tmp_path: Path) -> None:
    machine = Machine(device="cpu", workers=workers, judge_every=100)
    training = run(saved("vary_tiny"), tmp_path / "run", [Broken("abc")], machine, batch=1, held_out=0.0)
    training.panels = lambda: (room.Panel((), ()), room.Panel((), ()))  # type: ignore[method-assign]
    with pytest.raises(DataError, match=r"page\.png") as caught:
        list(training.steps())
    assert caught.value.hint.startswith("vary data check")


def test_an_empty_data_set_is_named(saved: SaveModel, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="set holds no example"):
        run(saved("lines"), tmp_path / "run", [])


def test_a_model_that_does_not_fit_is_refused(
    saved: SaveModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vary_cli.finetune.memory.free", lambda device: 1000)
    with pytest.raises(DeviceError, match=r"training takes about .* parameters, .* are there") as caught:
        run(saved("vary_tiny"), tmp_path / "run", pages(12), batch=2)
    assert caught.value.code == "memory"


def test_a_part_that_is_not_there_is_named(saved: SaveModel, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no part clip"):
        run(saved("vary_tiny"), tmp_path / "run", pages(12), rates={"clip": 1e-4})


def test_recomputing_changes_nothing_but_memory(saved: SaveModel, tmp_path: Path) -> None:
    start = saved("vary_tiny")
    plain = taught(start, tmp_path / "plain", pages(12), batch=2)
    spared = taught(
        start, tmp_path / "spared", pages(12), machine=Machine(device="cpu", workers=0, recompute=True), batch=2
    )
    assert spared == pytest.approx(plain, rel=1e-5)


def test_the_run_s_folder_says_what_happened(saved: SaveModel, tmp_path: Path) -> None:
    out = tmp_path / "run"
    taught(saved("lines"), out, bars(12), cells=60)
    rows = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == [0, 1, 2, 3, 4]
    assert rows[0]["held_out"]["loss"] > 0
    assert rows[-1]["held_out"]["error"] >= 0
    assert (out / "loss.png").stat().st_size > 1000
    assert json.loads((out / "config.json").read_text())["trained"]["stage"]["name"] == "tiny"


def test_the_curves_go_to_tensorboard_too(saved: SaveModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    points: list[tuple[str, int]] = []

    class Writer:
        """As TensorBoard's, for machines that have none."""

        def add_scalar(self, tag: str, scalar_value: float, global_step: int) -> None:
            points.append((tag, global_step))

        def flush(self) -> None:
            points.append(("flush", 0))

    monkeypatch.setattr(room, "curves", lambda folder: Writer())
    machine = Machine(device="cpu", workers=0, tensorboard=True)
    taught(saved("lines"), tmp_path / "run", bars(12), machine=machine, cells=60, steps=2)
    assert {("loss", 1), ("loss", 2), ("rate", 2), ("held_out/error", 2), ("flush", 0)} <= set(points)


def test_sixteen_bit_arithmetic_learns_the_same_thing(saved: SaveModel, tmp_path: Path) -> None:
    start = saved("vary_base")
    order: dict[str, Any] = {"stage": "base", "batch": 2, "steps": 2}
    whole = taught(start, tmp_path / "whole", pages(12), **order)
    machine = Machine(device="cpu", workers=0, precision="bf16")
    half = taught(start, tmp_path / "half", pages(12), machine=machine, **order)
    assert half != whole
    assert half == pytest.approx(whole, rel=0.05)
    one, other = weights(start), weights(tmp_path / "half")
    assert all(torch.equal(one[name].bfloat16().float(), other[name]) for name in one if name.startswith("clip."))
