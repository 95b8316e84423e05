"""Blocks: what regions are made of, still in points, and the column they stand in."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from vary_cli import boxes
from vary_cli.document import Area, Box, Cell, Kind, OutlineEntry
from vary_cli.layout.printed import contents
from vary_cli.layout.printed.rows import HAN, Row, leading


@dataclass(frozen=True)
class Block:
    """A part of a page: rows of text, a table, a picture."""

    kind: Kind
    rows: tuple[Row, ...]
    box: Box
    level: int = 0
    marker: str = ""
    cells: tuple[Cell, ...] = ()

    @property
    def text(self) -> str:
        """What the layer says, a line for each row."""
        return "\n".join(row.text for row in self.rows)


def block(kind: Kind, rows: Sequence[Row], level: int = 0, marker: str = "") -> Block:
    """Rows as a block, at least one."""
    return Block(kind, tuple(rows), boxes.hull(row.box for row in rows), level, marker)


@dataclass(frozen=True)
class Sheet:
    """What is known of the whole page."""

    width: float
    height: float
    em: float
    """Size of most of the text."""
    areas: tuple[Area, ...] = ()
    rules: tuple[Box, ...] = ()
    shades: tuple[Box, ...] = ()
    outline: tuple[OutlineEntry, ...] = ()
    codes: tuple[Box, ...] = ()
    """Shaded boxes that hold code."""
    has_contents: bool = False
    """A table of contents stands on it."""

    def is_entry(self, row: Row) -> bool:
        """Whether a row is an entry of a table of contents."""
        return self.has_contents and contents.is_entry(row)

    def is_code(self, row: Row) -> bool:
        """Whether a row is set as code: in type of one width, or in a box of such."""
        return row.mono or any(boxes.holds(box, row.box) for box in self.codes)

    def kind(self, box: Box) -> str:
        """What the library's analysis says of a box; '' if it says nothing."""
        shares: dict[str, float] = {}
        for area in self.areas:
            shares[area.kind] = shares.get(area.kind, 0.0) + boxes.share(box, area.box)
        kind, share = max(shares.items(), key=lambda item: item[1], default=("", 0.0))
        return kind if share > 0.5 else ""

    def shade(self, box: Box) -> Box | None:
        """The smallest shaded box behind a box."""
        behind = [shade for shade in self.shades if boxes.share(box, shade) > 0.9]
        return min(behind, key=boxes.area, default=None)


@dataclass(frozen=True)
class Column:
    """A column of text: its edges and the distance of its lines."""

    left: float
    right: float
    leading: float
    justified: bool

    @property
    def width(self) -> float:
        """Points."""
        return self.right - self.left


def column(rows: Sequence[Row]) -> Column:
    """The column that rows stand in, at least one."""
    lefts = Counter(round(row.box[0]) for row in rows)
    common = [x for x, count in lefts.items() if count >= max(2, 0.12 * len(rows))]
    left = min(common, default=min(row.box[0] for row in rows))
    rights = sorted(row.box[2] for row in rows)
    right = rights[-1] if len(rights) < 6 else rights[int(0.92 * len(rights))]
    flush = [row for row in rows if abs(row.box[2] - right) < 0.4 * row.size]
    em = statistics.median(row.size for row in rows)
    return Column(left, max(right, left + em), leading(rows), len(rows) > 3 and len(flush) >= 0.5 * len(rows))


def code_boxes(shades: Sequence[Box], rows: Sequence[Row]) -> tuple[Box, ...]:
    """Shaded boxes most of whose text is of one width, and those that are as wide and at the same place."""
    sure = [shade for shade in shades if _is_mono([row for row in rows if boxes.holds(shade, row.box)])]
    return tuple(s for s in shades if any(abs(s[0] - box[0]) < 1 and abs(s[2] - box[2]) < 1 for box in sure))


def _is_mono(rows: Sequence[Row]) -> bool:
    counts = [(len(HAN.sub("", row.text).replace(" ", "")), row.portion(lambda span: span.mono)) for row in rows]
    letters = sum(count for count, _ in counts)
    return (
        letters > 0.3 * sum(len(row.text) for row in rows)
        and sum(count * share for count, share in counts) > 0.5 * letters
    )
