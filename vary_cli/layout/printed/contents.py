"""Tables of contents: lines that lead to a page number by dots, or by room beside such lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vary_cli.layout.printed.rows import Row, words

LEAST = 3
"""Lines with dots that make a page one of contents."""
ROOM = 1.5
"""Ems between a title and its page number, at least."""
_LEADER = re.compile(r"(?:\.\s?){3,}\s*[\dA-Zivxlc-]{1,6}(?:,\s*[\d–-]{1,9})*,?\s*$")
_DOTS = re.compile(r"(?:\.\s?){3,}")
INDEX = 0.2
"""Share of an index's pieces that have dots: others have room, or go on."""
_NUMBER = re.compile(r"\d{1,4}|[ivxlc]{1,7}")


def is_led(row: Row) -> bool:
    """Whether dots lead to a number at the end of a row."""
    return bool(_LEADER.search(row.text))


def has_contents(rows: Sequence[Row]) -> bool:
    """Whether a table of contents stands among rows."""
    return sum(map(is_led, rows)) >= LEAST


def is_index(pieces: Sequence[Row]) -> bool:
    """Whether pieces of text are entries that lead to numbers by dots, in columns beside each other."""
    return sum(bool(_DOTS.search(piece.text)) for piece in pieces) > max(LEAST, INDEX * len(pieces))


def is_entry(row: Row) -> bool:
    """Whether a row of a page with contents is an entry: a title, then dots or room, then a page number."""
    if is_led(row):
        return True
    parts = list(words(row, ROOM))
    return len(parts) > 1 and bool(_NUMBER.fullmatch(parts[-1].text.strip()))


def whole(pieces: Sequence[Row], rows: Sequence[Row]) -> list[Row]:
    """Pieces of text with those of one entry as one, lest titles and page numbers be taken for columns."""
    entries = [row for row in rows if is_entry(row) and _numbers(row) == 1]
    return [*entries, *(piece for piece in pieces if not any(_is_part(piece, row) for row in entries))]


def _numbers(row: Row) -> int:
    """How many page numbers stand on a row; of two columns there are more than one."""
    return sum(bool(_NUMBER.fullmatch(part.text.strip(" ."))) for part in list(words(row, ROOM))[1:])


def _is_part(piece: Row, row: Row) -> bool:
    inside = row.box[0] - 1 <= piece.box[0] and piece.box[2] <= row.box[2] + 1
    return inside and abs(row.baseline - piece.baseline) < 0.6 * row.size
