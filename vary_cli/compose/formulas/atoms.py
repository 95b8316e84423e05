"""Atoms of a formula: what stands on the baseline, and which scripts and limits stand at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from vary_cli.compose.formulas import words
from vary_cli.compose.formulas.glyphs import LARGE, Item, hull
from vary_cli.compose.formulas.rows import SCRIPT


@dataclass
class Atom:
    """Something on the baseline with what is raised and lowered at it."""

    item: list[Item]
    above: list[Item] = field(default_factory=list)
    below: list[Item] = field(default_factory=list)


def atoms(found: Sequence[Item], line: float, size: float) -> list[Atom]:
    """What stands on the baseline, each with its scripts and limits."""
    runs = [run for run in words.runs([item for item in found if _is_on(item, line, size)])]
    result = [Atom(run) for run in runs]
    for item in found:
        if _is_on(item, line, size):
            continue
        home = _home(item, result, size)
        if home is None:
            home = Atom([])
            result.insert(0, home)
        (home.above if _is_above(item, home, line, size) else home.below).append(item)
    return result


def _is_on(item: Item, line: float, size: float) -> bool:
    """Whether an item stands on the baseline itself."""
    if item.is_tall or (not item.is_glyph and item.size >= SCRIPT * size):
        return item.box[1] - 0.1 * size < line - 0.25 * size < item.box[3] + 0.1 * size
    if item.size >= SCRIPT * size:
        return abs(item.baseline - line) < 0.2 * size or item.latex in LARGE
    return item.is_glyph and item.latex in ".,;:" and abs(item.baseline - line) < 0.1 * size


def _home(item: Item, found: Sequence[Atom], size: float) -> Atom | None:
    """The atom that a script belongs to: the operator it stands over or under, else the last one before it."""
    for atom in found:
        if has_limits(atom):
            box = hull(atom.item)
            clear = item.box[3] <= box[1] + 0.25 * size or item.box[1] >= box[3] - 0.25 * size
            reach = max(0.6 * size, (box[2] - box[0]) * 0.3)
            if clear and box[0] - reach <= item.middle <= box[2] + reach:
                return atom
    before = [
        atom
        for atom in found
        if atom.item and atom.item[-1].box[0] < item.middle and atom.item[0].box[0] <= item.box[0] + 0.1 * size
    ]
    return before[-1] if before else None


def has_limits(atom: Atom) -> bool:
    """Whether limits may stand over and under an atom."""
    text = "".join(item.latex for item in atom.item)
    if text in words.CIRCLES:
        return words.is_large(atom.item[0])
    return bool(text) and (text in LARGE or text in words.LIMITED or text == "⟶")


def _is_above(item: Item, home: Atom, line: float, size: float) -> bool:
    if home.item and (has_limits(home) or home.item[-1].is_tall):
        box = hull(home.item)
        return item.height < (box[1] + box[3]) / 2
    rise = line - item.baseline if item.is_glyph or item.size < SCRIPT * size else line - 0.25 * size - item.height
    return rise > 0.12 * size
