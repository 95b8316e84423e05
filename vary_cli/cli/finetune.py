"""Train a model on your own pages, charts and conversations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vary_cli.cli._settings import settings
from vary_cli.console import Console
from vary_cli.errors import UsageError
from vary_cli.finetune.order import Machine, Order

if TYPE_CHECKING:
    from vary_cli.finetune.judge import Judged
    from vary_cli.finetune.mixture import Weight
    from vary_cli.finetune.progress import Progress


@dataclass(frozen=True)
class Place:
    """Where the run lives, and what it learns from if the command line does not say."""

    output: str = field(default="", metadata={"short": "-o", "metavar": "RUN"})
    """The run's folder; it can be used as a model at any time: vary convert --model RUN."""
    resume: bool = False
    """Go on where the run in that folder was saved; begin it if there is none."""
    overwrite: bool = False
    """Begin anew in a folder that holds something."""
    data: Mapping[str, float | tuple[float, float]] | tuple[str, ...] = field(default=(), metadata={"flag": False})
    """Data sets, or data set -> weight, or -> [weight at the beginning, at the end]."""


class Recipe(click.Command):
    """A command that takes a TOML file for its settings wherever it is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """FILE.toml is short for --config FILE.toml."""
        named = [arg.endswith(".toml") and (i == 0 or args[i - 1] != "--config") for i, arg in enumerate(args)]
        words = [[f"--config={arg}"] if recipe else [arg] for arg, recipe in zip(args, named, strict=True)]
        return super().parse_args(ctx, [word for group in words for word in group])


@click.command(
    cls=Recipe,
    epilog="""\b
Examples:
  vary finetune --stage tiny pages/ -o run          pictures with .md files beside them
  vary finetune --stage tiny a/=0.7 b/=0.3 -o run --steps 2000
  vary finetune lines/=0.9..0.2 pages/=0.1..0.8 -o run   shares that change on the way
  vary finetune --stage base talks.json --model vary-toy --vocabulary runs/vary-tiny --adapter 16 -o run2
  vary finetune examples/vary-tiny.toml
  accelerate launch -m vary_cli finetune examples/vary-base.toml --shard
  vary convert --model run paper.pdf""",
)
@click.argument("data", nargs=-1, metavar="[DATA[=WEIGHT]... | FILE.toml]")
@settings
def command(data: tuple[str, ...], order: Order, machine: Machine, place: Place, console: Console) -> None:
    """Train a model on your own pages, charts and conversations.

    DATA is a folder of pictures or PDFs with .md files of the same names, a data set of vary data make, tar files, or
    LLaVA's JSON; WEIGHT is its share, or FIRST..LAST where that changes on the way. FILE.toml holds settings in a
    table [finetune].
    """
    if not place.output:
        raise UsageError("no folder for the run", "name one: -o RUN")
    sets, weights = opened(shares(data) if data else told(place.data))
    from vary_cli.finetune.training import Training

    out = Path(place.output)
    training = Training(
        order, machine, sets, weights, out, partial(console.note, verbosity=0), place.resume, place.overwrite
    )
    show(training, console if training.accelerator.is_main_process else Console(-1))
    training.say(f"the run is a model: vary convert --model {out} FILE; its curve: {out / 'loss.png'}")


def shares(data: Sequence[str]) -> dict[str, Weight | None]:
    """Data set -> weight, from words like pages/=0.3 or lines/=0.9..0.1. Raises UsageError."""
    found: dict[str, Weight | None] = {}
    for word in data:
        path, sign, said = word.rpartition("=")
        found |= {path: weight(said, word)} if sign and not Path(word).exists() else {word: None}
    return found


def weight(said: str, word: str) -> Weight:
    """A weight, or two of them: at the beginning and at the end. Raises UsageError."""
    first, sign, last = said.partition("..")
    try:
        return (float(first), float(last)) if sign else float(first)
    except ValueError as error:
        hint = "write it like pages/=0.3, or lines/=0.9..0.1 where it changes on the way"
        raise UsageError(f"{word}: {said!r} is no weight", hint) from error


def told(data: Mapping[str, float | tuple[float, float]] | tuple[str, ...]) -> dict[str, Weight | None]:
    """Data set -> weight, from a file."""
    return {**data} if isinstance(data, Mapping) else shares(data)


def opened(data: Mapping[str, Weight | None]) -> tuple[dict[str, Any], dict[str, Weight]]:
    """The data sets, and their weights. Raises UsageError for none at all, DataError for what is no data set."""
    from vary_cli.data import forms

    if not data:
        raise UsageError("no data set to learn from", "name a folder of pictures with .md files beside them")
    weights = {name: weight for name, weight in data.items() if weight is not None}
    return {name: forms.records(Path(name)) for name in data}, weights


def show(training: Any, console: Console) -> None:  # noqa: ANN401  # naming it would import torch
    """Train behind a progress bar; looks at what is kept out are told in lines."""
    with console.progress("steps") as bar:
        bar.expect(training.stage.steps)
        for progress in training.steps():
            if progress.step:
                bar.advance(line(progress))
            if progress.held_out is not None:
                report(progress, console)


def line(progress: Progress) -> str:
    """A step in a few words."""
    rate = progress.tokens / max(1e-9, progress.seconds)
    return f"loss {progress.loss:.3f}  {rate:,.0f} tokens/s  rate {progress.rate:.1e}"


def report(progress: Progress, console: Console) -> None:
    """What the model makes of examples now."""
    said = [f"step {progress.step}/{progress.steps}"] + ([line(progress)] if progress.step else [])
    for name, judged in (("held out", progress.held_out), ("learned", progress.learned)):
        said += [f"{name}: {words(judged)}"] if judged is not None and words(judged) else []
    console.note("; ".join(said), 0)
    for read, true in progress.held_out.samples if progress.held_out is not None else ():
        console.note(f"  read: {read}")
        console.note(f"  true: {true}")


def words(judged: Judged) -> str:
    """A judgement in words."""
    loss = [] if judged.loss is None else [f"loss {judged.loss:.3f}"]
    error = [] if judged.error is None else [f"{judged.error:.2%} of the characters wrong"]
    return ", ".join(loss + error)
