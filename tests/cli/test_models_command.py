from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from vary_cli.model import find, manifest
from vary_cli.model.spec import ModelSpec, as_dict

Vary = Callable[..., tuple[int, str, str]]


@pytest.fixture
def toy(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of our own form that stands for vary-toy, of two tensors; and no hub."""
    folder = here / "models" / "vary-toy"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"spec": as_dict(ModelSpec("vary-toy", license="ours"))}))
    save_file({"a": torch.zeros(3, 4), "b": torch.zeros(5)}, folder / "model.safetensors")
    manifest.write(folder, [folder / "model.safetensors", folder / "config.json"])
    monkeypatch.setenv("VARY_WEIGHTS", str(here / "models"))
    monkeypatch.setattr(find, "cached", lambda spec, revision="": None)
    return folder


def test_the_list_says_where_each_model_is(vary: Vary, toy: Path) -> None:
    code, out, _ = vary("models", "list")
    lines = {line.split()[0]: line for line in out.splitlines()}
    assert code == 0
    assert lines["vary-toy"].endswith(str(toy))
    assert "not here" in lines["vary-base"]
    found = {model["name"]: model["path"] for model in json.loads(vary("models", "list", "--json")[1])}
    assert (found["vary-toy"], found["vary-base"]) == (str(toy), None)


@pytest.mark.parametrize("name", ["vary-toy", "models/vary-toy"])
def test_info_counts_what_is_in_the_files(vary: Vary, toy: Path, name: str) -> None:
    known = json.loads(vary("models", "info", name, "--json")[1])
    assert (known["parameters"], known["license"], known["shape"]["reads"]) == (17, "ours", "page")
    assert "parameters  17" in vary("models", "info", name)[1]


def test_info_tells_of_models_that_are_not_here(vary: Vary, toy: Path) -> None:
    code, out, _ = vary("models", "info", "vary-base")
    assert code == 0
    assert "get " in out


def test_verify_finds_a_file_that_was_changed(vary: Vary, toy: Path) -> None:
    assert vary("models", "verify", "vary-toy")[0] == 0
    (toy / "config.json").write_text("{}")
    code, out, err = vary("models", "verify", "vary-toy")
    assert code == 6
    assert "ok: model.safetensors" in out
    assert "config.json" in err


def test_the_path_is_printed_and_a_missing_model_says_how_to_get_it(vary: Vary, toy: Path) -> None:
    assert vary("models", "path", "vary-toy") == (0, f"{toy}\n", "")
    code, out, err = vary("models", "path", "vary-base")
    assert (code, out) == (6, "")
    assert "e-mail" in err or "hf download" in err
    assert vary("models", "path", "vary-tow")[0] == 6


def test_a_folder_that_holds_something_is_not_converted_into(vary: Vary, toy: Path) -> None:
    Path("full").mkdir()
    Path("full/mine").touch()
    assert vary("models", "convert", str(toy), "full")[0] == 5
    assert vary("models", "convert", "nowhere", "new")[0] == 2


def test_what_is_no_checkpoint_is_not_converted(vary: Vary, toy: Path) -> None:
    Path("empty").mkdir()
    code, _, err = vary("models", "convert", "empty", "new")
    assert code == 6
    assert "holds no weights" in err
    assert not Path("new").exists()


def test_doctor_tells_people_and_machines_what_is_here(vary: Vary, toy: Path) -> None:
    code, out, _ = vary("doctor", "--json")
    found = {finding["name"]: finding for finding in json.loads(out)}
    assert code == 0
    assert found["torch"]["detail"] == torch.__version__
    assert found["cpu"]["found"]
    assert found["vary-toy"]["detail"] == str(toy)
    assert "ok      torch " in vary("doctor")[1]
