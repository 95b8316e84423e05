"""Tables as LaTeX: a longtable with columns as wide as their words ask for."""

from __future__ import annotations

from collections.abc import Sequence

from vary_cli import table

_ROOM = 80
"""Characters that fit on a line."""


def tabular(rows: table.Rows, sides: Sequence[str]) -> str:
    """A table whose entries are LaTeX; `sides` has l, c or r for each column."""
    count = table.width(rows)
    columns = _columns(rows, [*sides, *["l"] * count][:count])
    places = table.placed(rows)
    lines = [
        _row([place for place in places if _covers(place, number)], number, columns) for number in range(len(rows))
    ]
    heads = _heads(rows)
    body = [*lines[:heads], "\\midrule", *lines[heads:]] if heads else lines
    return "\n".join(
        [f"\\begin{{longtable}}{{{''.join(columns)}}}", "\\toprule", *body, "\\bottomrule", "\\end{longtable}"]
    )


def _heads(rows: table.Rows) -> int:
    """How many rows at the top are the table's head."""
    heads = 0
    while heads < len(rows) - 1 and all(entry.header for entry in rows[heads]):
        heads += 1
    return heads


def _covers(place: table.Placed, row: int) -> bool:
    return place.row <= row < place.row + place.entry.rows


def _columns(rows: table.Rows, sides: Sequence[str]) -> list[str]:
    """One specification a column: as wide as needed, or a share of the line where words must be broken."""
    widths = [4] * len(sides)
    for place in table.placed(rows):
        if place.entry.columns == 1:
            widths[place.column] = max(widths[place.column], len(place.entry.text))
    breaks = any("\\newline" in entry.text or "\\[" in entry.text for row in rows for entry in row)
    if sum(widths) <= _ROOM and not breaks:
        return list(sides)
    shares = [min(width, _ROOM) ** 0.5 for width in widths]
    spare = 0.96 - 0.03 * len(sides) if len(sides) < 20 else 0.4
    return [f">{{\\raggedright\\arraybackslash}}p{{{spare * share / sum(shares):.3f}\\linewidth}}" for share in shares]


def _row(places: list[table.Placed], number: int, columns: list[str]) -> str:
    """One line of the table: entries that begin here, blanks below those that began above."""
    cells = []
    column = 0
    standing = [place for place in places if _covers(place, number)]
    for place in sorted(standing, key=lambda place: place.column):
        cells += [""] * (place.column - column)
        cells.append(_entry(place, number, columns))
        column = place.column + place.entry.columns
    return " & ".join([*cells, *[""] * (len(columns) - column)]).rstrip() + " \\\\"


def _entry(place: table.Placed, number: int, columns: list[str]) -> str:
    text = place.entry.text.replace("\n", " ") if place.row == number else ""
    if text and place.entry.rows > 1:
        text = f"\\multirow{{{place.entry.rows}}}{{*}}{{{text}}}"
    if place.entry.columns > 1:
        return f"\\multicolumn{{{place.entry.columns}}}{{l}}{{{text}}}"
    return text
