"""Footnotes: small blocks that begin with a raised mark and stand below the text of their column. Points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vary_cli.layout.printed.block import Block, Sheet
from vary_cli.layout.printed.rows import Row

SMALLER = 0.95
"""Of the size of the text."""
UPPER = 0.4
"""Of the page's height: no footnotes stand above."""
_MARK = re.compile(r"\d{1,3}|[a-z*∗†‡§¶]")


def is_marked(row: Row) -> bool:
    """Whether a row begins with the raised mark of a footnote, and says something after it."""
    mark = row.spans[0].text.strip()
    return row.spans[0].raised and bool(_MARK.fullmatch(mark)) and len(row.text.strip()) > len(mark)


def named(blocks: Sequence[Block], sheet: Sheet) -> list[Block]:
    """Blocks with footnotes told from text."""
    return [replace(one, kind="footnote", marker="") if _is_footnote(one, sheet) else one for one in blocks]


def _is_footnote(block: Block, sheet: Sheet) -> bool:
    if block.kind not in ("text", "list") or block.box[1] < UPPER * sheet.height or not is_marked(block.rows[0]):
        return False
    return max(row.size for row in block.rows) < SMALLER * sheet.em or sheet.kind(block.box) == "footnote"
