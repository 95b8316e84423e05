"""Whether a page's text layer says what the page shows. Knows only what the file tells; the model sees the rest."""

from __future__ import annotations

import itertools

import pymupdf

from vary_cli.document import Box, LayerLine

MOST_UNKNOWN = 0.2
"""Of a layer's characters may be unknown, or of private use."""
SCAN = 0.8
"""A picture that covers so much of a page may be a scan of it."""
MARGIN = 0.08
"""Of the page's width and height: where stamps stand on scans."""


def believable(page: pymupdf.Page, lines: tuple[LayerLine, ...], images: tuple[Box, ...]) -> bool:
    """Whether the page has text, in characters that are known, and is no scan with text behind it or a stamp on it."""
    if not lines or unknown("".join(line.text for line in lines)) > MOST_UNKNOWN:
        return False
    width, height = page.rect.width, page.rect.height
    if not any((x1 - x0) * (y1 - y0) >= SCAN * width * height for x0, y0, x1, y1 in images):
        return True
    return not (is_covered(page) or all(is_marginal(line.box, width, height) for line in lines))


def unknown(text: str) -> float:
    """The share of characters that have no meaning outside of their font."""
    shown = [char for char in text if not char.isspace()]
    return sum(map(is_unknown, shown)) / max(1, len(shown))


def is_unknown(char: str) -> bool:
    """A replacement, a control character or one of private use."""
    return char == "\ufffd" or char < " " or "\ue000" <= char <= "\uf8ff" or char >= "\U000f0000"


def is_covered(page: pymupdf.Page) -> bool:
    """Whether a picture of the page's size is painted over all of its text."""
    size = SCAN * page.rect.width * page.rect.height
    painted = [(kind, pymupdf.Rect(box)) for kind, box, *_ in page.get_bboxlog()]
    covers = [i for i, (kind, box) in enumerate(painted) if kind == "fill-image" and abs(box) >= size]
    after = itertools.islice(painted, covers[-1] + 1 if covers else 0, None)
    return bool(covers) and not any(kind in ("fill-text", "stroke-text") for kind, _ in after)


def is_marginal(box: Box, width: float, height: float) -> bool:
    """Whether a line stands in the page's outer margin."""
    x, y = (box[0] + box[2]) / 2 / width, (box[1] + box[3]) / 2 / height
    return not (MARGIN < x < 1 - MARGIN and MARGIN < y < 1 - MARGIN)
