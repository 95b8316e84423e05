from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub.errors import LocalEntryNotFoundError

from vary_cli.errors import WeightsError
from vary_cli.model import find
from vary_cli.model.spec import ModelSpec


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


def absent(spec: ModelSpec, revision: str, *, local: bool) -> Path:
    raise LocalEntryNotFoundError("not here" if local else "no route to the hub")


def test_offline_never_touches_the_network_and_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def touched(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was touched")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, touched)
    monkeypatch.setattr(socket, "getaddrinfo", touched)
    with pytest.raises(WeightsError) as caught:
        find.resolve("got-ocr2", offline=True)
    assert "hf download stepfun-ai/GOT-OCR2_0 --revision 979938bf" in caught.value.hint
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(WeightsError, match="keeps it from being fetched"):
        find.resolve("got-ocr2")
    assert len(find.models()) == 8


def test_what_the_hub_says_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "snapshot", absent)
    with pytest.raises(WeightsError, match="cannot be had from the hub: no route to the hub"):
        find.resolve("got-ocr2")


def test_only_pinned_revisions_are_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []

    def snapshot(spec: ModelSpec, revision: str, *, local: bool) -> Path:
        asked.append(revision)
        return absent(spec, revision, local=local) if local else tmp_path

    monkeypatch.setattr(find, "snapshot", snapshot)
    with pytest.raises(WeightsError, match="no revision of it is pinned"):
        find.resolve("vary-toy")
    assert asked == []
    assert find.resolve("vary-toy@0123abc") == tmp_path
    assert find.resolve("got-ocr2") == tmp_path
    assert asked[-1] == "979938bf89ccdc949c0131ddd3841e24578a4742"


def test_a_model_in_the_hub_s_cache_is_found_at_its_pinned_revision(tmp_path: Path) -> None:
    repository = tmp_path / "cache" / "models--stepfun-ai--GOT-OCR2_0"
    folder = model(repository / "snapshots" / "979938bf89ccdc949c0131ddd3841e24578a4742")
    assert find.resolve("got-ocr2", offline=True) == folder
    assert find.revision(folder) == folder.name
    with pytest.raises(WeightsError):
        find.resolve("got-ocr2@0000000000000000000000000000000000000000", offline=True)
    toy = tmp_path / "cache" / "models--Haoran-megvii--Vary-toy"
    folder = model(toy / "snapshots" / ("a" * 40))
    (toy / "refs").mkdir()
    (toy / "refs" / "main").write_text("a" * 40)
    assert find.resolve("vary-toy", offline=True) == folder


def test_a_revision_may_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    model(tmp_path / "own" / "got-ocr2")
    monkeypatch.setattr(find, "snapshot", lambda spec, revision, local: Path(revision))
    assert find.resolve("got-ocr2@abc") == Path("abc")


def test_a_name_says_the_family_and_a_path_does_not(tmp_path: Path) -> None:
    assert find.named("vary-tiny-text@abc") == "vary-tiny-text"
    assert find.named(model(tmp_path / "mine")) is None


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
