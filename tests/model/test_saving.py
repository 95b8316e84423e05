"""Saving over a model that is there: at any moment one of the two is whole."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import torch
from shrunken import model

from vary_cli.model import checkpoint, folder


class Killed(Exception):
    """The process is gone."""


def save(network: object, path: Path, shard: int) -> None:
    same = checkpoint.copies(network.spec)  # type: ignore[attr-defined]
    tensors = ((n, t.detach()) for n, t in network.state_dict().items() if n not in same)  # type: ignore[attr-defined]
    for _ in folder.writing(path, network.spec, tensors, None, {}, shard):  # type: ignore[attr-defined]
        pass


@pytest.mark.parametrize("shard", [1 << 30, 40_000], ids=["one file", "shards"])
def test_a_run_killed_at_any_rename_leaves_one_whole_model(
    shard: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = model("vary_tiny"), model("vary_tiny", seed=1)
    states = [old.state_dict(), new.state_dict()]
    replace, seen = os.replace, set()
    for survived in range(40):
        path = tmp_path / str(survived)
        save(old, path, shard)
        left = [survived]

        def renamed(source: Path, target: Path, left: list[int] = left) -> None:
            if not left[0]:
                raise Killed
            left[0] -= 1
            replace(source, target)

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", renamed)
            try:
                save(new, path, shard)
                ended = True
            except Killed:
                ended = False
        found = checkpoint.load(path).model.state_dict()
        whole = [all(torch.equal(found[name], state[name]) for name in state) for state in states]
        assert sum(whole) == 1
        seen.add(whole.index(True))
        if ended:
            assert whole[1]
            index = path / folder.INDEX
            shards = json.loads(index.read_text())["weight_map"].values() if index.exists() else ["model.safetensors"]
            assert {file.name for file in path.glob("model*.safetensors")} == set(shards)  # the old shards are gone
            break
    assert seen == {0, 1}
