"""What a born-digital page says of itself: lines of text with their styles, rulings, pictures, outline entries.

Runs beside MuPDF in the reader's child process and gives plain data. Knows no regions: what the parts mean is layout's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pymupdf

from vary_cli.document import Area, OutlineEntry, TextLayer
from vary_cli.layer import drawn, honesty, letters

SMOOTH = 8
"""Bits of grey at edges: MuPDF's usual way to draw, which its layout analysis may leave off."""


def extract(page: pymupdf.Page, analyse: bool) -> TextLayer | None:
    """The page's text layer in points of the page as it is shown; None if it has no text, or none that can be trusted.

    `analyse` asks for the library's own layout analysis as well, which takes half a second.
    """
    settle()
    marks = drawn.marks(page)
    lines = letters.lines(page, marks.shades)
    if not honesty.believable(page, lines, marks.images):
        return None
    return TextLayer(
        lines=lines,
        areas=areas(page) if analyse else (),
        outline=outline(page),
        rules=marks.rules,
        shades=marks.shades,
        pictures=marks.pictures,
    )


def settle() -> None:
    """Ask MuPDF for the ink of characters. The library's layout analysis changes this for the whole process."""
    pymupdf.TOOLS.unset_quad_corrections(True)


def areas(page: pymupdf.Page) -> tuple[Area, ...]:
    """What the library's layout analysis makes of the page."""
    import pymupdf.layout

    page.get_layout()
    turn = page.rotation_matrix
    pymupdf.TOOLS.set_aa_level(SMOOTH)
    entries: list[tuple[Any, ...]] = page.layout_information or []
    found = ((pymupdf.Rect(entry[:4]) * turn, str(entry[4])) for entry in entries)
    return tuple(Area(kind, (box.x0, box.y0, box.x1, box.y1)) for box, kind in found)


def outline(page: pymupdf.Page) -> tuple[OutlineEntry, ...]:
    """The bookmarks that lead to a page."""
    found = []
    for level, title, target in bookmarks(page.parent).get(page.number, ()):
        point = target.get("to")
        if point is not None and target["kind"] == pymupdf.LINK_NAMED:  # those are told in the file's own coordinates
            point = point * page.transformation_matrix * page.rotation_matrix
        found.append(OutlineEntry(level, title, None if point is None else point.y))
    return tuple(found)


@lru_cache(maxsize=1)
def bookmarks(document: pymupdf.Document) -> dict[int, list[tuple[int, str, dict[str, Any]]]]:
    """The document's bookmarks by the number of the page they lead to, counted from 0: level, title, target."""
    found: dict[int, list[tuple[int, str, dict[str, Any]]]] = {}
    for level, title, number, target in document.get_toc(simple=False):
        found.setdefault(number - 1, []).append((level, title, target))
    return found
