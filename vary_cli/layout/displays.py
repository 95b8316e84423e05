"""Display formulas on a scan that has been read: which of its lines are pieces of them, and how far their ink goes.

What was read of a formula is often nonsense; that it is no prose, and stands apart from it, tells it all the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image

from vary_cli.document import Box, Line
from vary_cli.example import MONO
from vary_cli.layout.printed import boxes
from vary_cli.layout.printed.rows import HAN
from vary_cli.layout.seen import Seen

WORDY, GARBLED = 0.35, 0.7
"""The share of its characters that a formula's line may have in words; more where it is too high for a line of text."""
TALL = 1.5
"""Ems; lines of text are not as high."""
GAP, ROOM = 2.0, 0.6
"""How far pieces of one formula stand apart, sideways and upwards, ems."""
FUNCTIONS = re.compile(r"arg|cos|cov|corr|det|diag|dim|exp|inf|lim|ln|log|max|min|mod|sign|sin|sup|tan|var")
WORD = re.compile(r"[^\W\d_]{3,}")
RELATION = re.compile(r"[=<>≤≥≈≡∼∝→⇒↦∈∉⊂⊆≠±∑∏∫∮√∂∇×⊗⊕]")
NUMBER = re.compile(r"\(([A-Z]?\.?\d{1,3}(?:[.–-]\d{1,3})*[a-z]?)\)")


class Shown(NamedTuple):
    """A display formula, px."""

    box: Box
    lines: tuple[Seen, ...]
    number: str


def take(found: Sequence[Seen], image: Image.Image, rules: Sequence[Box]) -> tuple[list[Shown], list[Seen]]:
    """The display formulas of a page, and all other lines."""
    em = usual(found)
    lines = [part for line in found for part in numbered(line, em)]
    clusters = [cluster for cluster in clustered(lines, em) if stands_alone(cluster, lines, em)]
    gone: set[int] = set()
    shown = []
    for cluster in clusters:
        number = number_of(cluster, lines, em)
        gone |= {id(line) for line in (*cluster, *([number] if number else []))}
        box = boxes.hull(line.box for line, _ in cluster)
        shown.append(Shown(box, (*cluster, *([number] if number else [])), label(number) if number else ""))
    return shown, [line for line in lines if id(line) not in gone]


def usual(found: Sequence[Seen]) -> float:
    """Em of most of the text, px."""
    ems = sorted(line.em for line, glyphs in found for _ in glyphs)
    return ems[len(ems) // 2] if ems else 20.0


def text(line: Seen) -> str:
    """What was read on a line."""
    return "".join(glyph.char for glyph in line[1]).strip()


def numbered(line: Seen, em: float) -> list[Seen]:
    """A line, parted from the number of a formula that stands far behind the rest."""
    whole, glyphs = line
    for i in range(len(glyphs) - 1, 0, -1):
        if glyphs[i].char.isspace():
            continue
        before = next((j for j in range(i - 1, -1, -1) if not glyphs[j].char.isspace()), None)
        if before is None:
            break
        if glyphs[i].x - glyphs[before].x > 1.5 * em:
            tail = "".join(glyph.char for glyph in glyphs[i:]).strip()
            if not NUMBER.fullmatch(tail):
                break
            x0, y0, x1, y1 = whole.box
            left = Line((x0, y0, glyphs[before].x + 0.5 * em, y1), whole.baseline, whole.em)
            right = Line((glyphs[i].x - 0.4 * em, y0, x1, y1), whole.baseline, whole.em)
            return [(left, glyphs[: before + 1]), (right, glyphs[i:])]
    return [line]


def wordy(said: str) -> float:
    """The share of the characters that stand in words."""
    words = sum(map(len, WORD.findall(FUNCTIONS.sub("", said))))
    return words / max(1, sum(not char.isspace() for char in said))


def is_formal(line: Seen, em: float) -> bool:
    """Whether a line may be a formula's, or a piece of it."""
    said, glyphs = text(line), line[1]
    if len(HAN.findall(said)) > 1 or 2 * sum(bool(glyph.style & MONO) for glyph in glyphs) > len(glyphs) > 0:
        return False
    is_tall = line[0].box[3] - line[0].box[1] > TALL * em
    return not NUMBER.fullmatch(said) and wordy(said) < (GARBLED if is_tall else WORDY)


def clustered(lines: Sequence[Seen], em: float) -> list[list[Seen]]:
    """Lines that may be formulas', those near each other together."""
    clusters: list[list[Seen]] = []
    for line in lines:
        if not is_formal(line, em):
            continue
        near = [cluster for cluster in clusters if any(is_near(line[0].box, other.box, em) for other, _ in cluster)]
        clusters = [cluster for cluster in clusters if cluster not in near]
        clusters.append([line, *(other for cluster in near for other in cluster)])
    return clusters


def is_near(a: Box, b: Box, em: float) -> bool:
    """Whether two pieces may be of one formula."""
    return a[0] - GAP * em <= b[2] and b[0] - GAP * em <= a[2] and a[1] - ROOM * em <= b[3] and b[1] - ROOM * em <= a[3]


def stands_alone(cluster: Sequence[Seen], lines: Sequence[Seen], em: float) -> bool:
    """Whether a cluster is a display: it says what formulas say, and no text stands on its lines."""
    said = "".join(text(line) for line in cluster)
    box = boxes.hull(line.box for line, _ in cluster)
    if not RELATION.search(said) or box[2] - box[0] < 2.5 * em:
        return False
    prose = [
        line.box
        for line, glyphs in lines
        if not is_formal((line, glyphs), em) and not NUMBER.fullmatch(text((line, glyphs)))
    ]
    return not any(beside(other, box, em) or flush(other, box, em) for other in prose)


def beside(text: Box, box: Box, em: float) -> bool:
    """Whether text stands on the lines of a formula."""
    level = min(text[3], box[3]) - max(text[1], box[1]) > 0.5 * (text[3] - text[1])
    return level and max(text[0] - box[2], box[0] - text[2]) < 3 * em


def flush(text: Box, box: Box, em: float) -> bool:
    """Whether a formula begins where the text above or below it does: as words do, not displays."""
    near = -em < box[1] - text[3] < 2.5 * em or -em < text[1] - box[3] < 2.5 * em
    return near and boxes.spread(text, box) > 0.1 and abs(text[0] - box[0]) < em


def number_of(cluster: Sequence[Seen], lines: Sequence[Seen], em: float) -> Seen | None:
    """The number that stands at the end of one of a formula's lines."""
    box = boxes.hull(line.box for line, _ in cluster)
    for line in lines:
        here = line[0].box
        is_level = box[1] - 0.3 * em < line[0].baseline < box[3] + 0.3 * em and here[0] > box[2]
        if NUMBER.fullmatch(text(line)) and is_level and not is_hidden(here, box, lines):
            return line
    return None


def is_hidden(number: Box, box: Box, lines: Sequence[Seen]) -> bool:
    """Whether something stands between a formula and a number."""
    return any(boxes.beside(other.box, number) and box[2] < other.box[0] < number[0] for other, _ in lines)


def label(number: Seen) -> str:
    """A number without its brackets."""
    found = NUMBER.fullmatch(text(number))
    return found[1] if found else ""
