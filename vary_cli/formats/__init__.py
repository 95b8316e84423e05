"""Formats: Document -> text. This folder is a registry: a module's name is the format's name.

Here is what all formats share: how a document is to be written, where its pictures lie, what is said of failed pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Literal, Protocol, cast
from urllib.parse import quote

from vary_cli import plugins
from vary_cli.document import Document, PageText, Picture
from vary_cli.errors import UsageError


@dataclass(frozen=True)
class Rendering:
    """How a document is written."""

    page_breaks: Literal["none", "comment", "rule", "anchor"] = "none"
    """Mark where pages begin: not at all, by a comment, by a line across, or by an anchor that links can lead to."""
    images: Literal["none", "files", "embed"] = "files"
    """Pictures: left out, linked as files beside the result, or embedded in it."""
    inline_math: Literal["unicode", "latex"] = "unicode"
    """Formulas within lines of Markdown: as characters where these say all of them (σ², Tₙ), or always in LaTeX."""
    front_matter: bool = False
    """Begin with what is known of the document: title, source, model, options."""
    folder: str = field(default="", metadata={"flag": False})
    """Folder of the picture files, relative to the result; '' is beside it."""


DEFAULT = Rendering()


class Format(Protocol):
    """What a module of this folder offers."""

    SUFFIX: str
    """Of its files, with the dot."""

    def render(self, document: Document, options: Rendering = DEFAULT) -> str:
        """The document in this format."""


def names() -> list[str]:
    """All formats: 'html', 'json', ..."""
    return plugins.names(__name__)


def load(name: str) -> Format:
    """The format of that name. Raises UsageError that lists the known ones."""
    return cast(Format, plugins.load(__name__, name))


def by_suffix(path: str | PurePath) -> str:
    """Name of the format that a file's name asks for. Raises UsageError if there is none."""
    suffix = PurePath(path).suffix.lower()
    known = {load(name).SUFFIX: name for name in names()}
    known |= {".markdown": "markdown", ".htm": "html", ".text": "text", ".ndjson": "jsonl"}
    if suffix not in known:
        raise UsageError(f"no format has the suffix {suffix!r}", f"choose one with --to: {', '.join(names())}")
    return known[suffix]


def pictures(document: Document, folder: str) -> dict[str, Picture]:
    """Files to write for `images="files"`: path relative to the result -> picture."""
    return {place(picture, folder): picture for page in document.pages for picture in page.pictures}


def place(picture: Picture, folder: str) -> str:
    """Path of a picture's file relative to the result."""
    return f"{folder}/{picture.name}" if folder else picture.name


def links(page: PageText, options: Rendering) -> Mapping[str, str]:
    """Where the links to a page's pictures lead: name -> address. Empty if pictures are left out."""
    if options.images == "none":
        return {}
    return {picture.name: _address(picture, options) for picture in page.pictures}


def _address(picture: Picture, options: Rendering) -> str:
    if options.images == "files":
        return quote(place(picture, options.folder))
    return data_uri(picture)


def data_uri(picture: Picture) -> str:
    """The picture itself as an address, as PNG."""
    from base64 import b64encode
    from io import BytesIO

    data = BytesIO()
    picture.image.save(data, "PNG", optimize=True)
    return f"data:image/png;base64,{b64encode(data.getvalue()).decode('ascii')}"


def failure(page: PageText) -> str:
    """What to say in place of a failed page; '' if it did not fail."""
    if page.finish != "failed":
        return ""
    reason = "; ".join(page.warnings) or "unknown reason"
    return f"page {page.number} failed: {one_line(reason)}"


def facts(document: Document) -> dict[str, object]:
    """What is known of a document, for its head: source, number of pages, failed ones, provenance."""
    known: dict[str, object] = {"source": document.source, "pages": len(document.pages)}
    if document.failed:
        known["failed_pages"] = [page.number for page in document.failed]
    return known | dict(document.provenance)


def one_line(text: str) -> str:
    """Text without line breaks and control characters, to stand in a comment or a heading."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())
