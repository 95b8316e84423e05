"""LaTeX's tabular as rows of a table: what stands between its \\begin and \\end."""

from __future__ import annotations

import re

from vary_cli.table import Entry, Row, Rows

_COLUMNS = re.compile(r"\s*(?:\[[tbc]\]\s*)?(?:\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})?")
_RULES = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule)(?![A-Za-z])|\\c(?:mid)?(?:line|rule)\s*(?:\([^)]*\))?\s*\{[^}]*\}"
)
_MULTICOLUMN = re.compile(r"\s*\\multicolumn\s*\{\s*(\d+)\s*\}\s*\{[^{}]*\}\s*\{([\s\S]*)\}\s*")
_MULTIROW = re.compile(r"\s*\\multirow\s*(?:\[\w\])?\s*\{\s*(\d+)\s*\}\s*(?:\{[^{}]*\}|\*)\s*\{([\s\S]*)\}\s*")
_CUT = re.compile(r"\\\\(?:\[[^\]]*\])?|\\tabularnewline|\\[\s\S]|[{}&]|[^\\{}&]+")


def rows(latex: str) -> Rows:
    """The rows of a tabular, from its column specification on. Its first row is the head."""
    body = _RULES.sub("", latex[_match_end(latex) :])
    table = [[_entry(text, number == 0) for text in row] for number, row in enumerate(_cells(body))]
    return tuple(_without_covered(table))


def _match_end(latex: str) -> int:
    found = _COLUMNS.match(latex)
    return found.end() if found else 0


def _cells(body: str) -> list[list[str]]:
    """Texts of the cells, row by row; what is in braces is not cut."""
    table = [[""]]
    depth = 0
    for piece in _CUT.findall(body):
        depth += {"{": 1, "}": -1}.get(piece, 0)
        if depth <= 0 and piece == "&":
            table[-1].append("")
        elif depth <= 0 and (piece.startswith("\\\\") or piece == "\\tabularnewline"):
            table.append([""])
        else:
            table[-1][-1] += piece
    return [row for row in table if len(row) > 1 or row[0].strip()]


def _entry(text: str, header: bool) -> Entry:
    columns = rows = 1
    for _ in range(2):
        if found := _MULTICOLUMN.fullmatch(text):
            columns, text = min(max(int(found[1]), 1), 100), found[2]
        if found := _MULTIROW.fullmatch(text):
            rows, text = min(max(int(found[1]), 1), 100), found[2]
    return Entry(" ".join(text.split()), rows, columns, header)


def _without_covered(table: list[list[Entry]]) -> list[Row]:
    """Rows without the empty cells that LaTeX wants below an entry of several rows."""
    covered: dict[int, int] = {}
    kept = []
    for row in table:
        column = 0
        entries = []
        for entry in row:
            hidden = covered.get(column, 0) > 0
            if hidden:
                covered[column] -= 1
            if not (hidden and not entry.text):
                entries.append(entry)
            if entry.rows > 1:
                covered |= {column + step: entry.rows - 1 for step in range(entry.columns)}
            column += entry.columns
        kept.append(tuple(entries))
    return kept
