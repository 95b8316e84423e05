"""Rows of a formula and what they are made of: fractions, roots, accents, scripts, limits, brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from vary_cli.compose.formulas import bars, fences, words
from vary_cli.compose.formulas.glyphs import ACCENTS, LARGE, Item, baseline, em, hull
from vary_cli.document import Box

SCRIPT = 0.86
"""Of the size of what it stands at: smaller items are scripts."""
NUMBER = re.compile(r"\(([A-Z]?\.?\d{1,3}(?:[.–-]\d{1,3})*[a-z]?)\)")
APART = 2.0
"""Room between the rows of one formula, ems, at most."""
RELATIONS = "=<>≤≥≈≡∼∝→∈≠≪≫⊂⊆⇒⇔≅≃:"


@dataclass
class Atom:
    """Something on the baseline with what is raised and lowered at it."""

    item: list[Item]
    above: list[Item] = field(default_factory=list)
    below: list[Item] = field(default_factory=list)


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
    over, here = _relation(group[0]), _relation(line)
    if over is None:
        return False
    if here is not None and abs(over.box[0] - here.box[0]) < 0.3 * size:
        return True
    if here is not None and here is not line[0]:
        return False
    return line[0].box[0] > over.box[0] - 0.3 * size and not _tagged(list(group[-1]))[1]


def _relation(line: Sequence[Item]) -> Item | None:
    """The first relation of a row."""
    return next((item for item in line if item.is_glyph and item.latex in RELATIONS), None)


def stacked(found: list[Item], rules: Sequence[Box]) -> list[list[Item]]:
    """Items row by row. Parts of a fraction stand in the row of its bar; small items at what they are nearest to."""
    size = em(found)
    heights = {id(item): _row_height(item, rules, size) for item in found}
    rowed = sorted(
        (item for item in found if item.size >= SCRIPT * size and not item.is_tall), key=lambda item: heights[id(item)]
    )
    lines: list[list[Item]] = []
    for item in rowed:
        if lines and abs(heights[id(item)] - heights[id(lines[-1][-1])]) < 0.45 * size:
            lines[-1].append(item)
        else:
            lines.append([item])
    lines = lines or [[]]
    for item in found:
        if item not in rowed:
            nearest = min(lines, key=lambda line: _off(item, line, heights[id(item)], heights) if line else 0.0)
            nearest.append(item)
    return [sorted(line, key=lambda item: item.box[0]) for line in lines]


def _row_height(item: Item, rules: Sequence[Box], size: float) -> float:
    """The height of the row that an item belongs to: of the fraction it is part of, else its own."""
    outer = bars.fraction_of(item, rules, size)
    if outer is not None:
        return outer
    return item.height if item.is_tall else item.baseline - 0.25 * item.size


def _off(item: Item, line: Sequence[Item], height: float, heights: dict[int, float]) -> float:
    near = min(abs(other.middle - item.middle) for other in line)
    return abs(heights.get(id(line[0]), height) - height) + 0.05 * near


def display(lines: Sequence[list[Item]], rules: Sequence[Box]) -> str | None:
    """A formula of one row or more."""
    told = []
    for line in lines:
        rest, number = _tagged(line)
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
        if depth == 0 and token in (
            "=",
            "<",
            ">",
            "\\leq",
            "\\geq",
            "\\approx",
            "\\equiv",
            "\\sim",
            "\\propto",
            "\\to",
            "\\rightarrow",
            "\\in",
        ):
            return f"{latex[: found.start()]}&{latex[found.start() :]}"
    return f"&{latex}"


def _tagged(line: list[Item]) -> tuple[list[Item], str]:
    """A row without its number, and the number."""
    for i in range(len(line) - 1, 0, -1):
        if line[i].box[0] - max(item.box[2] for item in line[:i]) > 1.5 * line[i].size:
            found = NUMBER.fullmatch("".join(item.latex for item in line[i:]))
            return (line[:i], found[1]) if found else (line, "")
    return line, ""


def expression(found: Sequence[Item], rules: Sequence[Box]) -> str | None:
    """Items of one row in LaTeX; None if they cannot be read."""
    rowed = fences.matrices(fences.whole(found), rules, stacked, expression)
    built = None if rowed is None else bars.built(rowed, rules, expression)
    if not built:
        return None if built is None else ""
    parts = _accented(_divided(sorted(built, key=lambda item: item.box[0])))
    line, size = baseline(parts), em(parts)
    told = [(atom, _spelled(atom, rules)) for atom in atoms(parts, line, size)]
    if any(latex is None for _, latex in told):
        return None
    return words.joined(_grown([(atom, latex) for atom, latex in told if latex is not None]))


def _divided(found: list[Item]) -> list[Item]:
    """Items with bars that have room on both sides as relations: 'given that', 'divides'."""
    result = list(found)
    for i in range(1, len(found) - 1):
        item = found[i]
        room = min(item.box[0] - found[i - 1].box[2], found[i + 1].box[0] - item.box[2])
        if item.is_glyph and item.latex == "|" and room > 0.15 * item.size:
            result[i] = replace(item, latex="∣")
    return result


def _grown(told: Sequence[tuple[Atom, str]]) -> list[str]:
    """Pieces of LaTeX with tall brackets that match as brackets that grow."""
    parts = [latex for _, latex in told]
    waiting: list[int] = []
    for i, (atom, _) in enumerate(told):
        sign = atom.item[0].latex if len(atom.item) == 1 and atom.item[0].is_tall else ""
        if sign in fences.OPEN and sign not in "|‖":
            waiting.append(i)
        elif waiting and sign and fences.OPEN[told[waiting[-1]][0].item[0].latex] == sign:
            start = waiting.pop()
            parts[start], parts[i] = f"\\left{parts[start]}", f"\\right{parts[i]}"
    return parts


def _accented(found: list[Item]) -> list[Item]:
    """Items with accents put on what they stand over."""
    result = list(found)
    for accent in found:
        if not accent.is_glyph or accent.latex not in ACCENTS or (accent.latex in "^~" and not accent.math):
            continue
        under = [
            item
            for item in result
            if item is not accent
            and abs(item.middle - accent.middle) < 0.45 * accent.size
            and item.box[1] > accent.box[1] + 0.02
        ]
        under = [
            item
            for item in under
            if accent.box[3] < item.box[3] - 0.2 * accent.size and item.box[1] - accent.box[3] < 0.35 * accent.size
        ]
        base = min(under, key=lambda item: abs(item.middle - accent.middle), default=None)
        if base is None:
            continue
        inner = words.word([base])
        if inner is None:
            continue
        name = ("wide" if accent.math and ACCENTS[accent.latex] in ("hat", "tilde") else "") + ACCENTS[accent.latex]
        whole = Item(f"\\{name}{{{inner}}}", hull([base, accent]), base.baseline, base.size, is_glyph=False)
        result = [item for item in result if item is not accent and item is not base] + [whole]
    return sorted(result, key=lambda item: item.box[0])


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
    if item.is_tall or not item.is_glyph and item.size >= SCRIPT * size:
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
    return text in LARGE or text in words.LIMITED if text else False


def _is_above(item: Item, home: Atom, line: float, size: float) -> bool:
    if home.item and (has_limits(home) or home.item[-1].is_tall):
        box = hull(home.item)
        return item.height < (box[1] + box[3]) / 2
    rise = line - item.baseline if item.is_glyph or item.size < SCRIPT * size else line - 0.25 * size - item.height
    return rise > 0.12 * size


def _spelled(atom: Atom, rules: Sequence[Box]) -> str | None:
    """An atom in LaTeX."""
    base = words.word(atom.item) if atom.item else "{}"
    lowered = expression(atom.below, rules) if atom.below else ""
    raised = expression(atom.above, rules) if atom.above else ""
    if base is None or lowered is None or raised is None:
        return None
    if raised and set(raised) == {"'"}:
        return base + raised + _script("_", lowered)
    return base + _script("_", lowered) + _script("^", raised)


def _script(mark: str, latex: str) -> str:
    if not latex:
        return ""
    return f"{mark}{latex}" if len(latex) == 1 else f"{mark}{{{latex}}}"
