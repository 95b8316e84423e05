"""Display formulas of a region: rows that belong together, aligned and with their numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vary_cli.compose.formulas import fences
from vary_cli.compose.formulas.expressions import expression
from vary_cli.compose.formulas.glyphs import Item, em, hull
from vary_cli.compose.formulas.rows import relation, stacked, tagged
from vary_cli.document import Box

APART = 2.0
"""Room between the rows of one formula, ems, at most."""
_ALIGNED = frozenset(
    [
        "=",
        "<",
        ">",
        *("\\" + name for name in ("leq", "geq", "approx", "equiv", "sim", "propto", "to", "rightarrow", "in")),
    ]
)


def displays(found: list[Item], rules: Sequence[Box]) -> list[list[list[Item]]] | None:
    """Items of a region as formulas, each of one row or more; None if a part cannot be read."""
    built = fences.matrices(fences.whole(found), rules, stacked, expression)
    if built is None:
        return None
    groups: list[list[list[Item]]] = []
    for line in stacked(built, rules):
        if groups and _goes_on(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _goes_on(group: Sequence[Sequence[Item]], line: Sequence[Item]) -> bool:
    """Whether a row belongs to the formula above: its relation stands under that one's, or it begins after that."""
    size = em(line)
    if hull(line)[1] - hull(group[-1])[3] > APART * size:
        return False
    over, here = relation(group[0]), relation(line)
    if over is None:
        return False
    if here is not None and abs(over.box[0] - here.box[0]) < 0.3 * size:
        return True
    if here is not None and here is not line[0]:
        return False
    return line[0].box[0] > over.box[0] - 0.3 * size and not tagged(list(group[-1]))[1]


def display(lines: Sequence[list[Item]], rules: Sequence[Box]) -> str | None:
    """A formula of one row or more."""
    told = []
    for line in lines:
        rest, number = tagged(line)
        latex = expression(rest, rules) if rest else ""
        if latex is None:
            return None
        told.append((latex, number))
    tags = [number for _, number in told if number]
    if len(told) == 1:
        return told[0][0] + (f" \\tag{{{tags[0]}}}" if tags else "")
    body = r" \\ ".join(_aligned(latex) for latex, _ in told)
    return rf"\begin{{aligned}} {body} \end{{aligned}}" + (f" \\tag{{{tags[-1]}}}" if tags else "")


def _aligned(latex: str) -> str:
    """A row with its first relation marked."""
    depth = 0
    for found in re.finditer(r"\\[A-Za-z]+|.", latex):
        token = found[0]
        depth += (token in ("{", "\\left")) - (token in ("}", "\\right"))
        if depth == 0 and token in _ALIGNED:
            return f"{latex[: found.start()]}&{latex[found.start() :]}"
    return f"&{latex}"
