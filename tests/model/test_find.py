from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vary_cli.errors import WeightsError
from vary_cli.model import find


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(find, "own", lambda: [tmp_path / "own"])
    monkeypatch.delenv(find.VARIABLE, raising=False)


def model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    return folder


def test_a_path_is_itself(tmp_path: Path) -> None:
    assert find.resolve(model(tmp_path / "mine")) == tmp_path / "mine"


def test_the_variable_comes_before_the_program_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = model(tmp_path / "own" / "vary-nano")
    assert find.resolve("vary-nano") == own
    assert find.packaged() == own
    stated = model(tmp_path / "stated" / "vary-nano")
    monkeypatch.setenv(find.VARIABLE, f"/nowhere:{tmp_path / 'stated'}")
    assert find.resolve("vary-nano") == stated


def test_offline_never_touches_the_network_and_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(find, "snapshot", lambda spec, revision, local: asked.append(local))
    with pytest.raises(WeightsError) as caught:
        find.resolve("got-ocr2", offline=True)
    assert asked == [True]
    assert "hf download stepfun-ai/GOT-OCR2_0 --revision 979938bf" in caught.value.hint


def test_a_revision_may_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    model(tmp_path / "own" / "got-ocr2")
    monkeypatch.setattr(find, "snapshot", lambda spec, revision, local: None if local else Path(revision))
    assert find.resolve("got-ocr2@abc") == Path("abc")


def test_what_was_never_published_says_so() -> None:
    with pytest.raises(WeightsError) as caught:
        find.resolve("vary-base")
    assert "e-mail" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "message"), [("vary-tyo", "no model and no folder"), ("some/folder", "does not exist")]
)
def test_a_name_that_is_nothing_is_refused(name: str, message: str) -> None:
    with pytest.raises(WeightsError, match=message):
        find.resolve(name)


def test_every_family_is_listed() -> None:
    listed = {entry.spec.name: entry.path for entry in find.models()}
    assert listed["vary-toy"] is None
    assert len(listed) == 8


def test_listing_models_does_not_import_torch() -> None:
    code = "import sys; from vary_cli.model import find; find.models(); print('torch' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
