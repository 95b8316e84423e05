"""Glyphs of formulas where they stand, as a text layer tells them. Points; y downwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vary_cli.document import Box, Span

LARGE = "∑∏∐∫∬∭∮⋃⋂⊎⋀⋁⊕⊗⊙⊔"
"""Operators that have limits."""
TALL = 1.12
"""Height of ink that no letter has, ems."""
FENCES = "()[]{}⟨⟩⌊⌋⌈⌉|‖/\\"
ACCENTS = {
    "ˆ": "hat",
    "˜": "tilde",
    "¯": "bar",
    "˙": "dot",
    "¨": "ddot",
    "´": "acute",
    "`": "grave",
    "ˇ": "check",
    "˘": "breve",
    "⃗": "vec",
    "^": "hat",
    "~": "tilde",
}


@dataclass(frozen=True)
class Item:
    """A glyph, or a part of a formula that is already read."""

    latex: str
    """Of a glyph, its character."""
    box: Box
    """Ink upright, advance sideways."""
    baseline: float
    size: float
    is_glyph: bool = True
    bold: bool = False
    italic: bool = False
    math: bool = False

    @property
    def middle(self) -> float:
        """x."""
        return (self.box[0] + self.box[2]) / 2

    @property
    def height(self) -> float:
        """y of its middle."""
        return (self.box[1] + self.box[3]) / 2

    @property
    def is_tall(self) -> bool:
        """Whether it hangs or towers: a large bracket, an operator, a root; its baseline then tells nothing."""
        hangs = self.latex in FENCES + LARGE + "√" and self.height > self.baseline
        return self.is_glyph and (hangs or self.box[3] - self.box[1] > TALL * self.size)


def items(spans: Iterable[Span]) -> Iterator[Item]:
    """The glyphs of spans, blanks left out."""
    for span in spans:
        for char, x0, x1 in zip(span.text, span.edges, span.edges[1:], strict=False):
            if not char.isspace():
                box = (x0, span.box[1], x1, span.box[3])
                yield Item(char, box, span.baseline, span.size, True, span.bold, span.italic, span.math)


def hull(found: Sequence[Item]) -> Box:
    """The box around items, at least one."""
    x0, y0, x1, y1 = zip(*(item.box for item in found), strict=True)
    return (min(x0), min(y0), max(x1), max(y1))


def em(found: Sequence[Item]) -> float:
    """The size of the largest items, operators, brackets and tall glyphs aside."""
    usual = [item.size for item in found if not item.is_tall and item.latex not in tuple(LARGE + FENCES)]
    return max(usual, default=max(item.size for item in found))


def baseline(found: Sequence[Item]) -> float:
    """The baseline of a row of items: that of most of its large ones."""
    size = em(found)
    large = sorted(item.baseline for item in found if item.size >= 0.88 * size and not item.is_tall)
    if large:
        return large[len(large) // 2]
    box = hull(found)
    return (box[1] + box[3]) / 2 + 0.25 * size
