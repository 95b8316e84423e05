"""vary finetune, from the command line to a model that converts."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest
import torch

from vary_cli import config, plugins
from vary_cli.cli.finetune import Place, line, shares
from vary_cli.finetune.order import Machine, Order
from vary_cli.finetune.progress import Progress
from vary_cli.model import checkpoint, find
from vary_cli.model.spec import ModelSpec

Vary = Callable[..., tuple[int, str, str]]
EXAMPLES = sorted(Path(__file__).parents[2].glob("examples/*.toml"))
SMALL = ("--device", "cpu", "--workers", "0", "--cells", "120", "--held-out", "0")


@pytest.fixture
def pages() -> Path:
    """Two pictures of a few lines, each with its Markdown."""
    texts = ["The quick brown fox\njumps over the lazy dog", "Every page has a text\nthat stands beside it"]
    folder = Path("pages")
    folder.mkdir()
    for i, text in enumerate(texts):
        document = pymupdf.open()
        page = document.new_page(width=200, height=90)
        for k, words in enumerate(text.split("\n")):
            page.insert_text((20, 36 + 24 * k), words, fontsize=11)
        page.get_pixmap(dpi=150).save(folder / f"{i}.png")
        (folder / f"{i}.md").write_text(text)
    return folder


def test_a_few_pages_with_markdown_teach_the_model_that_converts_them(vary: Vary, pages: Path) -> None:
    code, out, said = vary("finetune", str(pages), "-o", "run", "--steps", "2", "--judge-every", "2", *SMALL)
    assert (code, out) == (0, "")
    sure = re.search(r"(\d) lines on 2 pictures have a text that is sure; (\d) others are left out", said)
    assert sure is not None
    assert int(sure[1]) + int(sure[2]) == 4
    assert int(sure[1]) >= 3  # of the others the reading errs at an edge
    assert "memory: about" in said
    assert "step 2/2; loss" in said
    rows = [json.loads(line) for line in Path("run/metrics.jsonl").read_text().splitlines()]
    assert rows[-1]["learned"]["error"] <= rows[0]["learned"]["error"] < 0.2
    assert vary("convert", "--model", "run", str(pages / "0.png"), "-o", "-")[1].startswith("The quick brown fox")
    assert vary("models", "verify", "run")[0] == 0
    before = checkpoint.load(find.resolve("vary-nano")).model.state_dict()
    after = checkpoint.load(Path("run")).model.state_dict()
    assert any(not torch.equal(before[name], after[name]) for name in before if name in after)


def test_a_run_that_is_killed_leaves_a_model_and_goes_on(pages: Path) -> None:
    words = [
        sys.executable,
        "-m",
        "vary_cli",
        "finetune",
        str(pages),
        "-o",
        "run",
        "--steps",
        "500",
        "--save-every",
        "1",
    ]
    process = subprocess.Popen(
        [*words, "--judge-every", "500", *SMALL, "-q"], env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    deadline = time.monotonic() + 300
    metrics = Path("run/metrics.jsonl")
    while (not metrics.exists() or len(metrics.read_text().splitlines()) < 4) and time.monotonic() < deadline:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    state = torch.load("run/state.pt", weights_only=True)
    assert state["step"] >= 2
    assert checkpoint.load(Path("run")).model.glyphs is not None
    from vary_cli.finetune.run import Run

    assert all(row["step"] >= 0 for row in Run(Path("run")).metrics())


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["nowhere", "-o", "run"], "nowhere does not exist", 3),
        (["-o", "run"], "no data set to learn from", 2),
        (["pages"], "no folder for the run", 2),
        (["pages=much", "-o", "run"], "'much' is no weight", 2),
        (["pages=1..much", "-o", "run"], "'1..much' is no weight", 2),
        (["pages=0", "-o", "run"], "pages weighs nothing", 3),
        (["pages", "-o", "run", "--model", "vary-nona"], "vary-nona", 6),
        (["pages", "-o", "run", "--stage", "base"], "no formula", 3),
        (["pages", "-o", "run", "--device", "tpu"], "no device 'tpu'", 2),
    ],
)
def test_what_cannot_be_is_named(arguments: list[str], message: str, code: int, vary: Vary, pages: Path) -> None:
    found = vary("finetune", *arguments)
    assert found[0] == code
    assert message in found[2]


def test_weights_may_change_on_the_way(tmp_path: Path) -> None:
    assert shares(["a", "b/=0.3", "c=1..0.2"]) == {"a": None, "b/": 0.3, "c": (1.0, 0.2)}
    recipe = tmp_path / "mine.toml"
    recipe.write_text("[finetune]\ndata = { lines = [0.9, 0.1], pages = [0.1, 0.9], more = 0.5 }\n")
    _, _, place = config.settle([Order, Machine, Place], [config.section(recipe, ["finetune"], ["finetune"])])
    assert place.data == {"lines": (0.9, 0.1), "pages": (0.1, 0.9), "more": 0.5}


def test_what_is_read_is_shown_to_those_who_ask(vary: Vary, pages: Path) -> None:
    words = [str(pages), "-o", "run", "--steps", "2", "--judge-every", "1", *SMALL[:-1], "0.5", "-v"]
    code, _, said = vary("finetune", *words)
    assert code == 0
    assert said.count("held out: ") == 3
    read, true = re.findall(r"  read: (.*)\n  true: (.*)", said)[0]
    assert len(read) > 5
    assert true in {line for file in pages.glob("*.md") for line in file.read_text().split("\n")}
    assert [bool(row.get("held_out")) for row in map(json.loads, Path("run/metrics.jsonl").read_text().splitlines())]


def test_a_step_in_words_has_its_loss_its_speed_and_its_rate() -> None:
    assert line(Progress(3, 9, {}, 0.1234, 5e-5, 3000, 2.0)) == "loss 0.123  1,500 tokens/s  rate 5.0e-05"


def test_a_missing_package_is_named(vary: Vary, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "accelerate", None)
    code, _, said = vary("finetune", str(pages), "-o", "run")
    assert code == 7
    assert "pip install 'vary-cli[train]'" in said


def shape(name: str) -> ModelSpec:
    """The shape that a recipe's model is of; a run of another recipe is of that one's."""
    if name.startswith("weights/"):
        return checkpoint.recognised(Path(__file__).parents[2] / name).spec
    if name.startswith("runs/"):
        other = Path(__file__).parents[2] / "examples" / f"{name.removeprefix('runs/')}.toml"
        return shape(tomllib.loads(other.read_text())["finetune"]["model"])
    spec: ModelSpec = plugins.load("vary_cli.model.families", name).SPEC
    return spec


@pytest.mark.parametrize("recipe", EXAMPLES, ids=lambda path: path.stem)
def test_every_recipe_is_understood(recipe: Path) -> None:
    layer = config.section(recipe, ["finetune"], ["finetune"])
    order, _, place = config.settle([Order, Machine, Place], [layer])
    stage = order.settled(shape(order.model), 1_000_000)
    assert stage.steps > 1
    assert place.output.startswith("runs/")
    assert place.data


def test_the_paper_s_batches_are_kept() -> None:
    sizes = {}
    for recipe in EXAMPLES:
        order, _, _ = config.settle([Order, Machine, Place], [config.section(recipe, ["finetune"], ["finetune"])])
        sizes[recipe.stem] = (order.batch or 0) * (order.micros or 0), order.rate
    assert sizes["vary-tiny"] == (512, 5e-5)
    assert sizes["vary-base"] == (256, 5e-5)
    assert sizes["vary-base-sft"] == (256, 1e-5)
    assert sizes["got-1"] == (128, 1e-4)


def test_a_recipe_is_named_like_data(vary: Vary, pages: Path) -> None:
    Path("mine.toml").write_text('[finetune]\nstage = "base"\noutput = "run"\ndata = ["pages"]\n')
    code, _, said = vary("finetune", "mine.toml")
    assert code == 3
    assert "gives no formula to learn from" in said


def test_help_does_not_wait_for_torch(vary: Vary) -> None:
    code = "import sys; from vary_cli import cli; cli.run(['finetune', '--help']); sys.exit('torch' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert "FILE.toml" in found.stdout
