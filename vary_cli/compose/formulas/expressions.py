"""Expressions: the glyphs of one row in LaTeX, with fractions, roots, accents, scripts, limits, brackets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vary_cli.compose.formulas import bars, fences, words
from vary_cli.compose.formulas.atoms import Atom, atoms, has_limits
from vary_cli.compose.formulas.glyphs import ACCENTS, Item, baseline, em, hull
from vary_cli.compose.formulas.rows import stacked
from vary_cli.document import Box

ARROW = r"\longrightarrow"
SEPARATOR = r" \\ "


def expression(found: Sequence[Item], rules: Sequence[Box]) -> str | None:
    """Items of one row in LaTeX; None if they cannot be read."""
    rowed = fences.matrices(fences.whole(found), rules, stacked, expression)
    built = None if rowed is None else bars.built(rowed, rules, expression)
    if not built:
        return None if built is None else ""
    parts = _accented(_divided(sorted(built, key=lambda item: item.box[0])))
    line, size = baseline(parts), em(parts)
    found_atoms = list(atoms(parts, line, size))
    if any(len(parts) in (len(atom.above), len(atom.below)) for atom in found_atoms):
        return None  # scripts at nothing: each would be made of itself
    told = [(atom, _spelled(atom, rules)) for atom in found_atoms]
    if any(latex is None for _, latex in told):
        return None
    return words.joined(_grown([(atom, latex) for atom, latex in told if latex is not None]))


def _divided(found: list[Item]) -> list[Item]:
    """Items with bars that have room on both sides as relations: 'given that', 'divides'."""
    result = _drawn_out(found)
    found = list(result)
    for i in range(1, len(found) - 1):
        item = found[i]
        room = min(item.box[0] - found[i - 1].box[2], found[i + 1].box[0] - item.box[2])
        if item.is_glyph and item.latex == "|" and room > 0.15 * item.size:
            result[i] = replace(item, latex="∣")
    return result


def _drawn_out(found: Sequence[Item]) -> list[Item]:
    """Items with arrows that are drawn out by a dash as one."""
    result: list[Item] = []
    for item in found:
        dash = next((old for old in result if item.latex == "→" and _draws_out(old, item)), None)
        if dash is None:
            result.append(item)
        else:
            result[result.index(dash)] = replace(item, latex="⟶", box=hull([dash, item]))
    return result


def _draws_out(dash: Item, arrow: Item) -> bool:
    near = arrow.box[0] - 0.5 * arrow.size < dash.box[2] < arrow.box[0] + 0.35 * arrow.size
    return (
        dash.is_glyph and dash.latex in ("−", "-") and near and abs(dash.baseline - arrow.baseline) < 0.1 * arrow.size
    )


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


def _spelled(atom: Atom, rules: Sequence[Box]) -> str | None:
    """An atom in LaTeX."""
    base = words.word(atom.item) if atom.item else "{}"
    limits = has_limits(atom)
    lowered, raised = _told(atom.below, rules, limits), _told(atom.above, rules, limits)
    if base is None or lowered is None or raised is None:
        return None
    if base == ARROW and (raised or lowered):
        return f"\\xrightarrow{f'[{lowered}]' if lowered else ''}{{{raised}}}"
    if raised and set(raised) == {"'"}:
        return base + raised + _script("_", lowered)
    return base + _script("_", lowered) + _script("^", raised)


def _told(found: list[Item], rules: Sequence[Box], limits: bool) -> str | None:
    """Scripts in LaTeX; limits may have several lines."""
    if not limits or not found:
        return expression(found, rules) if found else ""
    lines = [expression(line, rules) for line in stacked(found, rules)]
    if any(line is None for line in lines):
        return None
    told = [line for line in lines if line]
    return told[0] if len(told) == 1 else f"\\substack{{{SEPARATOR.join(told)}}}"


def _script(mark: str, latex: str) -> str:
    if not latex:
        return ""
    return f"{mark}{latex}" if len(latex) == 1 else f"{mark}{{{latex}}}"
