"""`vary data make SOURCE`: a command for each source, its flags from the source's own options."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from vary_cli import plugins
from vary_cli.cli import first_line
from vary_cli.cli._settings import settings
from vary_cli.console import Console, Progress
from vary_cli.errors import DataError, UsageError

if TYPE_CHECKING:
    from vary_cli.data.making import Order
    from vary_cli.data.skipped import Skipped
    from vary_cli.data.store import Part

SOURCES = "vary_cli.data.sources"
MOST_REASONS = 4


@dataclass(frozen=True)
class Making:
    """How a data set is made."""

    count: int | None = field(default=None, metadata={"short": "-n"})
    """How many examples (by default 1000); of a source that finds its examples, how many files at most (all)."""
    seed: int = 0
    """The same seed makes the same bytes, whatever the number of workers."""
    workers: Literal["auto"] | int = "auto"
    """Processes that work side by side; auto: one for each processor."""
    form: Literal["folder", "shards"] = "folder"
    """Pictures in a folder with metadata.jsonl, or in tar files, for large sets."""
    overwrite: bool = False
    """Replace a data set that was made from other files or options."""

    def __post_init__(self) -> None:
        for name in ("count", "workers"):
            value = getattr(self, name)
            if isinstance(value, int) and value < 1:
                raise UsageError(f"--{name} is {value}", "it must be 1 or more")

    @property
    def processes(self) -> int:
        """Workers, as a number."""
        if self.workers != "auto":
            return self.workers
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Sources(click.Group):
    """A group whose commands are the data sources; none is imported before it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, as folders of the registry."""
        return [name.replace("_", "-") for name in plugins.names(SOURCES)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a source."""
        return command_of(cmd_name) if cmd_name in self.list_commands(ctx) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of sources, from the first lines of their files."""
        rows = [(name, first_line(f"{SOURCES}.{name.replace('-', '_')}")) for name in self.list_commands(ctx)]
        with formatter.section("Sources"):
            formatter.write_dl(rows)


@click.group(
    "make",
    cls=Sources,
    epilog="""\b
Examples:
  vary data make pages notes/ -o data/pages --count 10000
  vary data make pdf papers/ -o data/pdf --form shards
  vary data make charts -o data/charts --workers 4 --seed 1""",
)
def make() -> None:
    """Make a data set from your own texts, PDFs, LaTeX, pictures, or from nothing.

    It is a folder of pictures and metadata.jsonl (Hugging Face's imagefolder form), or tar files. What was interrupted
    goes on when the same command is given again; with a larger --count the set grows.
    """


def command_of(name: str) -> click.Command:
    """The command that makes a data set of one source."""
    source = plugins.load(SOURCES, name)
    noun = fields(source.Options)[0]

    def run(inputs: tuple[Path, ...], out: Path, making: Making, options: Any, console: Console) -> None:  # noqa: ANN401
        from vary_cli.data.making import Order

        named = replace(options, **{noun.name: inputs}) if inputs else options
        if noun.metadata["needed"] and not getattr(named, noun.name):
            raise UsageError(f"no {noun.name} is named", source.EXAMPLE)
        conclude(made(Order(name, named, making.count, making.seed, making.form), out, making, console), out, console)

    run.__annotations__["options"] = source.Options
    run.__doc__ = source.__doc__
    words = f"{noun.name.upper()}..." if noun.metadata["needed"] else f"[{noun.name.upper()}]..."
    decorated: Callable[..., None] = settings(run)
    for decorate in (
        click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="The folder to make."),
        click.argument("inputs", nargs=-1, metavar=words, type=click.Path(path_type=Path)),
    ):
        decorated = decorate(decorated)
    return click.command(name, epilog=f"\b\nExample:\n  {source.EXAMPLE}")(decorated)


@dataclass
class Tally:
    """What has become of an order."""

    examples: int = 0
    skipped: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, part: Part) -> None:
        """One more part is there."""
        self.examples += part.examples
        self.skipped += len(part.skipped)
        self.reasons.update(skip.reason for skip in part.skipped)

    @property
    def why(self) -> str:
        """The commonest reasons: '3 no text layer, 1 needs a password'."""
        common = self.reasons.most_common(MOST_REASONS)
        rest = [f"{left} other"] if (left := self.skipped - sum(count for _, count in common)) else []
        return ", ".join([*(f"{count} {reason}" for reason, count in common), *rest])


def made(order: Order, out: Path, making: Making, console: Console) -> Tally:
    """Make the data set behind a progress bar."""
    from vary_cli.data import making as engine

    tally = Tally()
    unit = "files" if order.finds else "examples"
    with (
        console.progress(unit) as progress,
        closing(engine.made(order, out, making.processes, making.overwrite)) as parts,
    ):
        try:
            progress.expect(order.total())
            for part in parts:
                tally.add(part)
                show(part, str(out), progress, console)
        except KeyboardInterrupt:
            console.note("broken off; the same command goes on", 0)
            raise
    return tally


def show(part: Part, name: str, progress: Progress, console: Console) -> None:
    """Count a part, and say what it left out to those who want to know."""
    for number in range(part.expected):
        progress.advance(name, failed=number < len(part.skipped) and not part.examples)
    for skip in part.skipped:
        tell(skip, console)


def tell(skip: Skipped, console: Console) -> None:
    """What was left out, and why."""
    console.note(f"{skip.origin}: left out, {skip.reason}")


def conclude(tally: Tally, out: Path, console: Console) -> None:
    """Say what there is now. Raises DataError if that is nothing."""
    if not tally.examples:
        why = f"all of it was left out: {tally.why}" if tally.skipped else "there was nothing to make it of"
        raise DataError(f"no example could be made; {why}", "add -v to see each one", "nothing_made")
    if tally.skipped:
        console.warn(f"{tally.skipped} left out: {tally.why} (-v names each)")
    console.note(f"{tally.examples} examples -> {out}", 0 if console.drawn else 1)
