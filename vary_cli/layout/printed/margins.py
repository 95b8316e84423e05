"""Running heads and feet, and notes in the margin: what stands beside the body of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vary_cli.layout.printed.block import Block, Sheet, block
from vary_cli.layout.printed.rows import Row, together

HEAD, FAR = 0.12, 0.3
"""Of the page's height: heads stand no lower, feet no higher; lone page numbers may be farther in."""
APART = 1.7
"""A head is so many ems from the body, at least."""
_FOLIO = re.compile(
    r"[-–—·•∗*~|\s(]*(?:page|seite|p\.|第)?\s*(?:\d{1,4}|[ivxlc]{1,7}|[A-Z]{1,6}[-–]\d{1,3})\s*(?:页|/\s*\d+|of\s+\d+)?[-–—·•∗*~|\s)]*",
    re.IGNORECASE,
)


def take(pieces: Sequence[Row], sheet: Sheet) -> tuple[list[Block], list[Block], list[Row]]:
    """Running heads, running feet, and all other pieces of text."""
    lines = together(pieces)
    heads = _outer(lines, sheet, top=True)
    feet = _outer(lines[::-1], sheet, top=False)
    if len(heads) + len(feet) >= len(lines):
        return [], [], list(pieces)
    left = [piece for piece in pieces if not _said(piece, [*heads, *feet])]
    return [block("header", [line]) for line in heads], [block("footer", [line]) for line in reversed(feet)], left


def _said(piece: Row, lines: Sequence[Row]) -> bool:
    return any(
        line.box[0] - 1 <= piece.box[0]
        and piece.box[2] <= line.box[2] + 1
        and abs(line.baseline - piece.baseline) < 0.6 * line.size
        for line in lines
    )


def _outer(lines: Sequence[Row], sheet: Sheet, top: bool) -> list[Row]:
    """The lines at one end of the page that are no part of the body, from the outside in."""
    found: list[Row] = []
    for i, line in enumerate(lines[:3]):
        y = (line.box[1] + line.box[3]) / 2 / sheet.height
        away = y if top else 1 - y
        if away > (FAR if _is_named(line, sheet, top) else HEAD):
            break
        after = lines[i + 1] if i + 1 < len(lines) else None
        if not _is_running(line, after, sheet, top):
            break
        found.append(line)
    return found


def _is_named(line: Row, sheet: Sheet, top: bool) -> bool:
    """Whether a line is a page number alone, or the analysis calls it a running head or foot."""
    return bool(_FOLIO.fullmatch(line.text)) or sheet.kind(line.box) == ("page-header" if top else "page-footer")


def _is_running(line: Row, inner: Row | None, sheet: Sheet, top: bool) -> bool:
    """Whether a line is a running head or foot: the analysis says so, or it holds a page number and stands apart."""
    said = sheet.kind(line.box)
    if line.mono and sheet.shade(line.box):
        return False
    if said == ("page-header" if top else "page-footer"):
        return True
    gap = abs(inner.baseline - line.baseline) if inner is not None else sheet.height
    if gap < APART * line.size:
        return False
    if _FOLIO.fullmatch(line.text):
        return True
    ends = [part for part in re.split(r"\s{2,}|\t", line.text)]
    wide = line.box[2] - line.box[0] > 0.5 * sheet.width or len(ends) > 1
    numbered = re.match(r"\d{1,4}\s", line.text) or re.search(r"\s\d{1,4}$", line.text)
    unsaid = said in ("", "page-footer", "page-header")
    return bool(wide and numbered and unsaid and gap > 1.9 * line.size) or _is_ruled(line, sheet, top)


def _is_ruled(line: Row, sheet: Sheet, top: bool) -> bool:
    """Whether a ruling across the page parts a line from the body."""
    for x0, y0, x1, y1 in sheet.rules:
        if x1 - x0 > 0.5 * sheet.width and y1 - y0 < 3:
            gap = y0 - line.box[3] if top else line.box[1] - y1
            if -2 < gap < 1.2 * line.size:
                return True
    return False
