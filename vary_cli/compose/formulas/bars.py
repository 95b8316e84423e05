"""What the level bars in a formula mean: fractions, roots, lines over letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vary_cli.compose.formulas.glyphs import Item, baseline, em, hull
from vary_cli.document import Box

NEAR = 0.75
"""Room between a fraction's bar and its parts, ems."""
Reader = Callable[[Sequence[Item], Sequence[Box]], str | None]


def built(found: list[Item], rules: Sequence[Box], read: Reader) -> list[Item] | None:
    """Items with those at bars put together, the widest bar first; None if a part cannot be read."""
    box = hull(found) if found else (0.0, 0.0, 0.0, 0.0)
    inside = [rule for rule in rules if _is_level(rule) and _is_within(rule, box)]
    result = list(found)
    for rule in sorted(inside, key=lambda rule: rule[0] - rule[2]):
        group = _root(rule, result) or _fraction(rule, result) or _overline(rule, result)
        if group is None:
            continue
        name, parts = group
        told = [read(part, [other for other in rules if other is not rule]) for part in parts]
        if any(latex is None for latex in told):
            return None
        gone = {id(item) for part in parts for item in part}
        mark = sign(rule, result) if name == "sqrt" else None
        everything = [item for part in parts for item in part] + ([mark] if mark else [])
        whole = hull(everything)
        whole = (min(whole[0], rule[0]), min(whole[1], rule[1]), max(whole[2], rule[2]), max(whole[3], rule[3]))
        line = (rule[1] + rule[3]) / 2 + 0.25 * em(result) if name == "frac" else baseline(parts[0])
        latex = f"\\{name}" + "".join(f"{{{part}}}" for part in told)
        size = max(item.size for item in everything)
        result = [item for item in result if id(item) not in gone and item is not mark]
        result.append(Item(latex, whole, line, size, is_glyph=False))
    return result


def _is_level(rule: Box) -> bool:
    return rule[3] - rule[1] < 3 < rule[2] - rule[0]


def _is_within(rule: Box, box: Box) -> bool:
    return box[0] - 2 <= rule[0] and rule[2] <= box[2] + 2 and box[1] - 3 <= rule[1] <= box[3] + 3


def _over(item: Item, rule: Box, slack: float = 1.0) -> bool:
    return rule[0] - slack <= item.middle <= rule[2] + slack


def fraction_of(item: Item, rules: Sequence[Box], size: float) -> float | None:
    """The height of the bar of the widest fraction that an item is part of; None if of none."""
    near = [
        rule
        for rule in rules
        if _is_level(rule)
        and _over(item, rule)
        and abs(item.height - rule[1]) < 2.2 * size
        and rule[2] - rule[0] > 0.4 * size
    ]
    wide = max(near, key=lambda rule: rule[2] - rule[0], default=None)
    if wide is None or wide[2] - wide[0] < 1.2 * (item.box[2] - item.box[0]) - 0.25 * size:
        return None
    return wide[1]


def sign(rule: Box, found: Sequence[Item]) -> Item | None:
    """The root sign at whose top right a bar begins."""
    for item in found:
        if (
            item.is_glyph
            and item.latex == "√"
            and abs(item.box[2] - rule[0]) < 0.35 * item.size
            and abs(item.box[1] - rule[1]) < 0.4 * item.size
        ):
            return item
    return None


def _root(rule: Box, found: Sequence[Item]) -> tuple[str, list[list[Item]]] | None:
    mark = sign(rule, found)
    if mark is None:
        return None
    under = [
        item
        for item in found
        if item is not mark and _over(item, rule) and rule[1] - 1 < item.height < mark.box[3] + 0.4 * mark.size
    ]
    return ("sqrt", [under]) if under else None


def _fraction(rule: Box, found: Sequence[Item]) -> tuple[str, list[list[Item]]] | None:
    over = [item for item in found if _over(item, rule) and item.height < rule[1]]
    under = [item for item in found if _over(item, rule) and item.height > rule[3]]
    if not over or not under:
        return None
    size = em([*over, *under])
    gaps = rule[1] - max(item.box[3] for item in over), min(item.box[1] for item in under) - rule[3]
    return ("frac", [over, under]) if max(gaps) < NEAR * size else None


def _overline(rule: Box, found: Sequence[Item]) -> tuple[str, list[list[Item]]] | None:
    under = [item for item in found if _over(item, rule) and rule[1] - 1 < item.box[1] and item.height > rule[3]]
    if not under:
        return None
    size = em(under)
    close = min(item.box[1] for item in under) - rule[3] < 0.4 * size
    return ("overline", [under]) if close else None
