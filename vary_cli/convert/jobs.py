"""Documents on their way to files: one stream of pages over all of them, so that batches reach over documents.

Knows neither commands nor terminals, and no model but the one it is given.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vary_cli import reader
from vary_cli.convert import ConvertOptions, Model, pages, provenance
from vary_cli.convert.press import Press
from vary_cli.document import Document, FailedPage, PageImage, PageText
from vary_cli.errors import EncryptedError, InputError, UsageError, VaryError
from vary_cli.inputs import Input
from vary_cli.output import Target
from vary_cli.reader.origin import Origin

TRIES = 3
"""How often a password is asked for."""
LARGEST = 1 << 30
"""Most bytes taken from standard input."""


@dataclass(frozen=True)
class Reading:
    """How inputs are opened."""

    pages: str | None = field(default=None, metadata={"short": "-p"})
    """Which pages: 1-3,7,5-,r1,odd,label:iv; counted from 1, r from the end."""
    dpi: float = 200
    """Resolution at which PDF pages are rendered."""
    password_file: Path | None = None
    """File whose first line opens encrypted PDFs."""
    page_timeout: float = 60
    """Seconds after which a page of a PDF is given up."""


@dataclass
class Job:
    """One input, where its result goes, and what became of it."""

    input: Input
    target: Target
    numbers: Sequence[int] = ()
    """The pages to be read."""
    provenance: dict[str, Any] = field(default_factory=dict)
    pages: list[PageText] = field(default_factory=list)
    warnings: tuple[str, ...] = ()
    error: VaryError | None = None
    """Why it could not be read."""
    written: bool = False

    @property
    def document(self) -> Document:
        """All its pages; those that were not reached count as failed."""
        rest = [unread(number) for number in self.numbers[len(self.pages) :]]
        return Document(self.input.name, (*self.pages, *rest), self.provenance)


def unread(number: int) -> PageText:
    """A page that was not reached."""
    why = ("interrupted before it was read",)
    return PageText(number, str(number), "", "failed", "none", warnings=why, code="interrupted")


def whole(page: PageImage) -> PageImage:
    """The view of a page that is all of it."""
    return page


@dataclass
class Work:
    """Jobs, and all that is needed to do them."""

    jobs: list[Job]
    model: Model
    options: ConvertOptions
    reading: Reading
    press: Press
    views: Sequence[Callable[[PageImage], PageImage]] = (whole,)
    """What of a page is read: itself, or parts of it, each with a result of its own."""
    ask: Callable[[str], str | None] = lambda name: None
    """Asks for the password of a document; None if nobody answers."""
    _queue: deque[Job] = field(default_factory=deque)

    @property
    def expected(self) -> int:
        """How many pages there are in the documents that have been opened."""
        return sum(len(job.numbers) for job in self.jobs)

    def pages(self) -> Generator[tuple[Job, PageText], None, None]:
        """Do the jobs: each page as it is read; a document is written with its last page, or when all is broken off."""
        try:
            for page in pages(self._stream(), self.model.transcribe, self.options):
                job = self._queue.popleft()
                job.pages.append(page)
                self.press.page(job.input.name, page, job.target)
                if len(job.pages) == len(job.numbers):
                    self._write(job)
                yield job, page
        finally:
            for job in self.jobs:
                if job.pages and not job.written:
                    self._write(job)

    def _write(self, job: Job) -> None:
        job.written = True
        self.press.document(job.document, job.target)

    def _stream(self) -> Iterator[PageImage | FailedPage]:
        """The pages of all inputs; an input that cannot be read fails its job alone."""
        for job in self.jobs:
            if job.target.skipped:
                continue
            try:
                yield from self._pages_of(job)
            except (InputError, UsageError) as error:
                job.error = error

    def _pages_of(self, job: Job) -> Iterator[PageImage | FailedPage]:
        with self._open(job.input) as source:
            job.numbers = [number for number in source.numbers for _ in self.views]
            job.provenance = provenance(source, self.model, self.options)
            for page in source:
                for view in self.views:
                    self._queue.append(job)
                    yield view(page) if isinstance(page, PageImage) else page
            job.warnings = source.warnings

    def _open(self, item: Input) -> reader.Source:
        """The input, its password asked for if it needs one and somebody is there."""
        document = item.path if item.path is not None else standard_input()
        password: str | None = first_line(self.reading.password_file)
        for _ in range(TRIES):
            try:
                return self._source(document, item.name, password)
            except EncryptedError:
                password = self.ask(item.name)
                if password is None:
                    raise
        return self._source(document, item.name, password)

    def _source(self, document: Path | bytes, name: str, password: str | None) -> reader.Source:
        return reader.open(
            document,
            self.reading.pages,
            name=name,
            dpi=self.reading.dpi,
            password=password,
            layer=self.options.layer != "off",
            limits=reader.Limits(page_timeout=self.reading.page_timeout),
        )


def check_lone(inputs: Sequence[Input]) -> None:
    """Raise InputError if the only input is no document: sooner than a model is loaded. Several fail one by one."""
    if len(inputs) == 1 and inputs[0].path is not None:
        Origin(inputs[0].name, inputs[0].path).kind()


def first_line(path: Path | None) -> str | None:
    """A password from a file. Raises UsageError."""
    try:
        return path.read_text(encoding="utf-8").split("\n")[0].rstrip("\r") if path else None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the password file {path} cannot be read", "its first line is the password") from error


def standard_input() -> bytes:
    """A document from standard input, up to LARGEST bytes. Raises InputError."""
    data = sys.stdin.buffer.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise InputError("standard input holds more than 1 GiB", "save it to a file and name that", "input_too_large")
    return data
