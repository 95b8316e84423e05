"""The machine: what a GPU would be asked for, and that a lesson goes there whole."""

from __future__ import annotations

import random
from dataclasses import fields

import pytest
import torch
from small import bars, lines_spec

from vary_cli.errors import DeviceError, UsageError
from vary_cli.finetune.augment import strips
from vary_cli.finetune.machine import accelerator, precision
from vary_cli.finetune.order import Machine
from vary_cli.finetune.rounds import lesson


def test_arithmetic_goes_by_the_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: not including_emulation)
    assert precision(Machine()) == precision(Machine(device="cuda")) == "bf16"
    assert precision(Machine(device="cpu")) == precision(Machine(precision="fp32")) == "no"
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: False)
    assert precision(Machine()) == "no"
    assert precision(Machine(precision="bf16")) == "bf16"


def test_a_machine_without_a_gpu_learns_on_its_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert accelerator(Machine()).device.type == "cpu"
    assert precision(Machine()) == "no"
    with pytest.raises(DeviceError, match="cuda is not here"):
        accelerator(Machine(device="cuda"))
    with pytest.raises(UsageError, match="no device 'cuda:1'") as caught:
        accelerator(Machine(device="cuda:1"))
    assert "CUDA_VISIBLE_DEVICES" in caught.value.hint


def test_a_lesson_goes_to_a_device_whole() -> None:
    found = [strip for entry in bars(4) for strip in strips(entry.example(), random.Random(0))]
    away = lesson(found, lines_spec()).to(torch.device("meta"))
    assert away.glyphs is not None
    tensors = [getattr(away.glyphs, field.name) for field in fields(away.glyphs)]
    tensors += [away.batch.ids, away.batch.mask, away.batch.valid, *away.batch.pixels.values()]
    assert {tensor.device.type for tensor in tensors} == {"meta"}
