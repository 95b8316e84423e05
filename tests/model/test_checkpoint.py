from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
import torch
from golden import Case
from safetensors.torch import load_file, save_file
from shrunken import model, tokenizer

from vary_cli.errors import OutputError, WeightsError
from vary_cli.model import checkpoint, folder, manifest
from vary_cli.model.tensors import open_source

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    checkpoint.save(model("vary_toy"), tmp_path / "ours", tokenizer(), {"trained": {"steps": 3}})
    return tmp_path / "ours"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published")
    Case(GOLDEN / "vary_toy_small_vocab").write(path)
    return path


def changed(path: Path, **tensors: torch.Tensor | None) -> None:
    """Rewrite a folder's weights with some tensors replaced, or without them."""
    state = load_file(path / "model.safetensors")
    for name, tensor in tensors.items():
        key = name.replace("__", ".")
        state.pop(key, None)
        if tensor is not None:
            state[key] = tensor
    save_file(state, path / "model.safetensors")


def test_missing_left_over_and_misshapen_tensors_are_all_named(ours: Path) -> None:
    changed(
        ours, projectors__clip__bias=None, something__else=torch.ones(1), projectors__vocabulary__bias=torch.ones(7)
    )
    with pytest.raises(WeightsError) as caught:
        checkpoint.load(ours)
    message = caught.value.message
    assert "missing (1): projectors.clip.bias" in message
    assert "left over (1): something.else" in message
    assert "misshapen (1): projectors.vocabulary.bias [7], not [16]" in message


def test_a_missing_block_of_a_published_tower_is_missing(tmp_path: Path, published: Path) -> None:
    state = {
        n: t for n, t in load_file(published / "model.safetensors").items() if "vision_tower_high.blocks.2." not in n
    }
    save_file(state, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text((published / "config.json").read_text())
    with pytest.raises(WeightsError, match=r"missing \(14\): vocabulary.blocks.2."):
        checkpoint.load(tmp_path)


def test_convert_writes_what_loading_in_place_gives(
    tmp_path: Path, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder.writing, "__defaults__", (1 << 20,))
    seen = list(checkpoint.convert(published, tmp_path / "ours"))
    direct, converted = checkpoint.load(published), checkpoint.load(tmp_path / "ours")
    assert converted.spec == direct.spec
    assert len(list((tmp_path / "ours").glob("model-*.safetensors"))) > 2
    mine, theirs = converted.model.state_dict(), direct.model.state_dict()
    assert {name for name, _ in seen} == set(theirs)
    assert all(torch.equal(mine[name], theirs[name]) for name in theirs)
    assert not [file for file in manifest.verify(tmp_path / "ours") if file.problem]


@pytest.mark.parametrize("old_form", [False, True])
def test_a_pickled_checkpoint_loads_like_safetensors(tmp_path: Path, published: Path, old_form: bool) -> None:
    state = load_file(published / "model.safetensors")
    names = sorted(state)
    halves = {"pytorch_model-1.bin": names[:60], "pytorch_model-2.bin": names[60:]}
    for file, part in halves.items():
        tensors = {name: state[name] for name in part}
        torch.save(tensors, tmp_path / file, _use_new_zipfile_serialization=not old_form)
    index = {"weight_map": {name: file for file, part in halves.items() for name in part}}
    (tmp_path / "pytorch_model.bin.index.json").write_text(json.dumps(index))
    (tmp_path / "config.json").write_text((published / "config.json").read_text())
    mine, theirs = checkpoint.load(tmp_path).model.state_dict(), checkpoint.load(published).model.state_dict()
    assert all(torch.equal(mine[name], theirs[name]) for name in theirs)


def test_an_absent_shard_is_named(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors.index.json").write_text(
        json.dumps({"weight_map": {"a": "model-2-of-2.safetensors"}})
    )
    with pytest.raises(WeightsError, match=r"lacks model-2-of-2\.safetensors"):
        open_source(tmp_path)


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (print, ("executed",))


def test_a_pickle_is_never_executed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(pickle.dumps({"a": Evil()}, protocol=2))
    with pytest.raises(WeightsError, match="not a plain file of tensors"):
        checkpoint.load(tmp_path)
    assert "executed" not in capsys.readouterr().out


def test_a_600k_file_is_unwrapped_and_recognised(tmp_path: Path) -> None:
    state = {f"visual_encoder.{n}": t for n, t in model("vary_tiny_600k").vocabulary.state_dict().items()}
    others = {"opt_model.model.decoder.x": torch.ones(1), "opt_proj.weight": torch.ones(1)}
    torch.save({"model": state | others, "config": {}}, tmp_path / "vary.pth")
    with pytest.raises(WeightsError, match=r"is not a whole vary-tiny-600k"):
        checkpoint.load(tmp_path / "vary.pth")


def test_a_head_that_is_not_the_table_it_should_be_tied_to_is_refused(tmp_path: Path) -> None:
    before = model("vary_tiny")
    checkpoint.save(before, tmp_path)
    changed(tmp_path, decoder__lm_head__weight=torch.zeros(264, 32))
    with pytest.raises(WeightsError, match="differs from the token table"):
        checkpoint.load(tmp_path)


def test_a_stranger_is_refused_with_its_first_names(tmp_path: Path) -> None:
    save_file({"encoder.weight": torch.ones(1)}, tmp_path / "model.safetensors")
    with pytest.raises(WeightsError, match=r"no model of the Vary family: encoder\.weight"):
        checkpoint.load(tmp_path)


def test_a_damaged_file_is_an_error_with_its_name(ours: Path) -> None:
    whole = (ours / "model.safetensors").read_bytes()
    (ours / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WeightsError, match=r"model\.safetensors cannot be read"):
        checkpoint.load(ours)


def test_verify_names_what_is_damaged_missing_or_short(ours: Path) -> None:
    assert not [file for file in manifest.verify(ours) if file.problem]
    weights = bytearray((ours / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (ours / "model.safetensors").write_bytes(weights)
    (ours / "tokenizer.json").unlink()
    (ours / "config.json").write_text("{}")
    problems = {file.name: file.problem for file in manifest.verify(ours)}
    assert problems["model.safetensors"].startswith("damaged")
    assert problems["tokenizer.json"] == "missing"
    assert problems["config.json"].startswith("2 bytes, not")


def test_what_is_saved_says_how_it_was_trained_and_in_which_numbers(ours: Path) -> None:
    config = json.loads((ours / "config.json").read_text())
    assert config["trained"] == {"steps": 3}
    assert checkpoint.load(ours, dtype=torch.bfloat16).model.projectors["clip"].weight.dtype == torch.bfloat16


def test_saving_again_leaves_other_files_and_no_stale_shards(ours: Path) -> None:
    (ours / "metrics.jsonl").write_text("kept")
    (ours / "model-00001-of-00002.safetensors").write_bytes(b"old")
    checkpoint.save(model("vary_toy", seed=1), ours, tokenizer())
    names = {file.name for file in ours.iterdir()}
    assert names == {"metrics.jsonl", "model.safetensors", "config.json", "tokenizer.json", "manifest.json"}


def test_a_place_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        checkpoint.save(model("vary_toy"), tmp_path / "file" / "below")


def test_towers_alone_and_a_model_without_decoder_load(tmp_path: Path) -> None:
    Case(GOLDEN / "vocabulary_small").write(tmp_path)
    loaded = checkpoint.load(tmp_path)
    assert loaded.model.decoder is None
    assert loaded.tokenizer is None
    checkpoint.save(loaded.model, tmp_path / "ours")
    assert checkpoint.load(tmp_path / "ours").spec == loaded.spec
