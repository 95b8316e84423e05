"""Brackets of formulas: those put together from pieces, those around the rows of a matrix, those that grow."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace

from vary_cli.compose.formulas.glyphs import Item, hull
from vary_cli.document import Box

OPEN = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉", "|": "|", "‖": "‖"}
_PIECES = dict(zip("⎛⎜⎝⎞⎟⎠⎡⎢⎣⎤⎥⎦⎧⎨⎩⎪⎫⎬⎭", "((()))[[[]]]{{{{}}}", strict=True))
_ENVIRONMENTS = {"(": "pmatrix", "[": "bmatrix", "{": "Bmatrix", "|": "vmatrix", "‖": "Vmatrix"}
MATRIX = 1.9
"""Height of the brackets of a matrix, ems, at least."""
COLUMN = 0.45
"""Room between the columns of a matrix, ems."""
Reader = Callable[[Sequence[Item], Sequence[Box]], str | None]
Stacker = Callable[[list[Item], Sequence[Box]], list[list[Item]]]


def whole(found: Sequence[Item]) -> list[Item]:
    """Items with pieces of large brackets put together."""
    result: list[Item] = []
    for item in sorted((_named(item) for item in found), key=lambda item: (round(item.box[0]), item.box[1])):
        last = result[-1] if result else None
        if last is not None and _continues(last, item):
            result[-1] = replace(last, latex=_which(last.latex, item.latex), box=hull([last, item]))
        else:
            result.append(item)
    return result


def _named(item: Item) -> Item:
    return replace(item, latex=_PIECES.get(item.latex, item.latex))


def _which(a: str, b: str) -> str:
    """The bracket that two pieces belong to: a piece that is in braces as well as in bars is of the braces."""
    return a if a in "{}" else b


def _continues(a: Item, b: Item) -> bool:
    bracket = a.latex in "()[]{}|" and b.latex in "()[]{}|" and (a.latex == b.latex or {a.latex, b.latex} <= set("{}|"))
    return bracket and abs(a.box[0] - b.box[0]) < 0.25 * a.size and -0.3 * a.size < b.box[1] - a.box[3] < 0.3 * a.size


def matrices(found: Sequence[Item], rules: Sequence[Box], stack: Stacker, read: Reader) -> list[Item] | None:
    """Items with what stands in rows between tall brackets put together; None if a part cannot be read."""
    result = list(found)
    for fence in sorted((item for item in found if _is_opening(item)), key=lambda item: -item.box[0]):
        if fence not in result:
            continue
        close = _closing(fence, result)
        inside = [item for item in result if _is_inside(item, fence, close)]
        rows = stack(inside, rules) if inside else []
        if len(rows) < 2 or (close is None and fence.latex != "{"):
            continue
        body = _body(rows, rules, read)
        if body is None:
            return None
        name = _ENVIRONMENTS[fence.latex] if close is not None else "cases"
        latex = rf"\begin{{{name}}} {body} \end{{{name}}}"
        parts = [fence, *inside, *([close] if close is not None else [])]
        box = hull(parts)
        line = (fence.box[1] + fence.box[3]) / 2 + 0.25 * fence.size
        result = [item for item in result if item not in parts]
        result.append(Item(latex, box, line, fence.size, is_glyph=False))
    return result


def _is_opening(item: Item) -> bool:
    return item.is_glyph and item.latex in _ENVIRONMENTS and item.box[3] - item.box[1] >= MATRIX * item.size


def _closing(fence: Item, found: Sequence[Item]) -> Item | None:
    """The bracket that closes one: of its kind and height."""
    alike = [
        item
        for item in found
        if item.is_glyph
        and item.latex == OPEN[fence.latex]
        and item.box[0] > fence.box[0]
        and abs(item.height - fence.height) < 0.3 * fence.size
    ]
    return min(alike, key=lambda item: item.box[0], default=None)


def _is_inside(item: Item, fence: Item, close: Item | None) -> bool:
    if item is fence or item is close or not fence.box[2] <= item.middle:
        return False
    high = fence.box[1] - 0.3 * fence.size < item.height < fence.box[3] + 0.3 * fence.size
    return high and (close is None or item.middle <= close.box[0])


def _body(rows: Sequence[Sequence[Item]], rules: Sequence[Box], read: Reader) -> str | None:
    """The rows of a matrix."""
    cuts = _cuts(rows)
    told = []
    for row in rows:
        cells = [[item for item in row if low < item.middle <= high] for low, high in itertools.pairwise(cuts)]
        latex = [read(cell, rules) if cell else "" for cell in cells]
        if any(part is None for part in latex):
            return None
        told.append(" & ".join(part for part in latex if part is not None))
    return r" \\ ".join(told)


def _cuts(rows: Sequence[Sequence[Item]]) -> list[float]:
    """Where columns are parted: strips that no item crosses."""
    everything = sorted((item for row in rows for item in row), key=lambda item: item.box[0])
    cuts, reach = [float("-inf")], everything[0].box[2]
    for item in everything[1:]:
        if item.box[0] - reach > COLUMN * item.size:
            cuts.append((reach + item.box[0]) / 2)
        reach = max(reach, item.box[2])
    return [*cuts, float("inf")]
