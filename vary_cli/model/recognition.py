"""What a path holds before a tensor of it is read: which model, in which layout, of which sizes. Reads headers only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vary_cli import plugins
from vary_cli.errors import WeightsError
from vary_cli.model.layouts import PARTS, Layout, recognise
from vary_cli.model.spec import ModelSpec, from_dict
from vary_cli.model.tensors import Source, open_source

FAMILIES = "vary_cli.model.families"
OURS = Layout("vary", marks=(), rules=())


@dataclass(frozen=True)
class Recognised:
    """A checkpoint that is not loaded yet."""

    spec: ModelSpec
    layout: Layout
    source: Source
    config: dict[str, Any]


def recognised(path: Path, family: str | None = None) -> Recognised:
    """The spec, the layout and the tensors of a checkpoint; `family` chooses where several share a layout.

    Raises WeightsError if nobody knows its keys.
    """
    source, config = open_source(path), read_config(path)
    if "spec" in config:
        return Recognised(own_spec(path, config), OURS, source, config)
    known = recognise(PARTS if family in PARTS else published(family) | PARTS, source.shapes, config)
    if known is None:
        some = ", ".join(list(source.shapes)[:4])
        raise WeightsError(f"{path} is no model of the Vary family: {some}, …", f"known: {', '.join(published(None))}")
    name, layout = known
    spec = ModelSpec(name) if name in PARTS else plugins.load(FAMILIES, name).SPEC
    return Recognised(layout.sizes(spec, config) if layout.sizes else spec, layout, source, config)


def own_spec(path: Path, config: dict[str, Any]) -> ModelSpec:
    """The spec in a config.json of ours."""
    try:
        return from_dict(config["spec"])
    except (ValueError, TypeError) as error:
        raise WeightsError(f"{path}/config.json: {error}", "another version of vary wrote it: update vary") from error


def published(family: str | None) -> dict[str, tuple[Layout, ...]]:
    """Family -> its published layouts; of all families or of one."""
    names = plugins.names(FAMILIES) if family is None else [family.replace("-", "_")]
    return {name: plugins.load(FAMILIES, name).LAYOUTS for name in names}


def read_config(path: Path) -> dict[str, Any]:
    """config.json beside the weights; empty where there is none (a bare .pth file)."""
    file = (path if path.is_dir() else path.parent) / "config.json"
    if not file.is_file():
        return {}
    try:
        config: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise WeightsError(f"{file} is not JSON: {error}", "get the file again") from error
    return config
