"""Pages of a PDF as pictures, and the characters on them as glyphs. Typeset ones are trusted, the user's are not.

The only place of the data engine, besides the reader's layer, that knows PyMuPDF.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pymupdf
from PIL import Image

from vary_cli.data import levels
from vary_cli.document import LayerLine, Span
from vary_cli.example import BOLD, ITALIC, MONO, Glyph

ERRORS = (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase)
"""What PyMuPDF raises on documents that it cannot stomach."""
HYPHENS = {"\u00ad": "-"}
"""A soft hyphen in a PDF is one that is seen."""
ITALIC_FLAG, MONO_FLAG, BOLD_FLAG = 2, 8, 16


def opened(pdf: Path | bytes) -> pymupdf.Document:
    """A document. Raises one of ERRORS."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    return pymupdf.open("pdf", pdf) if isinstance(pdf, bytes) else pymupdf.open(pdf, filetype="pdf")


def picture(page: pymupdf.Page, scale: float) -> Image.Image:
    """A page in gray, `scale` px a point."""
    pixels = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csGRAY, alpha=False)
    return Image.frombytes("L", (pixels.width, pixels.height), pixels.samples)


def glyphs(page: pymupdf.Page, scale: float, spaced: bool = True) -> tuple[Glyph, ...]:
    """The characters that stand on a typeset page, px. `spaced`: blanks are characters, not gaps."""
    flags = pymupdf.TEXT_PRESERVE_WHITESPACE | (pymupdf.TEXT_INHIBIT_SPACES if spaced else 0)
    rows = [row for block in page.get_text("rawdict", flags=flags)["blocks"] for row in block.get("lines", ())]
    return levels.lines(
        glyph for number, row in enumerate(rows) for span in row["spans"] for glyph in drawn(span, number, scale)
    )


def drawn(span: dict[str, Any], line: int, scale: float) -> Iterator[Glyph]:
    """The characters of MuPDF's span, those of a ligature side by side, an accent over its letter."""
    flags, size = span["flags"], span["size"] * scale
    style = BOLD * bool(flags & BOLD_FLAG) + ITALIC * bool(flags & ITALIC_FLAG) + MONO * bool(flags & MONO_FLAG)
    for group in drawn_together(span["chars"]):
        (left, baseline), right = group[0]["origin"], group[0]["bbox"][2]
        letters = [not is_mark(char["c"]) for char in group]
        step = (right - left) / max(1, sum(letters))
        for char, place in zip(group, itertools.accumulate(letters), strict=True):
            x = left + max(0.5, place - 0.5) * step
            yield Glyph(HYPHENS.get(char["c"], char["c"]), x * scale, baseline * scale, size, line, style)


def is_mark(char: str) -> bool:
    """Whether a character stands over or under the letter before it and takes no room."""
    return unicodedata.category(char) == "Mn"


def drawn_together(chars: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Characters by glyph: MuPDF gives a ligature's width to its first one, and the others none, as accents have."""
    group: list[dict[str, Any]] = []
    for char in chars:
        if group and char["bbox"][2] - char["origin"][0] > 0.01:
            yield group
            group = []
        group.append(char)
    if group:
        yield group


def placed(lines: Iterable[LayerLine], scale: float) -> tuple[Glyph, ...]:
    """The characters of some lines, px."""
    return tuple(glyph for number, line in enumerate(lines) for span in line.spans for glyph in of(span, number, scale))


def of(span: Span, line: int, scale: float) -> Iterator[Glyph]:
    """The characters of a span, px."""
    style = BOLD * span.bold + ITALIC * span.italic + MONO * span.mono
    for char, left, right in zip(span.text, span.edges, span.edges[1:], strict=False):
        yield Glyph(char, (left + right) / 2 * scale, span.baseline * scale, span.size * scale, line, style)


def links(page: pymupdf.Page) -> list[str]:
    """Where the links on a page lead, in their order: a typeset page's marks of its own."""
    return [str(link.get("uri") or link.get("file") or "") for link in page.get_links()]
