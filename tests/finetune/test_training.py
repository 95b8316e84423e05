"""A run: what learns and what does not, what is saved, how it goes on, how it fails."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import shrunken
import small
import torch
from safetensors import SafetensorError
from safetensors.torch import save_file
from small import Entry, bars, formulas, losses, pages

from vary_cli.errors import DataError, DeviceError, OutputError, UsageError
from vary_cli.example import Example, Glyph
from vary_cli.finetune import sightings
from vary_cli.finetune import training as room
from vary_cli.finetune.order import Machine, Order
from vary_cli.finetune.parts import MUON, Muon
from vary_cli.finetune.training import Training
from vary_cli.model import checkpoint, folder
from vary_cli.model.blocks import BlockReader

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
    "muon": ("lines", bars(12), {"cells": 60, "optimizer": "muon"}),
    "lines_decoder": ("lines_decoder", bars(12), {"cells": 60}),
    "pages": ("vary_tiny", pages(12), {"batch": 2, "micros": 2, "average": 0.9}),
    "formulas": ("lines_decoder", formulas(12), {"stage": "base", "cells": 400}),
    "looks": ("lines_decoder", formulas(12), {"stage": "base", "cells": 400, "looks": 8}),
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


def test_tiny_teaches_vocabulary_projectors_and_decoder(saved: SaveModel, tmp_path: Path) -> None:
    start = saved("vary_tiny")
    training = run(start, tmp_path / "run", pages(12), batch=2, steps=2)
    list(training.steps())
    before, after = weights(start), weights(tmp_path / "run")
    moved = {name.partition(".")[0] for name in before if not torch.equal(before[name], after[name])}
    assert moved == {"vocabulary", "projectors", "decoder"}
    stage = training.stage
    assert (stage.schedule, stage.warmup, set(stage.rates.values())) == ("cosine", 0.03, {5e-5})
    assert isinstance(training.loop.optimizer, torch.optim.AdamW)


def test_muon_teaches_the_matrices_of_the_blocks(saved: SaveModel, tmp_path: Path) -> None:
    training = run(saved("lines"), tmp_path / "run", bars(12), cells=60, rate=1e-3, optimizer="muon")
    optimizer = training.loop.optimizer
    assert isinstance(optimizer, Muon)
    inner = {id(p) for group in optimizer.muon.param_groups for p in group["params"]}
    blocks = training.loop.model.vocabulary.blocks
    assert inner == {id(m.weight) for m in blocks.modules() if isinstance(m, torch.nn.Linear)}
    assert {group["peak"] for group in optimizer.muon.param_groups} == {MUON * 1e-3}
    assert len([p for group in optimizer.param_groups for p in group["params"]]) == len(
        [p for p in training.loop.model.parameters() if p.requires_grad]
    )


def test_tiny_shows_the_picture_and_says_nothing(saved: SaveModel, tmp_path: Path) -> None:
    training = run(saved("vary_tiny"), tmp_path / "run", pages(12), batch=1)
    places = training.mixture.draws(0, 4)
    papers, words = training.sheaves(), training.start.words
    assert isinstance(papers, room.Papers)
    assert words is not None
    texts = [words.decode(papers.lesson([place]).batch.ids[0].tolist(), False) for place in places]
    assert texts == [f"</s><img><imgpad></img>\n{training.mixture.entry(place).text}\n</s>" for place in places]


def test_tiny_starts_from_sam_and_a_language_model(saved: SaveModel, tmp_path: Path) -> None:
    start, other = saved("vary_tiny"), shrunken.model("vary_tiny", seed=5)
    sam = {f"image_encoder.{n}": t for n, t in other.vocabulary.state_dict().items() if "net_" not in n}
    torch.save(sam, tmp_path / "sam.pth")
    (tmp_path / "opt").mkdir()
    opt = {n: t.clone() for n, t in other.decoder.state_dict().items() if n != "lm_head.weight"}
    save_file(opt, tmp_path / "opt/model.safetensors")
    parts = {"vocabulary": str(tmp_path / "sam.pth"), "decoder": str(tmp_path / "opt")}
    order: dict[str, Any] = {"scratch": True, "start": parts, "tokenizer": str(start), "batch": 2, "steps": 1}
    training = run(start, tmp_path / "run", pages(12), **order)
    mine = training.loop.model
    assert torch.equal(mine.vocabulary.blocks[0].attn.qkv.weight, other.vocabulary.blocks[0].attn.qkv.weight)
    assert not torch.equal(mine.vocabulary.net_2.weight, other.vocabulary.net_2.weight)
    assert torch.equal(mine.decoder.get_input_embeddings().weight, other.decoder.get_input_embeddings().weight)  # type: ignore[union-attr]
    assert [progress.step for progress in training.steps()] == [0, 1]


def test_a_region_model_s_base_stage_teaches_its_decoder_alone(saved: SaveModel, tmp_path: Path) -> None:
    start = saved("lines_decoder")
    taught(start, tmp_path / "run", formulas(12), stage="base", cells=400, steps=2)
    before, after = weights(start), weights(tmp_path / "run")
    moved = {name.partition(".")[0] for name in before if not torch.equal(before[name], after[name])}
    assert moved == {"projectors", "decoder"}


def test_ready_eyes_look_at_formulas_once(saved: SaveModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: dict[str, Any] = {"stage": "base", "cells": 400, "steps": 2, "looks": 8}
    blind = SimpleNamespace(glyphs=(Glyph("b", 20.0, 62.0, 24.0, 0),))
    monkeypatch.setattr(sightings, "WORN", 0.0)
    monkeypatch.setattr(BlockReader, "__call__", lambda reader, examples: (blind for _ in examples))
    taught(saved("lines_decoder"), tmp_path / "run", formulas(12), **order)
    monkeypatch.setattr(BlockReader, "__call__", None)
    again = run(saved("lines_decoder"), tmp_path / "run", formulas(12), resume=True, **order)
    assert all("b" in one.marks.chars and "a" not in one.marks.chars for one in again.seen)
    assert [one.said[:6] for one in again.seen] == [" \\frac"] * 8


def test_a_step_of_several_batches_learns_what_one_large_batch_does(saved: SaveModel, tmp_path: Path) -> None:
    found = []
    for split in (1, 4):
        training = run(saved("vary_tiny"), tmp_path / f"{split}", pages(8), batch=8, average=0.0, held_out=0.0)
        places = training.mixture.draws(0, 8)
        lessons = [training.sheaves().lesson(places[i::split]) for i in range(split)]  # type: ignore[union-attr]
        learnt = training.loop.step(1, lessons)
        found.append((learnt.loss, training.loop.model.decoder.get_input_embeddings().weight))  # type: ignore[union-attr]
    assert found[0][0] == pytest.approx(found[1][0], rel=1e-5)
    assert torch.allclose(found[0][1], found[1][1], atol=1e-5)


def test_gradients_are_clipped(saved: SaveModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    training = run(saved("vary_tiny"), tmp_path / "run", pages(8), batch=2, clip=1e-3, steps=1)
    loop, norms = training.loop, []

    def stepped(*_: object) -> None:
        norms.append(torch.stack([p.grad.norm() for p in loop.learned() if p.grad is not None]).norm().item())

    monkeypatch.setattr(loop.optimizer, "step", stepped)
    list(training.steps())
    assert norms == [pytest.approx(1e-3, rel=1e-3)]


def test_the_network_is_compiled_where_that_is_asked_for(
    saved: SaveModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []

    def wrapped(module: torch.nn.Module) -> torch.nn.Module:
        compiled.append(type(module).__name__)
        return module

    monkeypatch.setattr(torch, "compile", wrapped)
    machine = Machine(device="cpu", workers=0, compile=True)
    taught(saved("lines"), tmp_path / "compiled", bars(12), machine=machine, cells=60, steps=1)
    assert compiled == ["Keeper"]


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


def test_an_adapter_brings_the_vocabulary_that_it_was_trained_with(saved: SaveModel, tmp_path: Path) -> None:
    taught(saved("vary_tiny"), tmp_path / "tiny", pages(8), batch=2, steps=1, rate=1e-2)
    start, order = saved("vary_base"), {"stage": "base", "batch": 2, "steps": 1, "adapter": 2}
    taught(start, tmp_path / "run", pages(8), vocabulary=str(tmp_path / "tiny"), **order)
    tiny, run_ = weights(tmp_path / "tiny"), weights(tmp_path / "run")
    assert all(torch.equal(run_[name], tiny[name]) for name in tiny if name.startswith("vocabulary."))
    with pytest.raises(UsageError, match="stands on a checkpoint's decoder"):
        run(start, tmp_path / "other", pages(8), scratch=True, tokenizer=str(start), **order)


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


def test_a_disk_that_is_full_of_tensors_is_named(
    saved: SaveModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, out = saved("lines"), tmp_path / "run"
    whole = taught(start, tmp_path / "whole", bars(12), cells=60)
    training = run(start, out, bars(12), cells=60)
    steps = training.steps()
    while next(steps).step < 2:
        pass
    kept = (out / "state.pt").read_bytes(), weights(out)

    def full(*_: object, **__: object) -> None:
        raise SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)")

    with monkeypatch.context() as patch:
        patch.setattr(folder, "save_file", full)
        with pytest.raises(OutputError, match="the disk is full"):
            list(steps)
    assert (out / "state.pt").read_bytes() == kept[0]
    assert all(torch.equal(tensor, kept[1][name]) for name, tensor in weights(out).items())
    assert taught(start, out, bars(12), cells=60, resume=True) == whole


@pytest.mark.parametrize("file", [".state.pt.partial", "config.json.partial", "metrics.jsonl"])
def test_a_disk_that_is_full_is_named(file: str, saved: SaveModel, tmp_path: Path) -> None:
    start, out = saved("lines"), tmp_path / "run"
    taught(start, out, bars(12), cells=60, steps=2)
    kept = weights(out)
    training = run(start, out, bars(12), cells=60, resume=True)
    steps = training.steps()
    if file == "metrics.jsonl":
        next(steps)
    (out / file).unlink(missing_ok=True)
    (out / file).symlink_to("/dev/full")
    with pytest.raises(OutputError, match="the disk is full") as caught:
        list(steps)
    assert caught.value.code == "disk_full"
    (out / file).unlink()
    assert weights(out).keys() == kept.keys()
    assert len(taught(start, out, bars(12), cells=60, resume=True)) >= 2


class Killed(BaseException):
    """What nobody catches, like a kill."""


@contextmanager
def killed(after: int) -> Iterator[None]:
    """Die when a file is about to take its place for so many times; before that all goes on."""
    left, replace = [after], os.replace

    def replaced(*arguments: Any) -> None:  # noqa: ANN401
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        replace(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", replaced)
        yield


def test_a_run_killed_at_any_moment_leaves_a_model_and_goes_on_as_if_it_had_not_been(
    saved: SaveModel, tmp_path: Path
) -> None:
    start = saved("lines_decoder")
    order: dict[str, Any] = {"cells": 60, "steps": 4}
    whole = taught(start, tmp_path / "whole", bars(12), **order)
    for moment in range(4):
        out = tmp_path / f"{moment}"
        training = run(start, out, bars(12), **order)
        steps = training.steps()
        while next(steps).step < 2:
            pass
        with pytest.raises(Killed), killed(moment):
            list(steps)
        assert checkpoint.load(out).model.glyphs is not None
        assert taught(start, out, bars(12), resume=True, **order) == whole
        one, other = weights(tmp_path / "whole"), weights(out)
        assert all(torch.equal(one[name], other[name]) for name in one)


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
    for read, true in rows[-1]["held_out"]["samples"]:
        assert set(true) <= set(small.LETTERS)
        assert isinstance(read, str)
    assert {"loss", "rate", "tokens", "seconds"} <= set(rows[1])
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
    assert all(torch.equal(one[name], other[name]) for name in one if name.startswith("clip."))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device is here")
@pytest.mark.parametrize("case", CASES)
def test_a_gpu_learns_what_a_cpu_learns(case: str, saved: SaveModel, tmp_path: Path) -> None:
    family, entries, order = CASES[case]
    start = saved(family)
    machines = {device: replace(MACHINE, device=device) for device in ("cpu", "cuda")}
    found = {name: taught(start, tmp_path / name, entries, machine=one, **order) for name, one in machines.items()}
    assert len(found["cuda"]) == 4
    assert found["cuda"] == pytest.approx(found["cpu"], rel=0.08)
