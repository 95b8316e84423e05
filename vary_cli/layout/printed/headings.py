"""Headings: which blocks are headings, and of which level."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vary_cli.formula import signs
from vary_cli.layout.printed.block import Block, Sheet
from vary_cli.layout.printed.block import block as make
from vary_cli.layout.printed.rows import Row, trimmed, words

LARGER = 1.08
"""Headings are so many times larger than the text, or bold."""
SPREAD = 1.5
"""Ems of room in a row that no heading has, unless it is bold or its number stands before it: names of authors have."""
LONGEST = 220
"""Characters."""
RUN_IN = 0.7
"""Ems of room after a heading on the line where its text begins."""
_NUMBERED = re.compile(
    r"(?:(?:chapter|section|appendix|part)\s+)?(?:\d{1,2}|[A-Z]|[IVX]{1,5})(?:\.\d{1,3})*\.?\s+\S|第\s*[\d一二三四五六七八九十百]+\s*[章节部篇]",
    re.IGNORECASE,
)
_PARTS = re.compile(r"(\d{1,2}(?:\.\d{1,3})+)\.?\s+\S")
_SAID = ("section-header", "title")


def is_heading(block: Block, above: Block | None, below: Block | None, sheet: Sheet) -> bool:
    """Whether a block of text is a heading; `above` and `below` are its neighbours in reading order."""
    text = block.text
    if len(block.rows) > 4 or len(text) > LONGEST or not any(map(str.isalnum, text)):
        return False
    if any(map(sheet.is_entry, block.rows)) or signs.are_listed(text):
        return False
    if sum(row.math * len(row.text) for row in block.rows) > 0.5 * len(text):
        return False
    first = block.rows[0]
    said = sheet.kind(block.box) in _SAID
    if _in_outline(text, sheet):
        return True
    if all(row.mono for row in block.rows):
        parted = (said and _leans(block, above, below)) or first.bold
        large = first.size >= LARGER * sheet.em or (parted and first.size >= 0.98 * sheet.em)
        return large and len(block.rows) <= 2 and sheet.shade(block.box) is None
    large = min(row.size for row in block.rows) >= LARGER * sheet.em
    bold = all(row.bold for row in block.rows)
    if text.rstrip()[-1:] in ".,;:。，；：" and not (large and bold):
        return False
    marked = bold or bool(_NUMBERED.match(text))
    if not marked and any(len(list(words(row, SPREAD))) > 1 for row in block.rows):
        return False
    if large and (said or marked or first.size >= 1.25 * sheet.em):
        return True
    if bold:
        return said or first.size >= 0.95 * sheet.em
    return (
        said
        and (large or first.italic or bool(_NUMBERED.match(text)) or text.isupper())
        and first.size >= 0.9 * sheet.em
    )


def _leans(block: Block, above: Block | None, below: Block | None) -> bool:
    """Whether a block is nearer to what is below it than to what is above."""
    if above is None or below is None:
        return below is not None
    return block.box[1] - above.box[3] > 1.25 * (below.box[1] - block.box[3]) > 0


def run_in(block: Block) -> tuple[Block, Block] | None:
    """A heading at the beginning of a paragraph and the rest: bold words, an em of room, and text that is not bold."""
    first = block.rows[0]
    parts = list(words(first, RUN_IN))
    if block.kind != "text" or len(parts) < 2 or not parts[0].bold or parts[1].bold or first.size < parts[0].size * 0.9:
        return None
    if parts[0].text.rstrip()[-1:] in ".:;,。：；，" or len(parts[0].text) > LONGEST / 2 or _is_wide_elsewhere(parts):
        return None
    rest = Row(first.spans, first.box)
    kept = [span for span in rest.spans if span.edges[0] >= parts[1].box[0] - 0.5]
    return make("text", [parts[0]]), make("text", [trimmed(kept), *block.rows[1:]])


def _is_wide_elsewhere(parts: Sequence[Row]) -> bool:
    """Whether room between words is nothing special in a row."""
    return len(parts) > 2


def _in_outline(text: str, sheet: Sheet) -> bool:
    key = plain(text)
    return any(key == plain(entry.title) for entry in sheet.outline) if key else False


def plain(text: str) -> str:
    """A title without its number, its blanks and signs."""
    bare = re.sub(r"^[\s\d.]+", "", text)
    return "".join(char for char in bare.lower() if char.isalnum())


def rank(block: Block) -> tuple[float, bool, bool]:
    """What a heading looks like: size, weight, whether upright; greater is higher."""
    row = block.rows[0]
    return (round(row.size * 2) / 2, row.bold, not row.italic)


def levels(headings: Sequence[Block], sheet: Sheet) -> list[int]:
    """The level of each heading of a page: by the outline, by its number, else by its looks beside theirs."""
    ranks = sorted({rank(heading) for heading in headings}, reverse=True)
    told = [_told(heading, sheet) for heading in headings]
    known = {rank(heading): level for heading, level in zip(headings, told, strict=True) if level}
    shift = min((level - ranks.index(place) for place, level in known.items()), default=1)
    looks = {place: known.get(place, max(1, shift + i)) for i, place in enumerate(ranks)}
    return [min(6, level or looks[rank(heading)]) for heading, level in zip(headings, told, strict=True)]


def _told(heading: Block, sheet: Sheet) -> int:
    """The level that the outline or the parts of a heading's number tell; 0 if neither does."""
    entry = next((e for e in sheet.outline if plain(e.title) == plain(heading.text)), None)
    if entry is not None:
        return entry.level
    number = _PARTS.match(heading.text)
    return number[1].count(".") + 1 if number else 0
