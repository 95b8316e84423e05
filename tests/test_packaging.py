"""What is installed: every package, and the weights."""

import configparser
from pathlib import Path

import pytest

from vary_cli.model import find

ROOT = Path(__file__).parents[1]
SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg")


def listed(option: str) -> set[str]:
    return set(SETUP["options"][option].split())


def test_every_package_is_listed() -> None:
    found = {str(init.parent.relative_to(ROOT)).replace("/", ".") for init in (ROOT / "vary_cli").rglob("__init__.py")}
    assert listed("packages") == found | {"vary_cli.weights"}


def test_the_weights_travel_with_the_package() -> None:
    assert SETUP["options"]["package_dir"].split() == ["vary_cli.weights", "=", "weights"]
    assert SETUP["options.package_data"]["vary_cli.weights"] == "*/*"


def test_the_program_brings_its_model() -> None:
    path = find.packaged("vary-nano")
    assert path is not None
    assert {file.name for file in path.iterdir()} >= {"config.json", "model.safetensors", "README.md"}
    assert sum(file.stat().st_size for file in path.iterdir()) <= 30e6


@pytest.mark.parametrize("extra", ["train", "dev"])
def test_heavy_packages_are_extras(extra: str) -> None:
    assert not {line.split()[0] for line in SETUP["options.extras_require"][extra].split("\n") if line} & {"torch"}
