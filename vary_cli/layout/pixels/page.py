"""The page put together: sorted ink becomes columns, columns become lines, lines become regions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vary_cli.document import Cell, Kind, Region
from vary_cli.ink.blobs import Ints, centred
from vary_cli.layout.pixels import kinds, margins, pitch
from vary_cli.layout.pixels.blocks import paragraphs
from vary_cli.layout.pixels.cuts import columns
from vary_cli.layout.pixels.grids import Grid, grids
from vary_cli.layout.pixels.kinds import Style
from vary_cli.layout.pixels.lines import TextLine, lines_of
from vary_cli.layout.pixels.rows import rows
from vary_cli.layout.pixels.sheet import Sheet

LOWEST = 0.35  # of the size of most letters; smaller ones are remains of rules


@dataclass(frozen=True)
class Part:
    """A stretch of a column, before its lines are known."""

    kind: Kind
    box: Ints
    rows: tuple[Ints, ...] = ()
    """Pieces of each row, by their indices."""
    grid: Grid | None = None
    note: bool = False
    """Whether it stands in the margin of the column before it."""


def regions(sheet: Sheet) -> list[Region]:
    """The regions of a page in reading order."""
    parts = list(parts_of(sheet))
    lines = iter(lines_of(sheet, [row for part in parts for row in part.rows]))
    filled = [(part, [next(lines) for _ in part.rows]) for part in parts]
    filled = [(part, [line for line in inside if line.em > LOWEST * sheet.em or part.grid]) for part, inside in filled]
    text = [line for part, inside in filled for line in inside if part.kind == "text"]
    style, typed = kinds.style_of(unshaded(text, sheet) or text), pitch.is_typed(text)
    found: list[Region] = []
    for part, inside in filled:
        made = list(regions_of(part, inside, sheet, style, typed))
        found = with_note(found, made) if part.note else found + made
    return kinds.captioned(kinds.levelled(found), style)


def unshaded(lines: Sequence[TextLine], sheet: Sheet) -> list[TextLine]:
    """Lines that stand on no shade: what stands on one is often of another size."""
    places = np.array([(line.left, line.top, line.right, line.bottom) for line in lines], np.int64).reshape(-1, 4)
    hidden = np.any([centred(places, shade) for shade in sheet.shades], axis=0) | np.zeros(len(lines), np.bool_)
    return [line for line, is_hidden in zip(lines, hidden.tolist(), strict=True) if not is_hidden]


def parts_of(sheet: Sheet) -> Iterator[Part]:
    """The parts of a page in reading order: heads, then column by column, then feet."""
    head, foot = margins.heads(sheet), margins.feet(sheet)
    free = ~head & ~foot
    tables = list(grids(sheet, free))
    for table in tables:
        free[table.pieces] = False
    yield from marginal(sheet, np.flatnonzero(head), "header")
    text = np.flatnonzero(free)
    boxes = np.concatenate([sheet.pieces[text], *(table.box[None] for table in tables), sheet.pictures])
    rules = sheet.rules.across
    for table in tables:
        rules = rules[~centred(rules, table.box + np.array([-9, -9, 9, 9]))]
    for column in columns(boxes, rules, sheet.rules.down, sheet.em):
        for note, members in ((False, column.members), (True, column.notes)):
            yield from stretches(sheet, members, text, tables, boxes, note)
    yield from marginal(sheet, np.flatnonzero(foot), "footer")


def marginal(sheet: Sheet, pieces: Ints, kind: Kind) -> Iterator[Part]:
    """Running heads or feet, row by row."""
    for row in rows(sheet.pieces[pieces], sheet.em):
        yield Part(kind, sheet.pieces[pieces[row]], (pieces[row],))


def stretches(
    sheet: Sheet, members: Ints, text: Ints, tables: Sequence[Grid], boxes: Ints, note: bool
) -> Iterator[Part]:
    """What stands in a column from top to bottom: stretches of text, tables, pictures."""
    pieces = text[members[members < len(text)]]
    blocks = sorted(members[members >= len(text)].tolist(), key=lambda i: int(boxes[i, 1] + boxes[i, 3]))
    lines = [pieces[row] for row in rows(sheet.pieces[pieces], sheet.em)]
    middles = [float(sheet.pieces[line][:, [1, 3]].mean()) for line in lines]
    for block in blocks:
        above = int(np.searchsorted(middles, (boxes[block, 1] + boxes[block, 3]) / 2))
        if above:
            yield Part("text", boxes[block], tuple(lines[:above]), note=note)
        lines, middles = lines[above:], middles[above:]
        if block < len(text) + len(tables):
            yield table_part(sheet, tables[block - len(text)], note)
        else:
            yield Part("picture", boxes[block], note=note)
    if lines:
        yield Part("text", boxes[members[0]], tuple(lines), note=note)


def table_part(sheet: Sheet, grid: Grid, note: bool) -> Part:
    """A table with the rows of all its cells."""
    lines = [place.pieces[row] for place in grid.places for row in rows(sheet.pieces[place.pieces], sheet.em)]
    return Part("table", grid.box, tuple(lines), grid, note)


def regions_of(part: Part, lines: list[TextLine], sheet: Sheet, style: Style, typed: bool) -> Iterator[Region]:
    """The regions of a part, its lines being known. `typed`: the page is typewritten."""
    if part.kind == "text":
        for program, run in [(False, lines)] if typed or part.note else pitch.runs(lines):
            if program:
                yield kinds.region(run, "code")
            else:
                yield from kinds.column(paragraphs(run), sheet.rules.across, style)
    elif part.grid is not None:
        left, top, right, bottom = map(float, part.box.tolist())
        yield Region(
            "table",
            (left, top, right, bottom),
            tuple(one for line in lines for one in line.parts),
            cells=tuple(cells_of(part, lines)),
        )
    elif part.kind == "picture":
        left, top, right, bottom = map(float, part.box.tolist())
        yield Region("picture", (left, top, right, bottom))
    elif lines:  # ink in a margin that makes no line is dirt
        yield kinds.region(lines, part.kind)


def cells_of(part: Part, lines: Sequence[TextLine]) -> Iterator[Cell]:
    """The cells of a table, with the numbers of their lines."""
    assert part.grid is not None
    ends = np.cumsum([0, *(len(line.parts) for line in lines)]).tolist()
    row = 0
    for place in part.grid.places:
        first, mine = row, set(place.pieces.tolist())
        while row < len(part.rows) and set(part.rows[row].tolist()) <= mine:
            row += 1
        inside = tuple(range(ends[first], ends[row]))
        yield Cell(place.row, place.column, inside, columns=place.columns, header=part.grid.header and place.row == 0)


def with_note(found: list[Region], notes: list[Region]) -> list[Region]:
    """Notes put before what they stand beside."""
    for note in notes:
        beside = next(
            (i for i, r in enumerate(found) if r.kind not in ("header",) and r.box[3] > note.box[1]), len(found)
        )
        found = [*found[:beside], note, *found[beside:]]
    return found
