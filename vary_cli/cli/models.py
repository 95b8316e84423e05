"""List, check, find, convert and merge models."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from vary_cli.cli._settings import settings
from vary_cli.console import Console, printable
from vary_cli.convert import tasks
from vary_cli.errors import OutputError, WeightsError

if TYPE_CHECKING:
    from vary_cli.model.find import Listed


@click.group(
    "models",
    epilog="""\b
Examples:
  vary models list
  vary models verify vary-nano
  vary models convert ~/Downloads/Vary-toy ~/models/vary-toy""",
)
def command() -> None:
    """List, check, find, convert and merge models."""


@command.command("list", epilog="\b\nExamples:\n  vary models list\n  vary models list --json")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_(as_json: bool) -> None:
    """All models that vary knows, and where they are on this machine."""
    from vary_cli.model import find

    models = find.models()
    if as_json:
        click.echo(json.dumps([fields(listed) for listed in models], ensure_ascii=False, indent=2))
        return
    rows = [("NAME", "READS", "LANGUAGES", "WHERE"), *map(row, models)]
    widths = [max(len(line[i]) for line in rows) for i in range(3)]
    for line in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, [*widths, 0], strict=True)))


def row(listed: Listed) -> tuple[str, str, str, str]:
    """A model as a line of the list."""
    spec = listed.spec
    return spec.name, f"{spec.reads}s", ", ".join(spec.languages), str(listed.path or f"not here: {spec.get}")


def fields(listed: Listed) -> dict[str, Any]:
    """A model as data."""
    spec = listed.spec
    return {
        "name": spec.name,
        "path": None if listed.path is None else str(listed.path),
        "reads": spec.reads,
        "languages": list(spec.languages),
        "tasks": tasks(spec),
        "license": spec.license,
        "source": spec.source,
        "revision": spec.revision,
        "get": spec.get,
    }


@command.command(epilog="\b\nExamples:\n  vary models info vary-nano\n  vary models info runs/mine --json")
@click.argument("model")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON, with every size of the network.")
def info(model: str, as_json: bool) -> None:
    """What a model is: its size, licence and files. MODEL is a name or a folder."""
    known = facts(model)
    if as_json:
        click.echo(json.dumps(known, ensure_ascii=False, indent=2))
        return
    for key, value in known.items():
        if value and key != "shape":
            click.echo(f"{key:12}{printable(', '.join(value) if isinstance(value, list) else str(value))}")


def facts(model: str) -> dict[str, Any]:
    """All that is known of a model: of its family, and of its files if they are here."""
    from vary_cli.model import find
    from vary_cli.model.spec import as_dict

    path = Path(model) if Path(model).exists() else next((m.path for m in find.models() if m.spec.name == model), None)
    if path is None:
        spec = find.family(model)
        return fields(find.Listed(spec, None)) | {"shape": as_dict(spec)}
    from vary_cli.model.recognition import recognised

    found = recognised(path)
    return fields(find.Listed(found.spec, path)) | {
        "layout": found.layout.name,
        "parameters": sum(math.prod(shape) for shape in found.source.shapes.values()),
        "bytes": sum(file.stat().st_size for file in found.source.files),
        "shape": as_dict(found.spec),
    }


@command.command(epilog="\b\nExamples:\n  vary models verify vary-nano\n  vary models verify runs/mine")
@click.argument("model")
def verify(model: str) -> None:
    """Check a model's files against the sums that were written with them. MODEL is a name or a folder."""
    from vary_cli.model import find, manifest

    checked = list(manifest.verify(find.resolve(model, offline=True)))
    for file in checked:
        click.echo(f"{file.problem or 'ok'}: {file.name}, {file.bytes} bytes")
    broken = [file.name for file in checked if file.problem]
    if broken:
        raise WeightsError(f"{model} is not as it was written: {', '.join(broken)}", "get its files again")


@command.command(epilog="\b\nExamples:\n  vary models path vary-nano\n  ls $(vary models path got-ocr2)")
@click.argument("model")
def path(model: str) -> None:
    """Where a model's files are on this machine. MODEL is a name."""
    from vary_cli.model import find

    click.echo(find.resolve(model, offline=True))


@command.command(epilog="\b\nExamples:\n  vary models merge runs/adapter ~/models/mine")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Write into a folder that holds something.")
def merge(source: Path, target: Path, overwrite: bool) -> None:
    """Write an adapter, SOURCE, and the model that it was trained on as one model, TARGET."""
    refuse(target, overwrite)
    from vary_cli.model import checkpoint

    merged = checkpoint.load(source)
    checkpoint.save(merged.model, target, merged.tokenizer, {"merged_from": str(source)})
    click.echo(target)


def refuse(target: Path, overwrite: bool) -> None:
    """Raise OutputError where something would be overwritten unasked."""
    if target.is_file() or (target.is_dir() and any(target.iterdir()) and not overwrite):
        raise OutputError(f"{target} exists", "add --overwrite, or choose another folder", "output_exists")


@dataclass(frozen=True)
class Converting:
    """How a checkpoint is converted."""

    dtype: Literal["as-is", "fp32", "bf16", "fp16"] = "as-is"
    """Number format to write."""
    family: str | None = None
    """Family of the model, where several share a layout."""
    overwrite: bool = False
    """Write into a folder that holds something."""


@command.command(
    epilog="\b\nExamples:\n  vary models convert ~/Vary-toy ~/models/vary-toy\n"
    "  vary models convert tiny.pth tiny --family vary-tiny-600k --dtype fp16"
)
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@settings
def convert(source: Path, target: Path, converting: Converting, console: Console) -> None:
    """Write a published checkpoint, SOURCE, as a folder of vary's own form, TARGET.

    Pickled files are read as weights only: no code in them is run.
    """
    refuse(target, converting.overwrite)
    from vary_cli.model import checkpoint
    from vary_cli.model.devices import DTYPES

    with console.progress("tensors") as progress:
        for name, _ in checkpoint.convert(source, target, DTYPES.get(converting.dtype), converting.family):
            progress.advance(name)
    console.note(f"{progress.done} tensors -> {target}", 0)
