"""Read the text of pictures, or of boxes on them."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import click

from vary_cli import output
from vary_cli.cli._settings import Loading, load, password_prompt, settings
from vary_cli.cli.convert import Outcome, finish
from vary_cli.console import Console
from vary_cli.convert import ConvertOptions, fitted
from vary_cli.convert.jobs import Job, Reading, Work, check_lone, whole
from vary_cli.convert.press import Press
from vary_cli.errors import UsageError
from vary_cli.formats import Rendering
from vary_cli.inputs import Input, expand
from vary_cli.output import STDOUT, Target, Writing

if TYPE_CHECKING:
    from vary_cli.document import Box, PageImage
    from vary_cli.model.spec import ModelSpec


@dataclass(frozen=True)
class Question:
    """What is to be read."""

    lang: Literal["auto", "en", "zh"] = "auto"
    """Language of the text, for models whose question depends on it."""
    box: tuple[str, ...] = field(default=(), metadata={"metavar": "X1,Y1,X2,Y2"})
    """Read only this part of each page; may be given several times."""
    unit: Literal["px", "pt", "rel"] = "px"
    """Of the box: px of the picture, pt of a PDF's page, or rel, parts of width and height from 0 to 1."""
    task: str | None = field(default=None, metadata={"metavar": "TASK"})
    """What is to be done: ocr, chart (any model that reads regions, too), table, ...; by default to read the text."""
    prompt: str | None = None
    """Ask the model this, in words."""
    color: Literal["red", "green", "blue"] | None = None
    """Read only what stands in a frame of this colour; for models that were taught to (got-ocr2)."""

    def asked(self, spec: ModelSpec) -> ConvertOptions:
        """The question as a model is asked it. Raises UsageError where its family cannot be asked so."""
        task = self.task or ("ocr" if "ocr" in spec.tasks else None)
        options = fitted(ConvertOptions("off", "keep", "none", self.lang, task, self.prompt), spec)
        if self.color is None:
            return options
        if not spec.regions:
            raise UsageError(f"{spec.name} does not read by colours", "use --model got-ocr2, or --box")
        return replace(options, prompt=f"[{self.color}] {options.prompt or ''}")

    @property
    def views(self) -> list[Callable[[PageImage], PageImage]]:
        """The parts of a page that are read. Raises UsageError for boxes that are none."""
        return [Cutter(corners(text), self.unit) for text in self.box] or [whole]


@dataclass(frozen=True)
class Cutter:
    """Cuts a box out of pages."""

    box: Box
    unit: Literal["px", "pt", "rel"]

    def __call__(self, page: PageImage) -> PageImage:
        """The part of a page as a page. Raises UsageError if the box lies outside of it."""
        width, height = page.image.size
        across, down = {"px": (1, 1), "pt": (page.scale, page.scale), "rel": (width, height)}[self.unit]
        x0, y0 = math.floor(self.box[0] * across), math.floor(self.box[1] * down)
        x1, y1 = min(width, math.ceil(self.box[2] * across)), min(height, math.ceil(self.box[3] * down))
        if x0 >= x1 or y0 >= y1:
            raise UsageError(f"the box lies outside of page {page.number}", f"it is {width} x {height} px")
        size = ((x1 - x0) / page.scale, (y1 - y0) / page.scale)
        return replace(page, image=page.image.crop((x0, y0, x1, y1)), size=size, layer=None)


def corners(text: str) -> Box:
    """Four numbers. Raises UsageError."""
    try:
        x0, y0, x1, y1 = (float(number) for number in text.split(","))
    except ValueError as error:
        raise UsageError(f"--box {text} is not four numbers", "write --box 100,50,400,200") from error
    if not (math.isfinite(x0 + y0 + x1 + y1) and 0 <= x0 < x1 and 0 <= y0 < y1):
        raise UsageError(
            f"--box {text} is no box", "it goes from the upper left to the lower right corner: x1,y1,x2,y2"
        )
    return x0, y0, x1, y1


@click.command(
    epilog="""\b
Examples:
  vary ocr scan.png
  vary ocr scan.png --lang zh --box 100,50,900,400
  vary ocr page1.jpg page2.jpg > text.txt
  vary ocr chart.png --task chart
  vary ocr paper.pdf --pages 3 --box 0,0,0.5,1 --unit rel"""
)
@click.argument("images", nargs=-1, required=True, metavar="IMAGE...")
@settings
def command(
    images: tuple[str, ...], question: Question, writing: Writing, reading: Reading, loading: Loading, console: Console
) -> None:
    """Read the text of pictures, or of boxes on them, and print it.

    With several pictures, the name of each stands before its text: ==> scan.png <==.
    """
    items, views = expand(images), question.views
    printer = Press("text", Rendering(images="none"), writing, sys.stdout, titled=len(items) > 1)
    jobs = [Job(item, target) for item, target in zip(items, targets(items, writing), strict=True)]
    check_lone(items)
    model = load(loading, console)
    work = Work(jobs, model, question.asked(model.spec), reading, printer, views, password_prompt)
    finish(work, Outcome(), console)


def targets(items: list[Input], writing: Writing) -> list[Target]:
    """Standard output, unless -o says otherwise."""
    if writing.output in (None, STDOUT) and not writing.split_pages:
        return [Target(None) for _ in items]
    return output.plan(items, ".txt", writing)
