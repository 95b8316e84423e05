"""Items of lists: their markers, their depth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vary_cli.layout.printed.block import Block, Column, Sheet
from vary_cli.layout.printed.rows import Row

BULLETS = "•◦▪▫■□●○◆◇‣⁃∙➢➤►▶▸✓✔–—∗⋄★☆◾◽·"
_BULLET = re.compile(rf"([{BULLETS}*-])(?=\s|[^\W\d_]|$)")
_NUMBER = re.compile(
    r"(\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\[\d{1,3}\]|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|[①-⑳]"
    r"|\d{1,2}、|[一二三四五六七八九十]{1,3}、)(?=\s|[^\d\s.])"
)


def marker(row: Row) -> str:
    """The bullet or number that a row begins with; '' if none."""
    text = row.text
    found = _BULLET.match(text) or _NUMBER.match(text)
    if found is None or not text[found.end() :].strip():
        return ""
    if found[1] in "-–—*·∗" and text[found.end() : found.end() + 1] not in " ":
        return ""
    return found[1]


def is_bullet(mark: str) -> bool:
    """Whether a marker is a bullet, not a number."""
    return mark in BULLETS or mark in "*-"


def text_left(row: Row) -> float:
    """x where a row's text begins after its marker."""
    mark = marker(row)
    seen = 0
    for span in row.spans:
        for char, edge in zip(span.text, span.edges, strict=False):
            if seen >= len(mark) and not char.isspace():
                return edge
            seen += 1
    return row.box[0]


def is_plausible(row: Row, run: Sequence[Row], place: Column) -> bool:
    """Whether a row in the midst of text that begins like an item is one: set apart, or after a line that ends."""
    mark = marker(row)
    if is_bullet(mark) and mark not in "-–—*·∗":
        return True
    last, first = run[-1], run[0]
    if marker(first) and abs(first.box[0] - row.box[0]) < 0.5 * row.size:
        return True
    ends = last.box[2] < place.right - 0.1 * place.width or last.text.rstrip()[-1:] in ".:;,!?。：；，！？"
    return ends and text_left(row) - row.box[0] > 0.9 * row.size and abs(row.box[0] - last.box[0]) < 6 * row.size


def items(blocks: Sequence[Block], sheet: Sheet) -> list[Block]:
    """Blocks, with those that begin with a marker as items, and the depth of each.

    A lone letter or number with a stop after it is an item only if its neighbours are.
    """
    found = [_item(i, blocks, sheet) for i in range(len(blocks))]
    depths: list[float] = []
    result = []
    for one in found:
        if one.kind != "list":
            if not _goes_on(one, depths):
                depths = []
            result.append(one)
            continue
        x = one.rows[0].box[0]
        while depths and depths[-1] > x + 0.6 * one.rows[0].size:
            depths.pop()
        if not depths or x > depths[-1] + 0.6 * one.rows[0].size:
            depths.append(x)
        result.append(replace(one, level=len(depths) - 1))
    return result


def _goes_on(block: Block, depths: list[float]) -> bool:
    """Whether a block between items belongs to one: it is set in below a marker."""
    return bool(depths) and bool(block.rows) and block.box[0] > depths[0] + 0.6 * block.rows[0].size


def _item(i: int, blocks: Sequence[Block], sheet: Sheet) -> Block:
    block = blocks[i]
    if block.kind != "text" or not block.rows:
        return block
    mark = marker(block.rows[0])
    if sheet.is_entry(block.rows[-1]):
        return replace(block, kind="list")
    if not mark:
        return block
    if is_bullet(mark) or _in_sequence(i, mark, blocks) or _hangs(block):
        return replace(block, kind="list", marker=mark)
    return block


def _hangs(block: Block) -> bool:
    """Whether a block's text stands clear of its marker: all its rows begin at the text."""
    left, size = text_left(block.rows[0]), block.rows[0].size
    if len(block.rows) == 1:
        return left - block.rows[0].box[0] > 1.2 * size
    return all(abs(row.box[0] - left) < 0.6 * size for row in block.rows[1:])


def _in_sequence(i: int, mark: str, blocks: Sequence[Block]) -> bool:
    """Whether an item before or after counts in the same way at the same place."""
    x, size = blocks[i].rows[0].box[0], blocks[i].rows[0].size
    for other in (*blocks[max(0, i - 4) : i], *blocks[i + 1 : i + 5]):
        near = marker(other.rows[0]) if other.rows else ""
        alike = near not in ("", mark) and _style(near) == _style(mark)
        if alike and abs(other.rows[0].box[0] - x) < 1.2 * size:
            return True
    return False


def _style(mark: str) -> str:
    return re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]+", "A", re.sub(r"\d+", "1", mark)))
