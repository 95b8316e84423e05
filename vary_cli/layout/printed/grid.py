"""The grid of a table: which pieces of text stand in which row and column. Points.

Columns are parted by strips that hardly any text crosses; rows by rulings where each row has its own, else by lines of
text, with those that go on in a cell put to what they go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vary_cli import boxes
from vary_cli.document import Box, Cell
from vary_cli.layout.printed.axes import WORD, Axis, clustered, column_axis
from vary_cli.layout.printed.block import Block, Sheet
from vary_cli.layout.printed.rows import Row, cut, together, trimmed, words

MOST_LINES = 12
"""Of one cell."""


def table(pieces: Sequence[Row], place: Box, sheet: Sheet) -> Block | None:
    """The table that pieces of text make in a box; None if they make none."""
    lines = together(pieces)
    if len(lines) < 2:
        return None
    inside = [rule for rule in sheet.rules if boxes.holds(place, rule, 3)]
    level = [rule for rule in inside if rule[3] - rule[1] <= 3 < rule[2] - rule[0]]
    upright = [rule for rule in inside if rule[2] - rule[0] <= 3 < rule[3] - rule[1]]
    columns = column_axis(lines, upright, place, sheet.em)
    if columns.count < 2:
        return None
    bands = list(row_bands(lines, columns, level, place))
    if len(bands) < 2:
        return None
    return _filled(bands, columns, level, sheet)


def row_bands(lines: Sequence[Row], columns: Axis, level: Sequence[Box], place: Box) -> Iterator[list[Row]]:
    """The lines of text of each row."""
    cuts = [rule[1] for rule in clustered(level, 1)]
    inner = [y for y in cuts if any(line.baseline < y for line in lines) and any(line.baseline > y for line in lines)]
    edges = zip([place[1] - 99, *inner], [*inner, place[3] + 99], strict=True)
    parts = [part for low, high in edges if (part := [line for line in lines if low <= line.baseline < high])]
    ruled = len(inner) >= 2 and _is_row_each(parts, columns)
    for part in parts:
        yield from [part] if ruled else _by_lines(part, columns)


def _is_row_each(parts: Sequence[Sequence[Row]], columns: Axis) -> bool:
    """Whether each part between rulings is one row: of several lines in it, few fill all columns."""
    several = [line for part in parts if len(part) > 1 for line in part]
    full = [
        line
        for line in several
        if len({columns.span(word.box[0], word.box[2])[0] for word in words(line, WORD)}) == columns.count
    ]
    return max(map(len, parts)) <= MOST_LINES and len(full) < 0.7 * max(1, len(several))


def _by_lines(lines: Sequence[Row], columns: Axis) -> Iterator[list[Row]]:
    """Rows of lines between two rulings."""
    band = [lines[0]]
    for line in lines[1:]:
        if not _continues(band, line, columns):
            yield band
            band = []
        band.append(line)
    yield band


def _continues(band: Sequence[Row], line: Row, columns: Axis) -> bool:
    """Whether a line goes on in cells of the row above: its first column is empty and few others are filled."""
    if line.baseline - band[-1].baseline > 1.45 * line.size:
        return False
    filled = {columns.span(word.box[0], word.box[2])[0] for word in words(line, WORD)}
    above = {columns.span(word.box[0], word.box[2])[0] for other in band for word in words(other, WORD)}
    return 0 not in filled and len(filled) <= max(1, columns.count // 2) and filled <= above


def _filled(bands: Sequence[Sequence[Row]], columns: Axis, level: Sequence[Box], sheet: Sheet) -> Block | None:
    """The cells of the rows; None if hardly any row has two."""
    lines: list[Row] = []
    cells: list[Cell] = []
    full = 0
    head = header_rows(bands, level, sheet)
    for number, band in enumerate(bands):
        entries = _entries(band, columns)
        full += len(entries) > 1
        for (first, count), rows in sorted(entries.items()):
            places = tuple(range(len(lines), len(lines) + len(rows)))
            lines += rows
            cells.append(Cell(number, first, places, columns=count, header=number < head))
    if full < 0.5 * len(bands) or full < 2:
        return None
    return Block("table", tuple(lines), boxes.hull(line.box for line in lines), cells=tuple(cells))


def _entries(band: Sequence[Row], columns: Axis) -> dict[tuple[int, int], list[Row]]:
    """What stands in the columns of a row: (first column, how many) -> lines of text."""
    found: dict[tuple[int, int], list[Row]] = {}
    for line in band:
        for piece in _at_cuts(line, columns):
            first, count = columns.widened(*columns.span(piece.box[0], piece.box[2]), _middle(piece))
            home = next(
                (key for key in found if key[0] <= first < key[0] + key[1] or first <= key[0] < first + count), None
            )
            if home is None:
                found[first, count] = [piece]
            else:
                rows = [*found.pop(home), piece]
                low, high = min(first, home[0]), max(first + count, home[0] + home[1])
                found[low, high - low] = rows
    return {key: together(rows) for key, rows in found.items()}


def _middle(row: Row) -> float:
    return (row.box[1] + row.box[3]) / 2


def _at_cuts(line: Row, columns: Axis) -> Iterator[Row]:
    """A line cut where a blank meets the edge of a column."""
    run: list[Row] = []
    cuts = [columns.cuts[i] for i in range(1, columns.count) if not columns.is_open(i, _middle(line))]
    for word in words(line, 0.15):
        if run and any(run[-1].box[2] - 1 <= x <= word.box[0] + 1 for x in cuts):
            yield trimmed([span for part in run for span in part.spans])
            run = []
        run.append(word)
    if run:
        yield _whole(line, run)


def _whole(line: Row, run: Sequence[Row]) -> Row:
    """The part of a line from the first to the last of its words, blanks between them kept."""
    return (
        trimmed([span for part in run for span in part.spans])
        if len(run) == 1
        else _between(line, run[0].box[0], run[-1].box[2])
    )


def _between(line: Row, x0: float, x1: float) -> Row:
    kept = []
    for span in line.spans:
        inside = [i for i in range(len(span.text)) if x0 - 0.5 <= (span.edges[i] + span.edges[i + 1]) / 2 <= x1 + 0.5]
        if inside:
            kept.append(cut(span, inside[0], inside[-1] + 1))
    return trimmed(kept)


def header_rows(bands: Sequence[Sequence[Row]], level: Sequence[Box], sheet: Sheet) -> int:
    """How many rows are the table's head: those above its first inner ruling, bold ones, or shaded ones."""
    first, rest = list(bands[0]), [line for band in bands[1:] for line in band]
    if _boldness(first) >= 0.5 and _boldness(rest) < 0.3:
        return 1
    shades = [sheet.shade(word.box) for line in first for word in words(line, WORD)]
    if all(shade is not None and not any(boxes.holds(shade, line.box) for line in rest) for shade in shades):
        return 1
    cuts = [rule[1] for rule in clustered(level, 1)]
    inner = [y for y in cuts if first[0].baseline < y and y < rest[-1].baseline]
    if len(inner) == 1:
        head = sum(all(line.baseline < inner[0] for line in band) for band in bands)
        return head if head <= 3 and head < len(bands) / 2 + 1 else 0
    return 0


def _boldness(lines: Sequence[Row]) -> float:
    """The share of words that are bold."""
    found = [word.bold for line in lines for word in words(line, WORD)]
    return sum(found) / max(1, len(found))
