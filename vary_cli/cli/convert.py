"""Convert documents to Markdown, LaTeX, HTML, JSON or plain text."""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import click

from vary_cli import output
from vary_cli.cli import INTERRUPTED
from vary_cli.cli._settings import Loading, load, password_prompt, settings
from vary_cli.console import Console
from vary_cli.convert import ConvertOptions, fitted
from vary_cli.convert.jobs import Job, Reading, Work, check_lone
from vary_cli.convert.press import Press, chosen
from vary_cli.convert.report import report, verdict
from vary_cli.document import PageText
from vary_cli.errors import UsageError, VaryError
from vary_cli.formats import Rendering
from vary_cli.inputs import expand
from vary_cli.output import STDOUT, Target, Writing


@dataclass(frozen=True)
class Outcome:
    """What a run yields beside the text."""

    to: str | None = field(default=None, metadata={"short": "-t", "metavar": "FORMAT"})
    """markdown, latex, html, json, jsonl or text; by default what the output's suffix says, else markdown."""
    report: str | None = field(default=None, metadata={"metavar": "FILE"})
    """Write what became of every page to this file, as JSON; '-' is standard output."""
    strict: bool = False
    """Take warnings (an answer cut off, a text layer that disagrees) for failures."""


@click.command(
    epilog="""\b
Examples:
  vary convert paper.pdf -o paper.md
  vary convert scans/ 'letters/*.tif' -o out/ --to html
  vary convert book.pdf --pages 1-3,r1 --page-breaks comment -o -
  curl -s https://example.org/a.pdf | vary convert - --to text

\b
Exit codes: 0 all pages are fine; 2 usage; 3 an input cannot be read; 4 it needs a password;
5 the output cannot be written; 6 no such model; 7 device or memory; 8 some pages or
documents failed, the others are written; 130 interrupted, finished pages are written."""
)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@settings
def command(
    inputs: tuple[str, ...],
    outcome: Outcome,
    writing: Writing,
    reading: Reading,
    options: ConvertOptions,
    rendering: Rendering,
    loading: Loading,
    console: Console,
) -> None:
    """Convert documents to Markdown, LaTeX, HTML, JSON or plain text.

    INPUT is a PDF, a picture, a folder, a quoted pattern, @LIST (a file of paths) or - for standard input.
    """
    items = expand(inputs)
    printer = Press(chosen(items, writing, outcome.to), rendering, writing, sys.stdout)
    targets = output.plan(items, printer.format.SUFFIX, writing)
    jobs = [Job(item, target) for item, target in zip(items, targets, strict=True)]
    check_report(outcome, targets)
    check_lone(items)
    if not all(target.skipped for target in targets):
        model = load(loading, console)
        work = Work(jobs, model, fitted(options, model.spec), reading, printer, ask=password_prompt)
        finish(work, outcome, console)
    else:
        console.note("nothing to do: all results exist", 0)


def check_report(outcome: Outcome, targets: list[Target]) -> None:
    """Raise UsageError if report and results would mix in one stream."""
    if outcome.report == STDOUT and any(target.path is None for target in targets):
        raise UsageError("report and result cannot share standard output", "give --report a file")


def finish(work: Work, outcome: Outcome, console: Console) -> None:
    """Do the work, say what happened, write the report, and raise what the run ends with."""
    begun = time.perf_counter()
    try:
        show(work, console)
        end: VaryError | KeyboardInterrupt | None = verdict(work.jobs, outcome.strict)
    except (VaryError, KeyboardInterrupt) as error:
        end = error
        console.note("broken off; the finished pages are written", 0)
    summarize(work.jobs, console)
    if outcome.report:
        code = 0 if end is None else end.exit_code if isinstance(end, VaryError) else INTERRUPTED
        data = report(work.jobs, work.model, code, time.perf_counter() - begun)
        deliver(json.dumps(data, ensure_ascii=False, indent=2) + "\n", outcome.report)
    if end is not None:
        raise end


def show(work: Work, console: Console) -> None:
    """Read all pages behind a progress bar."""
    with console.progress() as progress, closing(work.pages()) as stream:
        for job, page in stream:
            progress.expect(work.expected)
            progress.advance(job.input.name, page.finish == "failed")
            tell(job, page, console)


def tell(job: Job, page: PageText, console: Console) -> None:
    """What is to be said of a page."""
    if page.finish == "failed":
        console.warn(page.warnings[0])
        return
    for warning in page.warnings:
        console.note(f"{job.input.name}, page {page.number}: {warning}")
    console.note(
        f"{job.input.name}, page {page.number}: {page.method}, {page.seconds:.2f} s, score {page.score:.3f}", 2
    )


def summarize(jobs: list[Job], console: Console) -> None:
    """What is to be said of the documents; people at a terminal are told where the results are without asking."""
    usual = 0 if console.drawn else 1
    for job in jobs:
        for warning in job.warnings:
            console.warn(f"{job.input.name}: {warning}")
        if job.error is not None and len(jobs) > 1:
            console.error(job.error)
        if job.written and job.target.path is not None:
            count = "1 page" if len(job.pages) == 1 else f"{len(job.pages)} pages"
            console.note(f"{job.input.name}: {count} -> {job.target.path}", usual)
        if job.target.skipped:
            console.note(f"{job.input.name}: left out, {job.target.path} exists")


def deliver(text: str, place: str) -> None:
    """Write to a file, or to standard output for '-'."""
    if place == STDOUT:
        sys.stdout.write(text)
    else:
        output.write(Path(place), text)
