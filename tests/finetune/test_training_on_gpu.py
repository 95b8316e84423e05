"""Training on a CUDA device in its own arithmetic; skipped where there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from small import Entry, bars, formulas, losses, pages

from vary_cli.finetune.order import Machine, Order
from vary_cli.finetune.training import Training

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device is here")]
SaveModel = Callable[[str], Path]
CASES: dict[str, tuple[str, list[Entry], dict[str, Any]]] = {
    "lines": ("lines", bars(12), {"cells": 60, "optimizer": "muon"}),
    "formulas": ("lines_decoder", formulas(12), {"stage": "base", "cells": 400}),
    "pages": ("vary_tiny", pages(12), {"batch": 2}),
    "base": ("vary_base", pages(12), {"stage": "base", "batch": 2}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_gpu_learns_what_a_cpu_learns(case: str, saved: SaveModel, tmp_path: Path) -> None:
    family, entries, order = CASES[case]
    start, found = saved(family), []
    for device in ("cpu", "cuda"):
        machine = Machine(device=device, workers=0, judge_every=100, save_every=100)
        settings: dict[str, Any] = {"model": str(start), "steps": 4, "seed": 3, **order}
        training = Training(
            Order(**settings), machine, {"set": entries}, {}, tmp_path / device, lambda text: None, False
        )
        assert len(list(training.steps())) == 5
        found.append(losses(training.run.metrics()))
    assert found[1] == pytest.approx(found[0], rel=0.08)
