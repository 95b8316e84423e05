"""Make, check and describe data sets."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vary_cli.cli._making import make
from vary_cli.cli._settings import settings
from vary_cli.console import Console, printable
from vary_cli.errors import DataError, OutputError, PartialError, WeightsError

if TYPE_CHECKING:
    from vary_cli.data.census import Census
    from vary_cli.data.check import Finding, Seen

SHOWN = 3
"""Findings of a kind that the table names."""
SHARES = {"shortest": 0.0, "median": 0.5, "90 %": 0.9, "99 %": 0.99, "longest": 1.0}


@click.group(
    "data",
    epilog="""\b
Examples:
  vary data make pages notes/ -o data/pages --count 10000
  vary data check data/pages --against data/test
  vary data stats data/pages --sheet pages.png""",
)
def command() -> None:
    """Make, check and describe data sets."""


command.add_command(make)


@dataclass(frozen=True)
class Checking:
    """What is checked."""

    images: Path | None = None
    """The folder of the pictures that a JSON file names."""
    against: Path | None = None
    """A test set that nothing may leak into."""
    model: str | None = None
    """Count answers in the tokens of this model (name or folder); without it lengths are not checked."""
    longest: int | None = None
    """Most tokens of an answer; by default what fits the model beside the picture."""
    near: bool = True
    """Look for pictures that are nearly the same, too; time grows with the square of their number."""
    json: bool = False
    """Print every finding as JSON."""


@command.command(
    epilog="""\b
Examples:
  vary data check data/pages
  vary data check data/train --against data/test --model vary-toy
  vary data check llava_80k.json --images coco/train2017 --json

\b
Exit codes: 0 nothing is wrong; 3 it is no data set; 8 something is wrong."""
)
@click.argument("path", metavar="DATA", type=click.Path(path_type=Path))
@settings
def check(path: Path, checking: Checking, console: Console) -> None:
    """Find what is wrong with a data set: pictures, answers, duplicates, leakage into a test set.

    DATA is a folder with metadata.jsonl, tar files, LLaVA's JSON, or a folder of pictures or PDFs with .md files. Its
    pictures are opened in child processes with limits.
    """
    from vary_cli.data.check import findings

    tokens, longest = counting(checking)
    seen = look(path, checking.images, console)
    test = look(checking.against, None, console) if checking.against else None
    found = list(findings(seen, test, tokens, longest, checking.near))
    click.echo(as_json(seen, found) if checking.json else "\n".join(map(printable, table(seen, found))))
    if found:
        wrong = len({finding.name for finding in found})
        raise PartialError(f"{wrong} of {len(seen.records)} examples have something wrong", "--json names each")


def look(path: Path, images: Path | None, console: Console) -> Seen:
    """Every example of a data set, seen behind a progress bar. Raises DataError."""
    from vary_cli.data import forms
    from vary_cli.data.check import Seen
    from vary_cli.data.glances import glances

    records = forms.records(path, images)
    if not records:
        raise DataError(f"{path} holds no example", "vary data make fills it")
    seen = []
    with console.progress("examples") as progress, closing(glances(path, images, os.cpu_count() or 1)) as stream:
        progress.expect(len(records))
        for glance in stream:
            seen.append(glance)
            progress.advance(str(path), bool(glance.problem))
    return Seen(records, sorted(seen, key=lambda glance: glance.index))


def counting(checking: Checking) -> tuple[Callable[[str], int] | None, int]:
    """How a model's tokens are counted, and how many fit. Raises WeightsError if it has no tokenizer."""
    if checking.model is None:
        return None, 0
    from vary_cli.model import find, tokenizer
    from vary_cli.model.recognition import recognised

    folder = find.resolve(checking.model)
    words = tokenizer.find(folder)
    if words is None:
        raise WeightsError(f"{checking.model} has no tokenizer", "name a model that writes: vary models list")
    longest = checking.longest
    if longest is None:
        spec = recognised(folder).spec
        if spec.decoder is None:
            raise WeightsError(f"{checking.model} writes no answers of a length of its own", "give --longest")
        longest = spec.decoder.positions - spec.markers.tokens
    return lambda text: len(words.encode(text, add_special_tokens=False).ids), longest


def table(seen: Seen, found: list[Finding]) -> list[str]:
    """What was found, by kind."""
    usable = f"{len(seen.records)} examples, {len(seen.usable)} with a picture that can be used"
    lines = [usable, *(["nothing is wrong"] if not found else [])]
    for kind, count in Counter(finding.kind for finding in found).most_common():
        lines.append(f"{kind:18}{count:>8}")
        some = [finding for finding in found if finding.kind == kind][:SHOWN]
        lines += [f"    {finding.name}{': ' if finding.detail else ''}{finding.detail}" for finding in some]
        lines += ["    ..."] if count > SHOWN else []
    return lines


def as_json(seen: Seen, found: list[Finding]) -> str:
    """What was found, whole."""
    rows = [finding._asdict() for finding in found]
    return json.dumps({"examples": len(seen.records), "findings": rows}, ensure_ascii=False, indent=2)


@dataclass(frozen=True)
class Counting:
    """What is told."""

    images: Path | None = None
    """The folder of the pictures that a JSON file names."""
    sheet: Path | None = None
    """Write a contact sheet to this picture file."""
    tiles: int = 24
    """Examples on it."""
    seed: int = 0
    """Of the choice of examples."""
    json: bool = False
    """Print as JSON."""


@command.command(
    epilog="\b\nExamples:\n  vary data stats data/pages --sheet pages.png\n  vary data stats data/pages --json"
)
@click.argument("path", metavar="DATA", type=click.Path(path_type=Path))
@settings
def stats(path: Path, counting: Counting, console: Console) -> None:
    """What a data set holds: counts, languages, sources, lengths; and a contact sheet to look at."""
    from vary_cli.data import census, forms

    records = forms.records(path, counting.images)
    counts = census.Census()
    with console.progress("examples") as progress:
        progress.expect(len(records))
        for index in range(len(records)):
            counts.add(records, index)
            progress.advance(str(path))
    told = facts(counts)
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if counting.json else "\n".join(lines(told)))
    if counting.sheet is not None:
        try:
            census.sheet(path, counting.images, counting.tiles, counting.seed).save(counting.sheet)
        except (OSError, ValueError) as error:
            hint = "name a file that ends in .png or .jpg, in a folder that exists"
            raise OutputError(f"{counting.sheet} cannot be written: {error}", hint) from error


@dataclass(frozen=True)
class Wording:
    """The tokenizer that is made."""

    output: Path = field(metadata={"short": "-o"})
    """The folder for tokenizer.json."""
    size: int = 4096
    """How many entries."""
    overwrite: bool = False
    """Replace a tokenizer that is there."""


@command.command(epilog="\b\nExamples:\n  vary data tokenizer data/lines data/formulas -o words")
@click.argument("paths", metavar="DATA...", type=click.Path(path_type=Path), nargs=-1, required=True)
@settings
def tokenizer(paths: tuple[Path, ...], wording: Wording, console: Console) -> None:
    """Learn a tokenizer from the answers of data sets: byte-level BPE, for a model that is trained from scratch.

    Digits, Han characters and LaTeX's commands stand alone, and so does every sign that a glyph head can name.
    """
    from vary_cli.data import forms
    from vary_cli.finetune import vocabulary

    file = wording.output / "tokenizer.json"
    if file.exists() and not wording.overwrite:
        raise OutputError(f"{file} is there already", "add --overwrite to replace it", "output_exists")
    entries = (entry for path in paths for entry in forms.records(path))
    made = vocabulary.learned(entries, wording.size)
    try:
        wording.output.mkdir(parents=True, exist_ok=True)
        made.save(str(file))
    except OSError as error:
        raise OutputError(
            f"{file} cannot be written: {error.strerror}", "make room, or choose another place"
        ) from error
    console.note(f"{made.get_vocab_size()} entries")


def facts(counts: Census) -> dict[str, int | dict[str, int]]:
    """The census as data."""
    return {
        "examples": counts.examples,
        "malformed": counts.malformed,
        "with a prompt": counts.prompts,
        "with glyphs": counts.glyphs,
        "languages": dict(counts.languages.most_common()),
        "sources": dict(counts.sources.most_common()),
        "characters of an answer": {name: counts.length(share) for name, share in SHARES.items()},
    }


def lines(told: dict[str, int | dict[str, int]]) -> list[str]:
    """The census as text."""
    rows = []
    for key, value in told.items():
        rows.append(f"{key:26}{value:>10}" if isinstance(value, int) else key)
        rows += (
            [f"  {printable(name):24}{count:>10}" for name, count in value.items()] if isinstance(value, dict) else []
        )
    return rows
