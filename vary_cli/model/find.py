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


def named(name: str | Path) -> str | None:
    """The family that a model's name says, without its revision; None for a path."""
    label = str(name).partition("@")[0]
    return None if Path(name).expanduser().exists() else label


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
    """The model's files in the Hugging Face cache; those of its main branch where no revision is pinned."""
    from huggingface_hub import constants

    kept = Path(constants.HF_HUB_CACHE, "models--" + spec.source.replace("/", "--"))
    if not spec.source or not kept.is_dir():  # asking the hub's own functions takes half a second to import them
        return None
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return snapshot(spec, revision, local=True)
    except (LocalEntryNotFoundError, OSError):
        return None


def fetched(spec: ModelSpec, revision: str, offline: bool) -> Path:
    """The model's files from the hub, at the pinned revision unless another one is named."""
    if not spec.source:
        raise WeightsError(f"{spec.name} is not on this machine", spec.get)
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    commit = revision or spec.revision
    how = f"hf download {spec.source}{f' --revision {commit}' if commit else ''}; or put it under ${VARIABLE}"
    if offline or os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}:
        raise WeightsError(f"{spec.name} is not on this machine, and --offline keeps it from being fetched", how)
    if not commit:
        raise WeightsError(f"{spec.name} is not on this machine, and no revision of it is pinned", how)
    try:
        return snapshot(spec, commit, local=False)
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        cause = " ".join(str(error).split())[:200]
        raise WeightsError(f"{spec.name} cannot be had from the hub: {cause}", how) from error


def snapshot(spec: ModelSpec, revision: str, *, local: bool) -> Path:
    """A hub repository's files in the cache; `local` never asks the hub. Raises what huggingface_hub does."""
    from huggingface_hub import snapshot_download

    commit = revision or spec.revision or None
    return Path(snapshot_download(spec.source, revision=commit, allow_patterns=[*WANTED], local_files_only=local))


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
