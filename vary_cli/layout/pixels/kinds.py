"""What a block of lines is, by its looks: heading, item of a list, footnote, caption or just text."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vary_cli.document import Kind, Region
from vary_cli.ink.blobs import Ints
from vary_cli.layout.pixels.blocks import is_item
from vary_cli.layout.pixels.lines import TextLine

LARGER, BOLDER = 1.14, 1.22  # letters of headings against the page's
SAME = 1.08  # headings of one level differ less in size
SMALLER = 0.92  # letters of footnotes
SHORT = 3  # lines; a heading has no more
NEAR = 2.0  # em; a caption is no farther from its picture


@dataclass(frozen=True)
class Style:
    """What most text of a page looks like: its em, px, and its strokes, em."""

    em: float
    weight: float


def style_of(lines: Sequence[TextLine]) -> Style:
    """The looks of most of the text."""
    if not lines:
        return Style(20.0, 0.1)
    ems, weights = np.array([line.em for line in lines]), np.array([line.weight for line in lines])
    share = np.array([line.right - line.left for line in lines]) / ems
    order = np.argsort(ems)
    total = np.cumsum(share[order])
    em = float(ems[order[np.searchsorted(total, total[-1] / 2)]])
    return Style(em, float(np.median(weights[np.abs(ems / em - 1) < 0.12])))


def region(block: Sequence[TextLine], kind: Kind = "text", level: int = 0) -> Region:
    """A region of lines."""
    left, right = min(line.left for line in block), max(line.right for line in block)
    top, bottom = min(line.top for line in block), max(line.bottom for line in block)
    box = (float(left), float(top), float(right), float(bottom))
    return Region(kind, box, tuple(part for line in block for part in line.parts), level)


def column(paragraphs: Sequence[Sequence[TextLine]], rules: Ints, style: Style) -> list[Region]:
    """The regions of the paragraphs of a column; the level of a heading is still its looks."""
    small = first_footnote(paragraphs, rules, style)
    lefts: list[float] = []
    found = []
    for number, block in enumerate(paragraphs):
        listed = is_item(block)
        lefts = [left for left in lefts if left < block[0].left - style.em / 2] if listed else []
        if number >= small:
            found.append(region(block, "footnote"))
        elif is_heading(block, style) and not block[0].bullet:
            found.append(region(block, "heading"))
        elif listed:
            found.append(region(block, "list", len(lefts)))
            lefts.append(block[0].left)
        else:
            found.append(region(block))
    return found


def is_heading(block: Sequence[TextLine], style: Style) -> bool:
    """Whether few lines are all larger or bolder than the page's."""
    if len(block) > SHORT or sum(line.right - line.left for line in block) < 1.2 * style.em:
        return False
    em = float(np.median([line.em for line in block]))
    bold = min(line.weight for line in block) > BOLDER * style.weight
    return em > LARGER * style.em or (bold and em > 0.93 * style.em)


def first_footnote(paragraphs: Sequence[Sequence[TextLine]], rules: Ints, style: Style) -> int:
    """The number of the first footnote of a column: under a rule, all letters from there on are small."""
    first = len(paragraphs)
    while first and np.median([line.em for line in paragraphs[first - 1]]) < SMALLER * style.em:
        first -= 1
    for number in range(first, len(paragraphs)):
        left, top, *_ = region(paragraphs[number]).box
        above = (rules[:, 3] < top + 0.3 * style.em) & (rules[:, 3] > top - 1.8 * style.em)
        if (above & (np.abs(rules[:, 0] - left) < 3 * style.em)).any():
            return number
    return len(paragraphs)


def levelled(regions: Sequence[Region]) -> list[Region]:
    """Headings with levels, the larger the higher, from 1."""
    sizes: list[float] = []
    for em in sorted((heading_size(r) for r in regions if r.kind == "heading"), reverse=True):
        if not sizes or sizes[-1] > SAME * em:
            sizes.append(em)
    return [replace(r, level=level_of(heading_size(r), sizes)) if r.kind == "heading" else r for r in regions]


def heading_size(heading: Region) -> float:
    """The em of a heading, px."""
    return float(np.median([line.em for line in heading.lines]))


def level_of(em: float, sizes: Sequence[float]) -> int:
    """The rank of a size among the sizes of all headings."""
    return 1 + min(range(len(sizes)), key=lambda rank: abs(sizes[rank] - em))


def captioned(regions: Sequence[Region], style: Style) -> list[Region]:
    """Text directly under a picture, or small or centred beside a table, is its caption."""
    found = list(regions)
    for number, (one, two) in enumerate(itertools.pairwise(regions)):
        gap = two.box[1] - one.box[3]
        if not -style.em < gap < NEAR * style.em:
            continue
        if one.kind == "picture" and two.kind == "text" and len(two.lines) < 6:
            found[number + 1] = replace(two, kind="caption")
    return found
