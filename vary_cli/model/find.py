"""Where models are: folders, $VARY_WEIGHTS, what comes with the program, the Hugging Face cache, and then its hub.

Knows no tensors: `vary models list` starts without torch.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import vary_cli
from vary_cli import plugins
from vary_cli.errors import UsageError, WeightsError
from vary_cli.model import manifest
from vary_cli.model.spec import ModelSpec

FAMILIES = "vary_cli.model.families"
VARIABLE = "VARY_WEIGHTS"
WANTED = (
    *("*.safetensors", "*.safetensors.index.json", "pytorch_model*.bin", "*.bin.index.json", "config.json"),
    *("tokenizer.json", "qwen.tiktoken", "vocab.json", "merges.txt", "added_tokens.json"),
)
"""Files of a hub repository that are fetched: never code."""


@dataclass(frozen=True)
class Listed:
    """A family, and where its weights are on this machine."""

    spec: ModelSpec
    path: Path | None
    """None: they are not here."""


def resolve(name: str | Path, *, offline: bool = False) -> Path:
    """The folder (or .pth file) of a model: a path, or a name with or without `@revision`.

    Looks at paths, $VARY_WEIGHTS, what comes with the program, the Hugging Face cache and, unless offline, its hub.
    Raises WeightsError that says how to get what is missing.
    """
    path = Path(name).expanduser()
    if path.exists():
        return path
    if len(path.parts) > 1:
        raise WeightsError(f"{name} does not exist", "give a model's folder, or a name of: vary models list")
    label, _, revision = str(name).partition("@")
    spec = family(label)
    found = None if revision else nearby(spec.name)
    return found or cached(spec, revision) or fetched(spec, revision, offline)


def family(name: str) -> ModelSpec:
    """The spec of a family by its name. Raises WeightsError that lists the known ones."""
    try:
        spec: ModelSpec = plugins.load(FAMILIES, name).SPEC
    except UsageError as error:
        known = ", ".join(other.replace("_", "-") for other in plugins.names(FAMILIES))
        raise WeightsError(f"{name!r} is no model and no folder", f"known: {known}") from error
    return spec


def nearby(name: str) -> Path | None:
    """The folder of that name in $VARY_WEIGHTS or among what comes with the program."""
    return next((root / name for root in roots() if (root / name / "config.json").is_file()), None)


def roots() -> list[Path]:
    """Folders that hold models: those of $VARY_WEIGHTS, then the program's own."""
    stated = [Path(part).expanduser() for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part]
    return [*stated, *own()]


def own() -> list[Path]:
    """The weights folders that come with the program: in an installed package, and in a checkout."""
    package = Path(vary_cli.__file__).parent
    return [package / "weights", package.parent / "weights"]


def packaged(name: str = "vary-nano") -> Path | None:
    """The model of that name that comes with the program."""
    return next((root / name for root in own() if (root / name / "config.json").is_file()), None)


def cached(spec: ModelSpec, revision: str = "") -> Path | None:
    """The model's files in the Hugging Face cache."""
    return None if not spec.source else snapshot(spec, revision, local=True)


def fetched(spec: ModelSpec, revision: str, offline: bool) -> Path:
    """The model's files from the hub, at the pinned revision unless another one is named."""
    if not spec.source:
        raise WeightsError(f"{spec.name} is not on this machine", spec.get)
    offline = offline or os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}
    path = None if offline else snapshot(spec, revision, local=False)
    if path is None:
        why = "and --offline keeps it from being fetched" if offline else "and the hub could not be reached"
        command = f"hf download {spec.source} --revision {revision or spec.revision}"
        raise WeightsError(f"{spec.name} is not on this machine, {why}", f"{command}; or put it under ${VARIABLE}")
    return path


def snapshot(spec: ModelSpec, revision: str, *, local: bool) -> Path | None:
    """A hub repository's files in the cache; None where they are not (local) or cannot be had."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        commit = revision or spec.revision
        return Path(snapshot_download(spec.source, revision=commit, allow_patterns=[*WANTED], local_files_only=local))
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError):
        return None


def revision(path: Path) -> str:
    """What tells a model's files from others: the hub's commit, or the hash of its manifest; '' without either."""
    if path.parent.name == "snapshots":
        return path.name
    listed = path / manifest.NAME
    return manifest.digest(listed) if listed.is_file() else ""


def models() -> list[Listed]:
    """All families, and where each one's weights are; nothing is fetched."""
    specs = [plugins.load(FAMILIES, name).SPEC for name in plugins.names(FAMILIES)]
    return [Listed(spec, nearby(spec.name) or cached(spec)) for spec in specs]
