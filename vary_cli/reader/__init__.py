"""From a file to the pictures of its pages: PDFs by PyMuPDF in a child process, pictures by Pillow.

with reader.open("paper.pdf", "1-3,r1") as source:
    for page in source:  # PageImage, or FailedPage where one could not be seen
        ...
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from vary_cli import selection
from vary_cli.document import FailedPage, PageImage
from vary_cli.errors import UsageError
from vary_cli.reader.limits import Limits
from vary_cli.reader.origin import Origin
from vary_cli.selection import Selection

__all__ = ["Limits", "Source", "open"]


class Book(Protocol):
    """The pages of one file, whatever its format."""

    count: int
    title: str
    warnings: list[str]

    @property
    def labels(self) -> Sequence[str]:
        """As printed on the pages, one each."""

    def read(self, numbers: Sequence[int]) -> Iterator[PageImage | FailedPage]:
        """These pages, in this order."""

    def close(self) -> None:
        """Let go of files and processes."""


class Source:
    """The selected pages of one input: sized, iterable, to be closed. Nothing is rendered before it is asked for.

    An open PDF holds a process; a pass to the end, or close(), ends it, and another pass starts a new one. A page that
    fails is a FailedPage, except that the only page of a damaged picture raises InputError.
    """

    def __init__(self, origin: Origin, book: Book, numbers: Sequence[int]) -> None:
        self._origin = origin
        self._book = book
        self.numbers = numbers
        """The selected pages, counted from 1."""

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[PageImage | FailedPage]:
        alone = self.page_count == 1
        for page in self._book.read(self.numbers):
            yield replace(page, alone=alone) if isinstance(page, PageImage) else page

    @property
    def name(self) -> str:
        """What the user calls it."""
        return self._origin.name

    @property
    def title(self) -> str:
        """What the document calls itself, or nothing."""
        return self._book.title

    @property
    def sha256(self) -> str:
        """Digest of the file, in hexadecimal."""
        return self._origin.sha256

    @property
    def page_count(self) -> int:
        """How many pages there are, selected or not."""
        return self._book.count

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was wrong with the file and did not keep it from being read; grows while pages are read."""
        return tuple(self._book.warnings)

    def close(self) -> None:
        """End the process of a PDF. Harmless when done twice."""
        self._book.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open(
    document: str | Path | bytes,
    pages: str | Selection | None = None,
    *,
    name: str | None = None,
    dpi: float = 200,
    password: str | None = None,
    layer: bool = True,
    analyse: bool = True,
    limits: Limits | None = None,
) -> Source:
    """The pages of a PDF or picture: a path, or the bytes themselves.

    `pages` is in the grammar of selection.py; all if None. `name` is what messages call the document, by default the
    path as given. `dpi` is for PDFs; `layer` asks for their text layer, `analyse` for its layout analysis.

    Raises InputError (missing, empty, damaged, no document), EncryptedError, UsageError (a page that does not exist).
    """
    if not (math.isfinite(dpi) and dpi > 0):
        raise UsageError(f"{dpi} dpi is no resolution", "say --dpi 200")
    chosen = selection.parse(pages) if isinstance(pages, str) else pages
    place = document if isinstance(document, bytes) else Path(document)
    origin = Origin(name or ("the input" if isinstance(place, bytes) else str(document)), place)
    book = bound(origin, dpi, password, layer, analyse, limits or Limits())
    try:
        numbers = chosen.numbers(book.count, book.labels, origin.name) if chosen else range(1, book.count + 1)
    except UsageError:
        book.close()
        raise
    return Source(origin, book, numbers)


def bound(origin: Origin, dpi: float, password: str | None, layer: bool, analyse: bool, limits: Limits) -> Book:
    """The pages of a file by its kind. Imports late: the child process, which imports this package, needs neither."""
    kind = origin.kind()
    if kind == "PDF":
        from vary_cli.reader.pdf import Pdf, Wish

        return Pdf(origin, Wish(dpi, password, layer, analyse), limits)
    from vary_cli.reader.pictures import Pictures

    return Pictures(origin, kind, limits)
