from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from vary_cli import config
from vary_cli.errors import UsageError


@dataclass(frozen=True)
class Inner:
    weight: float = 1.0


@dataclass(frozen=True)
class Options:
    dpi: float = 200
    """Resolution at which
    pages are rendered."""
    pages: str | None = None
    """Which pages."""
    count: int = 1
    offline: bool = False
    layer: Literal["trust", "off"] = "trust"
    boxes: tuple[float, ...] = ()
    place: Path = Path("here")
    batch: Literal["auto"] | int = "auto"
    rates: dict[str, float] = field(default_factory=dict)
    inner: Inner = Inner()


@dataclass(frozen=True)
class Others:
    model: str = "nano"


def told(values: dict[str, object]) -> Options:
    return config.overlay(Options(), values, "here.toml")


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("dpi", 300, 300.0),
        ("dpi", "72.5", 72.5),
        ("pages", "1-3", "1-3"),
        ("count", "7", 7),
        ("offline", "yes", True),
        ("offline", False, False),
        ("layer", "off", "off"),
        ("boxes", [1, 2.5], (1.0, 2.5)),
        ("boxes", "1,2", (1.0, 2.0)),
        ("place", "there", Path("there")),
        ("batch", "auto", "auto"),
        ("batch", "8", 8),
        ("rates", {"decoder": 1}, {"decoder": 1.0}),
        ("inner", {"weight": 2}, Inner(2.0)),
    ],
)
def test_values_become_what_the_field_wants(key: str, value: object, expected: object) -> None:
    assert getattr(told({key: value}), key) == expected


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dpi", "wide"),
        ("dpi", True),
        ("count", 2.5),
        ("count", None),
        ("offline", "perhaps"),
        ("layer", "of"),
        ("batch", "many"),
        ("boxes", 3),
        ("pages", 3),
        ("rates", [1]),
    ],
)
def test_a_wrong_value_is_an_error_that_names_file_and_key(key: str, value: object) -> None:
    with pytest.raises(UsageError, match=f"here.toml: {key}"):
        told({key: value})


def test_an_unknown_key_is_an_error_that_offers_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        told({"ofline": True})
    assert "'ofline'" in caught.value.message
    assert caught.value.hint == "did you mean offline?"


def test_an_unknown_key_of_an_inner_table_is_an_error_too() -> None:
    with pytest.raises(UsageError, match=r"here.toml: inner: 'wait' is unknown"):
        told({"inner": {"wait": 1}})


def test_later_layers_win_and_each_key_goes_to_its_dataclass() -> None:
    layers = [config.Layer({"dpi": 100, "model": "a"}, "file"), config.Layer({"dpi": 300}, "flags")]
    options, others = config.settle([Options, Others], layers)
    assert (options.dpi, others.model, options.count) == (300, "a", 1)


def test_variables_are_read_by_field_name_and_others_left_alone() -> None:
    layer = config.environment([Options], {"VARY_DPI": "300", "VARY_WEIGHTS": "/models", "HOME": "/"})
    assert layer.values == {"dpi": "300"}


def test_a_file_has_a_table_a_command(tmp_path: Path) -> None:
    path = tmp_path / "vary.toml"
    path.write_text('[convert]\ntext-layer = "off"\n[data.check]\ncount = 3\n')
    assert config.section(path, ["convert"], ["convert", "data"]).values == {"text_layer": "off"}
    assert config.section(path, ["data", "check"], ["convert", "data"]).values == {"count": 3}
    assert config.section(path, ["ocr"], ["convert", "data", "ocr"]).values == {}


def test_a_table_of_no_command_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "vary.toml"
    path.write_text("[convrt]\ndpi = 300\n")
    with pytest.raises(UsageError) as caught:
        config.section(path, ["convert"], ["convert"])
    assert caught.value.hint == "did you mean convert?"


def test_a_file_that_is_not_toml_is_named_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "vary.toml"
    path.write_text("[convert]\ndpi 300\n")
    with pytest.raises(UsageError, match="line 2"):
        config.read(path)
    with pytest.raises(UsageError, match="cannot be read"):
        config.read(tmp_path / "missing.toml")


def test_the_file_here_is_weaker_than_the_one_asked_for_and_stronger_than_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "vary").mkdir(parents=True)
    users = tmp_path / "home" / "vary" / "config.toml"
    users.touch()
    Path("vary.toml").touch()
    assert config.files() == [users, Path("vary.toml")]
    assert config.files(Path("other.toml")) == [users, Path("other.toml")]


def test_the_line_under_a_field_is_its_documentation() -> None:
    assert config.docs(Options) == {"dpi": "Resolution at which pages are rendered.", "pages": "Which pages."}
