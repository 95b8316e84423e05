"""Two processes learn what one learns: by DDP, by FSDP, and from a state that the one has saved."""

from __future__ import annotations

import json
import multiprocessing
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from small import losses, pages
from test_training import SaveModel, run, weights

from vary_cli.finetune.judge import Panel
from vary_cli.finetune.order import Machine
from vary_cli.finetune.run import Run

PANEL = Panel((), ())
ORDER: dict[str, Any] = {"batch": 2, "micros": 2, "average": 0.0, "held_out": 0.0, "rate": 1e-2}


def one_of_two(rank: int, port: int, model: Path, out: Path, shard: bool, resume: bool, last: int) -> None:
    """A process as torchrun starts it."""
    os.environ |= {"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2"}
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "OMP_NUM_THREADS": "1"}
    machine = Machine(device="cpu", workers=0, judge_every=100, save_every=2, shard=shard)
    training = run(model, out, pages(12), machine, resume, **ORDER)
    training.panels = lambda: (PANEL, PANEL)  # type: ignore[method-assign]  # reading is tested elsewhere
    for progress in training.steps():
        if progress.step == last < 4:
            break


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def two(*arguments: Any) -> None:  # noqa: ANN401
    """Run both and wait for them."""
    port = free_port()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["test_distributed", "accelerate", "peft"])
    both = [context.Process(target=one_of_two, args=(rank, port, *arguments)) for rank in (0, 1)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]


@pytest.fixture
def alone(saved: SaveModel, tmp_path: Path) -> tuple[Path, list[float]]:
    """A model, and the losses of one process that learns both of each step's batches."""
    start = saved("vary_tiny")
    training = run(start, tmp_path / "alone", pages(12), Machine(device="cpu", workers=0), **ORDER)
    training.panels = lambda: (PANEL, PANEL)  # type: ignore[method-assign]
    list(training.steps())
    return start, losses(training.run.metrics())  # type: ignore[return-value]


@pytest.mark.parametrize("shard", [False, True], ids=["ddp", "fsdp"])
def test_two_processes_have_the_losses_of_one(shard: bool, alone: tuple[Path, list[float]], tmp_path: Path) -> None:
    start, wanted = alone
    two(start, tmp_path / "two", shard, False, 2)
    two(start, tmp_path / "two", shard, True, 4)
    assert losses(Run(tmp_path / "two").metrics()) == pytest.approx(wanted, rel=1e-4)
    assert wanted[3] != pytest.approx(wanted[0], rel=1e-2)
    ours, theirs = (weights(tmp_path / name) for name in ("alone", "two"))
    assert all((ours[name] - theirs[name]).abs().max() < 2e-3 for name in ours)


def test_two_machines_that_torchrun_starts_learn_what_one_does(saved: SaveModel, tmp_path: Path) -> None:
    start = saved("vary_tiny")
    data = tmp_path / "data"
    data.mkdir()
    for i, entry in enumerate(pages(6)):
        entry.example().image.save(data / f"{i}.png")
        (data / f"{i}.md").write_text(entry.text)
    words = [data, "--model", start, "--steps", "2", "--batch", "2", "--micros", "2", "--held-out", "0"]
    words += ["--rate", "1e-2", "--device", "cpu", "--workers", "0", "-q"]
    port = free_port()
    runs = [[]] + [["torch.distributed.run", "--nnodes", "2", "--node-rank", str(rank)] for rank in (0, 1)]
    started = []
    for launcher in runs:
        more = ["--nproc-per-node", "1", "--master-addr", "127.0.0.1", "--master-port", str(port), "-m"]
        command = [sys.executable, "-m", *launcher, *(more if launcher else []), "vary_cli", "finetune", *words]
        out = tmp_path / ("two" if launcher else "one")
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        started.append(subprocess.Popen([*map(str, command), "-o", str(out)], env=environment))
    assert [process.wait() for process in started] == [0, 0, 0]
    one, both = (losses(Run(tmp_path / name).metrics()) for name in ("one", "two"))
    assert both == pytest.approx(one, rel=1e-4)
    assert len(one) == 2
    assert json.loads((tmp_path / "two/config.json").read_text())["trained"]["step"] == 2
