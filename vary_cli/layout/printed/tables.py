"""Tables: where they are, by their rulings, their shades or the library's analysis, and what their grid is. Points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vary_cli import boxes
from vary_cli.document import Box
from vary_cli.layout.printed import contents, grid
from vary_cli.layout.printed.block import Block, Sheet
from vary_cli.layout.printed.rows import HAN, Row, together

SHORTEST = 4.0
"""Length of a ruling, ems."""
SLACK = 4.0
"""Points by which the ends of rulings of one table may differ."""


def take(pieces: Sequence[Row], sheet: Sheet) -> tuple[list[Block], list[Row]]:
    """The tables of a page, and the pieces of text that stand in none."""
    tables: list[Block] = []
    left = list(pieces)
    for ruled, is_lattice in candidates(sheet):
        place = with_head(ruled, sheet)
        inside = [piece for piece in left if boxes.holds(place, piece.box)]
        if (is_code(inside, sheet, place) and not is_lattice) or any(
            boxes.share(place, table.box) > 0.5 for table in tables
        ):
            continue
        rows = together(inside)
        if contents.is_index(inside) or sum(map(sheet.is_entry, rows)) > 0.5 * len(rows):
            continue
        table = grid.table(inside, place, sheet)
        if table is not None:
            tables.append(table)
            left = [piece for piece in left if piece not in inside]
    return tables, left


def with_head(place: Box, sheet: Sheet) -> Box:
    """A table's box with the shaded row above its first ruling."""
    over = [s for s in sheet.shades if abs(s[3] - place[1]) < 3 and place[0] - SLACK < s[0] and s[2] < place[2] + SLACK]
    head = boxes.hull([place, *(s for s in over if s[3] - s[1] < 4 * sheet.em)])
    wide = sum(s[2] - s[0] for s in over)
    return head if wide > 0.8 * (place[2] - place[0]) else place


def is_code(pieces: Sequence[Row], sheet: Sheet, place: Box) -> bool:
    """Whether type of one width makes columns of its own: all of it is such, or most and it stands in one shade."""
    counts = [(len(HAN.sub("", piece.text)), piece.portion(lambda span: span.mono)) for piece in pieces]
    mono = sum(count * share for count, share in counts) / max(1, sum(count for count, _ in counts))
    shaded = bool(pieces) and sheet.shade(boxes.hull(piece.box for piece in pieces)) is not None
    return mono > (0.9 if shaded else 0.999)


def candidates(sheet: Sheet) -> Iterator[tuple[Box, bool]]:
    """Where tables may be, the likeliest first, and whether rulings cross there."""
    level, upright = rulings(sheet)
    frames = list(lattices(level, upright))
    yield from ((frame, True) for frame in frames)
    chains = (
        chain for chain in stacks(level, sheet.em) if not any(boxes.share(chain, frame) > 0.8 for frame in frames)
    )
    yield from ((chain, False) for chain in chains)
    yield from ((area.box, False) for area in sheet.areas if area.kind == "table")


def rulings(sheet: Sheet) -> tuple[list[Box], list[Box]]:
    """Level and upright rulings, pieces in line joined."""
    level = [rule for rule in sheet.rules if rule[3] - rule[1] <= 3 and rule[2] - rule[0] > 3]
    upright = [rule for rule in sheet.rules if rule[2] - rule[0] <= 3 and rule[3] - rule[1] > 3]
    long = [rule for rule in joined(level, 0) if rule[2] - rule[0] >= SHORTEST * sheet.em]
    return long, [rule for rule in joined(upright, 1) if rule[3] - rule[1] >= 0.8 * sheet.em]


def joined(rules: Sequence[Box], axis: int) -> list[Box]:
    """Rulings with those that continue each other as one; axis 0 for level ones."""
    other = 1 - axis
    result: list[Box] = []
    for rule in sorted(rules, key=lambda rule: (round(rule[other] / 1.5), rule[axis])):
        last = result[-1] if result else None
        if last is not None and abs(last[other] - rule[other]) < 1.6 and _meet(last, rule, axis):
            result[-1] = boxes.hull([last, rule])
        else:
            result.append(rule)
    return result


def _meet(a: Box, b: Box, axis: int) -> bool:
    return b[axis] <= a[axis + 2] + 2.5 and a[axis] <= b[axis + 2] + 2.5


def lattices(level: Sequence[Box], upright: Sequence[Box]) -> Iterator[Box]:
    """Boxes of rulings that cross: at least two of each kind, and one more of either."""
    groups: list[list[Box]] = []
    for rule in [*level, *upright]:
        near = [group for group in groups if any(_cross(rule, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([rule, *(other for group in near for other in group)])
    for group in groups:
        rows = sum(rule in level for rule in group)
        if rows >= 2 and len(group) - rows >= 1 and len(group) >= 4:
            yield boxes.hull(group)


def _cross(a: Box, b: Box) -> bool:
    return a[0] - 3 <= b[2] and b[0] - 3 <= a[2] and a[1] - 3 <= b[3] and b[1] - 3 <= a[3]


def stacks(level: Sequence[Box], em: float) -> Iterator[Box]:
    """Boxes between level rulings of one width, the whole stack first, then what is between each two neighbours."""
    groups: list[list[Box]] = []
    for rule in sorted(level, key=lambda rule: rule[1]):
        group = next((g for g in groups if abs(g[0][0] - rule[0]) < SLACK and abs(g[0][2] - rule[2]) < SLACK), None)
        if group is None:
            groups.append([rule])
        else:
            group.append(rule)
    for group in groups:
        if len(group) > 1:
            yield boxes.hull(group)
    for group in groups:
        for size in range(len(group) - 1, 1, -1):
            yield from (boxes.hull(group[i : i + size]) for i in range(len(group) - size + 1))
