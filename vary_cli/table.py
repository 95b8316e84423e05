"""Tables as rows of entries that may span, read from HTML and written as Markdown. Knows no page and no picture."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True)
class Entry:
    """One cell of a table."""

    text: str
    """Inline Markdown."""
    rows: int = 1
    """How many rows it spans."""
    columns: int = 1
    header: bool = False


Row = tuple[Entry, ...]
Rows = tuple[Row, ...]


@dataclass(frozen=True)
class Placed:
    """An entry and the place of its upper left corner, counted from 0."""

    entry: Entry
    row: int
    column: int


def placed(rows: Rows) -> list[Placed]:
    """Where each entry stands once those that span have pushed the others aside."""
    taken: set[tuple[int, int]] = set()
    places = []
    for number, row in enumerate(rows):
        column = 0
        for entry in row:
            while (number, column) in taken:
                column += 1
            places.append(Placed(entry, number, column))
            taken |= {(number + down, column + right) for down in range(entry.rows) for right in range(entry.columns)}
    return places


def width(rows: Rows) -> int:
    """How many columns a table has."""
    return max((place.column + place.entry.columns for place in placed(rows)), default=0)


def markdown(rows: Rows) -> str:
    """A pipe table, or HTML where entries span."""
    spans = any(entry.rows > 1 or entry.columns > 1 for row in rows for entry in row)
    return html(rows) if spans else pipe(rows)


def pipe(rows: Rows) -> str:
    """A pipe table; its first row is the head."""
    columns = width(rows)
    lines = [_pipe_row([entry.text for entry in row], columns) for row in rows]
    return "\n".join([*lines[:1], "|" + " --- |" * columns, *lines[1:]])


def _pipe_row(texts: list[str], columns: int) -> str:
    cells = [re.sub(r"(?<!\\)((?:\\\\)*)\|", r"\1\\|", _one_line(text)) for text in texts]
    return "| " + " | ".join(cells + [""] * (columns - len(cells))) + " |"


def html(rows: Rows) -> str:
    """An HTML table, a line for each row. Texts stay Markdown."""
    lines = ["<tr>" + "".join(map(_html_entry, row)) + "</tr>" for row in rows]
    return "\n".join(["<table>", *lines, "</table>"])


def _html_entry(entry: Entry) -> str:
    tag = "th" if entry.header else "td"
    rows = f' rowspan="{entry.rows}"' if entry.rows > 1 else ""
    columns = f' colspan="{entry.columns}"' if entry.columns > 1 else ""
    return f"<{tag}{rows}{columns}>{_one_line(entry.text)}</{tag}>"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def from_html(text: str) -> Rows:
    """The rows of all tables in a piece of HTML; () if it has none. Tags left open are closed."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.rows()


class _Reader(HTMLParser):
    """Collects cells. Entities stay as written, and so do the tags that Markdown has no mark for."""

    KEPT = frozenset(["br", "sub", "sup"])

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.table: list[list[Entry]] = []
        self.cell: list[str] | None = None
        self.shape: dict[str, str | None] = {}

    def rows(self) -> Rows:
        self._finish()
        return tuple(tuple(row) for row in self.table if row)

    def handle_starttag(self, tag: str, attributes: Iterable[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._finish()
            self.table.append([])
        elif tag in ("td", "th"):
            self._finish()
            self.cell, self.shape = [], {**dict(attributes), "tag": tag}
        elif tag in self.KEPT:
            self.handle_data(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._finish()
        elif tag in self.KEPT:
            self.handle_data(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def _finish(self) -> None:
        if self.cell is None:
            return
        if not self.table:
            self.table.append([])
        text = _one_line("".join(self.cell))
        self.table[-1].append(Entry(text, self._span("rowspan"), self._span("colspan"), self.shape["tag"] == "th"))
        self.cell = None

    def _span(self, name: str) -> int:
        value = self.shape.get(name) or ""
        return min(max(int(value), 1), 100) if value.isdecimal() and value.isascii() else 1
