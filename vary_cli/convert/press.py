"""Documents become files or a stream: one format, one way of writing, pictures put where their links lead."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TextIO

from vary_cli import formats, output
from vary_cli.document import Document, PageText
from vary_cli.errors import UsageError
from vary_cli.formats import Rendering
from vary_cli.inputs import Input
from vary_cli.output import STDOUT, Target, Writing

STREAMED = "jsonl"
"""The format that is printed page by page, and may hold several documents."""


def chosen(inputs: Sequence[Input], writing: Writing, to: str | None) -> str:
    """Name of the format: what was asked for, else what the output's suffix says, else Markdown."""
    name = to
    if name is None and writing.output != STDOUT and output.is_file(inputs, writing):
        name = formats.by_suffix(str(writing.output)) if "." in str(writing.output).rpartition("/")[2] else None
    if writing.output == STDOUT and len(inputs) > 1 and name != STREAMED:
        hint = "add --to jsonl, or give -o a folder"
        raise UsageError(f"{len(inputs)} documents do not go into one stream", hint)
    return name or "markdown"


class Press:
    """Prints documents in one format. Those that go to the stream may be `titled` with their names."""

    def __init__(self, name: str, rendering: Rendering, writing: Writing, stream: TextIO, titled: bool = False) -> None:
        self.name, self.format = name, formats.load(name)
        self.rendering, self.writing, self.stream, self.titled = rendering, writing, stream, titled
        self._gap = ""

    def page(self, source: str, page: PageText, target: Target) -> None:
        """Print a page at once, where format and target allow it."""
        if target.path is None and self.name == STREAMED:
            from vary_cli.formats import jsonl  # no other run needs its imports

            self._say(jsonl.render_page(page, source, self.for_stream))

    def document(self, document: Document, target: Target) -> None:
        """Print a document that is complete. Raises OutputError."""
        if target.path is None:
            if self.name != STREAMED:
                self._say(self._title(document))
                self._say(self.format.render(document, self.for_stream))
        elif self.writing.split_pages:
            output.write_folder(target.path, dict(self.split(document)))
        else:
            for place, content in self.whole(document, target.path.stem):
                output.write(target.path.parent / place, content)
            output.write(target.path, self.format.render(document, self.beside(target.path.stem)))

    @property
    def for_stream(self) -> Rendering:
        """A stream has no folder beside it for pictures: they are left out unless embedded."""
        return replace(self.rendering, images="none") if self.rendering.images == "files" else self.rendering

    def beside(self, stem: str) -> Rendering:
        """Pictures go into a folder beside the file."""
        return replace(self.rendering, folder=f"{stem}_images")

    def whole(self, document: Document, stem: str) -> Iterator[tuple[str, bytes]]:
        """The picture files of a document: place beside it and content."""
        if self.rendering.images == "files":
            for place, picture in formats.pictures(document, self.beside(stem).folder).items():
                data = io.BytesIO()
                picture.image.save(data, "PNG")
                yield place, data.getvalue()

    def split(self, document: Document) -> Iterator[tuple[str, str | bytes]]:
        """A file for each page, and its pictures: name in the folder and content."""
        for page in document.pages:
            single, stem = replace(document, pages=(page,)), f"p{page.number:03d}"
            yield from self.whole(single, stem)
            yield stem + self.format.SUFFIX, self.format.render(single, self.beside(stem))

    def _title(self, document: Document) -> str:
        gap, self._gap = self._gap, "\n"
        return f"{gap}==> {formats.one_line(document.source)} <==\n" if self.titled else ""

    def _say(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()
