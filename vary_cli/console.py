"""The window: progress by pages, notes, warnings and the error panel, all on standard error. Knows no deed.

On a terminal rich draws; into a pipe go plain lines, and of those only warnings and errors unless more is asked for.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from vary_cli.errors import VaryError

if TYPE_CHECKING:
    from rich.console import Console as RichConsole
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Text of unknown origin (file names, titles) without what would steer a terminal."""
    return _CONTROLS.sub("�", text.encode("utf-8", "replace").decode())


class Progress:
    """Counts what is done; draws nothing. The one for terminals overrides it."""

    def __init__(self) -> None:
        self.done = self.failed = 0

    def expect(self, total: int) -> None:
        """So many there are, as far as is known."""

    def advance(self, name: str, failed: bool = False) -> None:
        """One more is done, of the thing of that name."""
        self.done += 1
        self.failed += failed


class DrawnProgress(Progress):
    """A bar with rate, time left and how many failed."""

    def __init__(self, bar: RichProgress, task: TaskID, unit: str) -> None:
        super().__init__()
        self.bar, self.task, self.unit = bar, task, unit

    def expect(self, total: int) -> None:
        """So many there are, as far as is known."""
        self.bar.update(self.task, total=total)

    def advance(self, name: str, failed: bool = False) -> None:
        """One more is done, of the thing of that name."""
        super().advance(name, failed)
        elapsed = self.bar.tasks[self.task].elapsed or 1e-9
        failures = f"[red]{self.failed} failed" if self.failed else ""
        rate = f"{self.done / elapsed:.2f} {self.unit}/s"
        self.bar.update(self.task, completed=self.done, name=printable(name), rate=rate, failures=failures)


class Console:
    """Standard error. Verbosity -1 shows errors, 0 warnings and progress, 1 a line a document, 2 everything."""

    def __init__(self, verbosity: int = 0) -> None:
        self.verbosity = verbosity
        self.drawn = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    @cached_property
    def rich(self) -> RichConsole:
        """Rich's console on standard error; it heeds NO_COLOR, FORCE_COLOR and TERM."""
        from rich.console import Console as RichConsole

        return RichConsole(stderr=True, highlight=False, emoji=False)

    def note(self, text: str, verbosity: int = 1) -> None:
        """Say something to those who asked for so much."""
        if self.verbosity >= verbosity:
            self.say(text, "dim")

    def warn(self, text: str) -> None:
        """Say what the user should know though the work goes on."""
        if self.verbosity >= 0:
            self.say(f"warning: {text}", "yellow")

    def say(self, text: str, style: str = "") -> None:
        """One line, whatever it holds."""
        self.rich.print(printable(text), style=style, markup=False, soft_wrap=True)

    def error(self, error: VaryError) -> None:
        """What went wrong, and what to type next: a panel on a terminal, lines elsewhere."""
        message, hint = printable(error.message), printable(error.hint)
        if not self.drawn:
            lines = [f"vary: {message}"] + ([f"  {hint}"] if hint else [])
            sys.stderr.write("\n".join(lines) + "\n")
            return
        from rich.panel import Panel
        from rich.text import Text

        body = Text(message) + Text(f"\n{hint}" if hint else "", style="dim")
        self.rich.print(Panel(body, title=error.code, title_align="left", border_style="red", expand=False))

    @contextmanager
    def progress(self, unit: str = "pages") -> Iterator[Progress]:
        """Progress by pages or another unit: drawn on a terminal, else only counted."""
        if not self.drawn or self.verbosity < 0:
            yield Progress()
            return
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        columns = (
            TextColumn("{task.fields[name]}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[failures]}"),
        )
        with RichProgress(*columns, console=self.rich, transient=True) as bar:
            yield DrawnProgress(bar, bar.add_task("", total=None, name="", rate="", failures=""), unit)
