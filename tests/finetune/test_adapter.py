"""From conversations to an adapter, from an adapter to a model, from a model to a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image, ImageDraw

from vary_cli import cli
from vary_cli.errors import WeightsError
from vary_cli.model import checkpoint, folder

SaveModel = Callable[[str], Path]


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    """Conversations about two pictures in LLaVA's form."""
    said = [("<image>\nWhat is it?", "A bar."), ("Is it black?", "Yes.")]
    turns = [{"from": who, "value": text} for pair in said for who, text in zip(("human", "gpt"), pair, strict=True)]
    for name in ("a.png", "b.png"):
        image = Image.new("RGB", (80, 60), "white")
        ImageDraw.Draw(image).rectangle((10, 20, 60, 40), fill="black")
        image.save(tmp_path / name)
    rows = [{"id": name, "image": name, "conversations": turns} for name in ("a.png", "b.png")]
    (tmp_path / "talks.json").write_text(json.dumps(rows))
    return tmp_path / "talks.json"


def vary(*words: object) -> int:
    return cli.run([str(word) for word in words])


def test_a_conversation_teaches_an_adapter_that_converts_a_page_merged_or_not(
    saved: SaveModel, talks: Path, tmp_path: Path
) -> None:
    start, run, merged = saved("vary_toy"), tmp_path / "run", tmp_path / "merged"
    words = ["--stage", "base", "--model", start, "--adapter", 2, "-o", run, "--steps", 3, "--rate", 1e-2]
    assert vary("finetune", talks, *words, "--batch", 2, "--held-out", 0, "--device", "cpu", "--workers", 0, "-q") == 0
    assert vary("models", "merge", run, merged) == 0
    one, other = checkpoint.load(run).model.state_dict(), checkpoint.load(merged).model.state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)
    for model, name in ((run, "run.md"), (merged, "merged.md")):
        assert vary("convert", "--model", model, tmp_path / "a.png", "-o", tmp_path / name) == 0
    assert (tmp_path / "run.md").read_text() == (tmp_path / "merged.md").read_text()
    assert vary("models", "merge", run, merged) == 5

    config = json.loads((start / "config.json").read_text())
    folder.write_json(start / "manifest.json", {"files": {}, "note": config["vary_version"]})
    with pytest.raises(WeightsError, match="is not the model that the adapter"):
        checkpoint.load(run)


def test_supervised_tuning_is_the_base_stage_with_another_mixture(
    saved: SaveModel, talks: Path, tmp_path: Path
) -> None:
    question = {"question": "What is it?", "image": "a.png", "answers": ["A bar", "bar"]}
    (tmp_path / "docvqa.json").write_text(json.dumps({"data": [question] * 2}))
    (tmp_path / "chartqa.json").write_text(json.dumps([{"imgname": "b.png", "query": "How many?", "label": "1"}] * 2))
    for name in ("docvqa", "chartqa"):
        made = ["data", "make", "conversations", tmp_path / f"{name}.json", "-o", tmp_path / name, "-n", 2]
        assert vary(*made, "--workers", 1, "-q") == 0
    words = ["--stage", "base", "--batch", 2, "--held-out", 0, "--device", "cpu", "--workers", 0, "-q", "--steps", 2]
    pretrained, tuned = tmp_path / "pretrained", tmp_path / "tuned"
    assert vary("finetune", talks, "--model", saved("vary_base"), "-o", pretrained, *words) == 0
    sets = [talks, tmp_path / "docvqa", f"{tmp_path / 'chartqa'}"]
    assert vary("finetune", *sets, "--model", pretrained, "-o", tuned, "--rate", 1e-5, *words) == 0
    one, other = checkpoint.load(pretrained).model.state_dict(), checkpoint.load(tuned).model.state_dict()
    moved = {name.partition(".")[0] for name in one if not torch.equal(one[name], other[name])}
    assert moved == {"projectors", "decoder"}
    assert vary("convert", "--model", tuned, tmp_path / "a.png", "-o", tmp_path / "tuned.md") == 0
