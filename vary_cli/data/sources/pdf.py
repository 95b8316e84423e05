"""The user's PDFs as truth: a page's raster and its text layer, character by character.

Vary paper, section 3.2 (open documents; text by PyMuPDF). Layers that lie are left out: replacement or private
characters, characters without ink under them.
"""

from __future__ import annotations

import itertools
import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
from PIL import Image

from vary_cli.errors import DataError
from vary_cli.example import Example, Glyph


@dataclass(frozen=True)
class Options:
    """Which PDFs, and how large."""

    pdf: tuple[Path, ...] = ()
    """PDF files or folders."""
    pages: int = 3
    """Most pages taken from a document at a time."""
    size: tuple[float, float] = (20.0, 36.0)
    """Smallest and largest em of a page's body text, px."""
    without: tuple[str, ...] = ()
    """File names to leave out."""


def examples(options: Options, chance: random.Random) -> Iterator[Example]:
    """Pages of the documents, in an order of chance, without end."""
    files = documents(options)
    while True:
        yield from pages_of(chance.choice(files), options, chance)


def documents(options: Options) -> list[Path]:
    """The PDFs named and below the folders named."""
    found = [f for p in options.pdf for f in (sorted(p.rglob("*.pdf")) if p.is_dir() else [p])]
    files = [f for f in found if f.is_file() and f.name not in options.without]
    if not files:
        raise DataError("no PDF found", "name PDF files, or folders that hold some")
    return files


def pages_of(file: Path, options: Options, chance: random.Random) -> Iterator[Example]:
    """Some pages of one document; a broken document or page yields none."""
    try:
        document = pymupdf.open(file)
    except (pymupdf.FileDataError, pymupdf.EmptyFileError, RuntimeError):
        return
    with document:
        if document.needs_pass or not document.page_count:
            return
        numbers = chance.sample(range(document.page_count), min(options.pages, document.page_count))
        for number in numbers:
            try:
                example = page_example(document[number], chance.uniform(*options.size))
            except RuntimeError:  # MuPDF's own errors on broken pages
                continue
            if example is not None:
                yield example


def page_example(page: Any, size: float) -> Example | None:
    """A page at a scale at which its body text has an em of `size` px; None without a usable layer."""
    lines = [line for line in layer(page) if len(line) > 1]
    sizes = [g.size for line in lines for g in line]
    if len(sizes) < 20:
        return None
    scale = size / statistics.median(sizes)
    if page.rect.width * page.rect.height * scale**2 > 12e6:  # posters
        return None
    pixels = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csGRAY, alpha=False)
    image = Image.frombytes("L", (pixels.width, pixels.height), pixels.samples)
    ink = np.asarray(image) < 200
    placed = [scaled(line, scale) for line in lines]
    honest = [line for line in placed if inked(line, ink)]
    if len(honest) < 0.7 * len(placed):
        return None
    glyphs = [g._replace(line=i) for i, line in enumerate(honest) for g in line]
    return Example(image, glyphs=tuple(glyphs), source=page.parent.name)


def layer(page: Any) -> list[list[Glyph]]:
    """Horizontal lines of the text layer, in points."""
    flags = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_PRESERVE_LIGATURES | pymupdf.TEXT_MEDIABOX_CLIP
    raw = page.get_text("rawdict", flags=flags)
    lines = (line for block in raw["blocks"] for line in block.get("lines", ()))
    return [glyphs(line) for line in lines if line["wmode"] == 0 and line["dir"][0] > 0.999]


def glyphs(line: dict[str, Any]) -> list[Glyph]:
    """The characters of one rawdict line."""
    found = []
    for span in line["spans"]:
        for char in span["chars"]:
            x0, _, x1, _ = char["bbox"]
            found.append(Glyph(char["c"], (x0 + x1) / 2, char["origin"][1], span["size"], 0))
    return found


def scaled(line: list[Glyph], scale: float) -> list[Glyph]:
    """A line in px."""
    return [g._replace(x=g.x * scale, y=g.y * scale, size=g.size * scale) for g in line]


def inked(line: list[Glyph], ink: np.ndarray[Any, np.dtype[np.bool_]]) -> bool:
    """Whether a line's layer is believable: real characters, each with ink where it should stand."""
    visible = [g for g in line if not g.char.isspace()]
    if not visible or any(g.char == "\ufffd" or "\ue000" <= g.char <= "\uf8ff" or g.char < " " for g in visible):
        return False
    high, wide = ink.shape
    hits = 0
    for g in visible:
        top, bottom = max(0, int(g.y - 0.8 * g.size)), min(high, int(g.y + 0.25 * g.size) + 1)
        left, right = max(0, int(g.x - 0.3 * g.size)), min(wide, int(g.x + 0.3 * g.size) + 1)
        hits += bool(ink[top:bottom, left:right].any())
    return hits >= 0.95 * len(visible)


_ = itertools
