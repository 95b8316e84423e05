"""Layout of born-digital pages: from what the text layer says to regions in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from vary_cli import boxes
from vary_cli.document import Box, Line, PageImage, Region, TextLayer
from vary_cli.layout.printed import (
    contents,
    displays,
    figures,
    footnotes,
    headings,
    lists,
    margins,
    order,
    paragraphs,
    tables,
)
from vary_cli.layout.printed.block import Block, Sheet, block, code_boxes
from vary_cli.layout.printed.rows import Row, numbered, pieces, together, usual_size

SIGNED = 0.5
"""Of the lines of what is set like code: where more have signs that no keyboard has, it is a list of signs."""


def regions(page: PageImage, layer: TextLayer) -> tuple[Region, ...]:
    """The regions of a page by its text layer, in px of the page's picture."""
    return tuple(scaled(found, page.scale, layer.rules) for found in blocks(layer, page.size))


def blocks(layer: TextLayer, size: tuple[float, float]) -> list[Block]:
    """The blocks of a page in reading order."""
    text = pieces(layer.lines)
    codes = code_boxes(layer.shades, text)
    has_contents = contents.has_contents(together(text))
    sheet = Sheet(*size, usual_size(text), layer.areas, layer.rules, layer.shades, layer.outline, codes, has_contents)
    found, text = tables.take(text, sheet)
    pictures, text = figures.take(text, layer.pictures, sheet)
    heads, feet, text = margins.take(text, sheet)
    formulas, text = displays.take(text, sheet)
    if has_contents:
        text = contents.whole(text, together(text))
    formulas += [Block("formula", tuple(pieces(it.lines)), it.box, marker=it.number) for it in layer.displays]
    parts: list[Row | Block] = [*text, *found, *pictures, *formulas]
    columns = order.columns(parts, sheet.em, parts_text)
    body = [part for column in columns for part in read(column, sheet)]
    return [*heads, *footnotes.named(named(lists.items(body, sheet), sheet), sheet), *feet]


def parts_text(left: Sequence[Row | Block], right: Sequence[Row | Block]) -> bool:
    """Whether two sides of a gutter are columns of text, and not code with notes beside it."""
    rows = [part for part in (*left, *right) if isinstance(part, Row) and part.mono]
    signed = sum(row.signs > 0 for row in rows)
    return len(rows) < len(left) + len(right) or signed > SIGNED * len(rows)


def read(column: Sequence[Row | Block], sheet: Sheet) -> Iterator[Block]:
    """A column's blocks from top to bottom."""
    rows = numbered(together([part for part in column if isinstance(part, Row)]))
    fixed = [part for part in column if isinstance(part, Block)]
    parts: list[Row | Block] = sorted(
        [*rows, *fixed], key=lambda part: part.box[1] if isinstance(part, Block) else part.baseline
    )
    run: list[Row] = []
    for part in parts:
        if isinstance(part, Row):
            run.append(part)
            continue
        yield from _text(run, sheet)
        run = []
        yield part
    yield from _text(run, sheet)


def _text(rows: Sequence[Row], sheet: Sheet) -> Iterator[Block]:
    for part in paragraphs.cut(rows, sheet):
        yield block("code" if all(map(sheet.is_code, part)) and not lists.marker(part[0]) else "text", part)


def named(found: Sequence[Block], sheet: Sheet) -> list[Block]:
    """Blocks with headings told from text, and their levels."""
    result: list[Block] = []
    for above, part, below in zip([None, *found], found, [*found[1:], None], strict=False):
        if part.kind in ("text", "list", "code") and headings.is_heading(part, above, below, sheet):
            result.append(replace(part, kind="heading", marker=""))
        elif part.kind == "text" and (split := headings.run_in(part)):
            result += [replace(split[0], kind="heading"), split[1]]
        else:
            result.append(part)
    places = [i for i, part in enumerate(result) if part.kind == "heading"]
    for i, level in zip(places, headings.levels([result[i] for i in places], sheet), strict=True):
        result[i] = replace(result[i], level=level)
    return result


def scaled(found: Block, scale: float, rules: Sequence[Box]) -> Region:
    """A block in px. Formulas keep the bars in them."""
    lines = tuple(Line(_px(row.box, scale), row.baseline * scale, row.size * scale, row.spans) for row in found.rows)
    bars = tuple(rule for rule in rules if boxes.holds(found.box, rule, 2.0) and rule[3] - rule[1] < 3)
    region = Region(found.kind, _px(found.box, scale), lines, found.level, found.marker, found.cells)
    return replace(region, rules=bars) if found.kind not in ("table", "picture", "code") else region


def _px(box: Box, scale: float) -> Box:
    return (box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale)
