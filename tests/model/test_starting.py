from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from shrunken import model, spec

from vary_cli.errors import WeightsError
from vary_cli.model import checkpoint
from vary_cli.model.starting import start
from vary_cli.model.vary import VaryModel


def test_sam_gives_all_but_the_two_new_convolutions(tmp_path: Path) -> None:
    sam = {f"image_encoder.{n}": t for n, t in model("vary_tiny").vocabulary.state_dict().items() if "net_" not in n}
    torch.save(sam | {"prompt_encoder.x": torch.ones(1), "mask_decoder.y": torch.ones(1)}, tmp_path / "sam.pth")
    other = model("vary_tiny", seed=1)
    before = other.vocabulary.net_2.weight.clone()
    taken = start(other, tmp_path / "sam.pth")
    assert taken == {f"vocabulary.{name.removeprefix('image_encoder.')}" for name in sam}
    assert torch.equal(other.vocabulary.neck[0].weight, sam["image_encoder.neck.0.weight"])
    assert torch.equal(other.vocabulary.net_2.weight, before)


def test_clip_gives_its_tower(tmp_path: Path) -> None:
    tower = model("vary_toy").clip.state_dict()
    state = {f"vision_model.{name}": tensor for name, tensor in tower.items()} | {"text_model.z": torch.ones(1)}
    save_file(state, tmp_path / "model.safetensors")
    other = model("vary_toy", seed=1)
    start(other, tmp_path)
    assert all(torch.equal(tensor, tower[name]) for name, tensor in other.clip.state_dict().items())


def test_a_smaller_opt_is_stretched_and_its_table_resized(tmp_path: Path) -> None:
    small = spec("vary_tiny")
    assert small.decoder is not None
    opt = VaryModel(replace(small, decoder=replace(small.decoder, positions=256, vocabulary=260))).decoder
    save_file({n: t for n, t in opt.state_dict().items() if n != "lm_head.weight"}, tmp_path / "model.safetensors")
    other = model("vary_tiny", seed=1)
    start(other, tmp_path)
    old, new = opt.model.decoder, other.decoder.model.decoder
    assert torch.equal(new.embed_tokens.weight[:260], old.embed_tokens.weight)
    assert torch.allclose(new.embed_tokens.weight[260:], old.embed_tokens.weight.mean(0))
    assert torch.allclose(new.embed_positions.weight[[0, 1, 2, -1]], old.embed_positions.weight[[0, 1, 2, -1]])


def test_the_vocabulary_of_a_tiny_run_goes_into_a_base(tmp_path: Path) -> None:
    tiny = model("vary_tiny")
    checkpoint.save(tiny, tmp_path)
    base = model("vary_toy", seed=1)
    taken = start(base, tmp_path, parts=["vocabulary"])
    assert torch.equal(base.vocabulary.net_3.weight, tiny.vocabulary.net_3.weight)
    assert {name.partition(".")[0] for name in taken} == {"vocabulary"}


def test_another_size_is_refused(tmp_path: Path) -> None:
    checkpoint.save(model("vary_tiny", side=128), tmp_path)
    with pytest.raises(WeightsError, match=r"is \[15, 8\], not \[7, 8\]"):
        start(model("vary_tiny"), tmp_path)
