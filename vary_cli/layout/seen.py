"""What was read on a scan, as a text layer: lines of spans with their places, sizes and styles. Knows no model.

A page that has been read says as much of itself as a born-digital one, so that the same rules tell its structure.
"""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from vary_cli.document import ASCENT, DESCENT, Area, Box, Display, Kind, LayerLine, Line, Region, Span, TextLayer
from vary_cli.example import BOLD, ITALIC, MONO, Glyph
from vary_cli.formula import signs
from vary_cli.layout import blanks, bullets, captions, pace

RISE, FALL = 0.18, 0.08
"""So far above and below the baseline, in ems, stand superscripts and subscripts."""
SCRIPT = 0.88
"""Of the line's size at most is theirs."""
NEAR = 0.07
"""Sizes that differ by less than this share are one size, measured with some error."""
EM = 10.0
"""Points of the page's usual size, as it is told: what a picture's resolution is, nobody knows."""

AREAS: dict[Kind, str] = {
    "heading": "section-header",
    "header": "page-header",
    "footer": "page-footer",
    "footnote": "footnote",
}
"""What the kinds of regions found by pixels are called in a text layer."""
Seen = tuple[Line, Sequence[Glyph]]
"""A line, px, and what was read on it, px."""


class Drawn(NamedTuple):
    """What is drawn on a page besides letters and pictures, px."""

    rules: tuple[Box, ...] = ()
    shades: tuple[Box, ...] = ()
    """Boxes darker than the paper, behind the text."""


NOTHING = Drawn()


class Setting(NamedTuple):
    """How a character is set."""

    style: int
    size: float
    baseline: float
    raised: bool


def layer(found: Iterable[Seen], drawn: Drawn = NOTHING, regions: Iterable[Region] = ()) -> tuple[TextLayer, float]:
    """A page's text layer, in points such that most of the text is of EM, and how many px a point has.

    `regions` are those that were found by pixels.
    """
    read = [(line, bullets.told(line, glyphs)) for line, glyphs in captions.told(list(printed(found)))]
    grids = pace.grids([(glyphs, line.em) for line, glyphs in read])
    lines = [(line, settled_line(line, glyphs, grid)) for (line, glyphs), grid in zip(read, grids, strict=True)]
    weights = [len(glyphs) for _, glyphs in lines]
    sizes = settled([own_size(glyphs) for _, glyphs in lines], weights)
    scale = (most(sizes, weights) if sizes else EM) / EM
    settings = zip(lines, sizes, grids, strict=True)
    told = [layer_line(line, glyphs, size, scale, grid) for (line, glyphs), size, grid in settings]
    kinds = [(region.kind, points(region.box, scale)) for region in regions]
    return TextLayer(
        tuple(told),
        areas=tuple(Area(AREAS[kind], box) for kind, box in kinds if kind in AREAS),
        rules=tuple(points(box, scale) for box in drawn.rules),
        pictures=tuple(box for kind, box in kinds if kind == "picture"),
        shades=tuple(points(box, scale) for box in drawn.shades),
    ), scale


def printed(found: Iterable[Seen]) -> Iterator[Seen]:
    """Lines on which something stands."""
    return (one for one in found if any(not glyph.char.isspace() for glyph in one[1]))


def settled_line(line: Line, glyphs: Sequence[Glyph], grid: float) -> list[Glyph]:
    """What was read on a line, with its blanks as the pixels have them; `grid`: the step of the program around it."""
    return blanks.settled(line, glyphs, pace.steps(glyphs, line.em, grid))


def display(box: Box, lines: Iterable[Seen], number: str, scale: float) -> Display:
    """A display formula as a layer tells it; its lines are of the page's size, for what was read tells no better."""
    told = tuple(layer_line(line, glyphs, EM * scale, scale) for line, glyphs in printed(lines))
    return Display(points(box, scale), told, number)


def most(sizes: Sequence[float], weights: Sequence[int]) -> float:
    """The size of most of the characters."""
    counts: Counter[float] = Counter()
    for size, weight in zip(sizes, weights, strict=True):
        counts[size] += weight
    return counts.most_common(1)[0][0]


def points(box: Box, scale: float) -> Box:
    """A box of px in points."""
    return (box[0] / scale, box[1] / scale, box[2] / scale, box[3] / scale)


def own_size(glyphs: Sequence[Glyph]) -> float:
    """The size of a line's characters, scripts aside, px."""
    shown = [glyph.size for glyph in glyphs if not glyph.char.isspace()]
    largest = sorted(shown)[int(0.9 * (len(shown) - 1))]
    return statistics.median(size for size in shown if size >= SCRIPT * largest)


def settled(sizes: Sequence[float], weights: Sequence[int]) -> list[float]:
    """Sizes with those that are nearly the same made the same: the most frequent one's."""
    votes = [sum(w for s, w in zip(sizes, weights, strict=True) if near(s, size)) for size in sizes]
    order = sorted(range(len(sizes)), key=lambda i: -votes[i])
    result: dict[int, float] = {}
    for i in order:
        if i not in result:
            alike = [j for j in order if j not in result and near(sizes[j], sizes[i])]
            common = statistics.median(size for j in alike for size in [sizes[j]] * weights[j])
            result |= dict.fromkeys(alike, common)
    return [result[i] for i in range(len(sizes))]


def near(a: float, b: float) -> bool:
    """Whether two sizes may be the same."""
    return abs(a - b) < NEAR * max(a, b)


def layer_line(line: Line, glyphs: Sequence[Glyph], size: float, scale: float, grid: float = 0.0) -> LayerLine:
    """One line of glyphs from left to right."""
    usual = [glyph.y for glyph in glyphs if not glyph.char.isspace() and glyph.size >= SCRIPT * size] or [line.baseline]
    baseline = statistics.median(usual)
    steps = pace.steps(glyphs, line.em, grid)
    edges = bounds(line, glyphs, steps)
    looks = worded(glyphs, [setting(glyph, size, baseline) for glyph in paced(glyphs, steps)])
    spans = []
    for look, run in itertools.groupby(range(len(glyphs)), key=lambda i: looks[i]):
        at = list(run)
        spans.append(span("".join(glyphs[i].char for i in at), [*edges[at[0] : at[-1] + 2]], look, scale))
    box = (edges[0], baseline - ASCENT * size, edges[-1], baseline + DESCENT * size)
    return LayerLine(tuple(spans), points(box, scale))


def setting(glyph: Glyph, size: float, baseline: float) -> Setting:
    """How a character is set; what is about the line's size and height is exactly so."""
    rise = (baseline - glyph.y) / size
    if glyph.size < SCRIPT * size and not -FALL <= rise <= RISE:
        return Setting(glyph.style, round(glyph.size / size, 1) * size, baseline - round(rise, 1) * size, rise > 0)
    return Setting(glyph.style, size, baseline, False)


def worded(glyphs: Sequence[Glyph], looks: Sequence[Setting]) -> list[Setting]:
    """The settings with one style to a word: the one most of its letters show; blanks as what is before them.

    Letters of formulas' alphabets slant or not as their alphabet does. A comma or full stop after code is of the
    sentence around it.
    """
    styles = [
        look.style & ~ITALIC if signs.is_drawn(glyph.char) else look.style
        for glyph, look in zip(glyphs, looks, strict=True)
    ]
    result: list[Setting] = []
    for blank, run in itertools.groupby(range(len(glyphs)), key=lambda i: glyphs[i].char.isspace()):
        at = list(run)
        if blank and result:
            result += [result[-1]._replace(raised=False, size=looks[i].size, baseline=looks[i].baseline) for i in at]
            continue
        told = [i for i in at if glyphs[i].char.isalnum()] or at
        style = sum(bit for bit in (BOLD, ITALIC, MONO) if 2 * sum(bool(styles[i] & bit) for i in told) > len(told))
        result += [looks[i]._replace(style=style) for i in at]
    for i in stops(glyphs, result):
        result[i] = result[i]._replace(style=result[i].style & ~MONO)
    return result


def stops(glyphs: Sequence[Glyph], looks: Sequence[Setting]) -> Iterator[int]:
    """Commas and full stops after words of code and before words of a sentence, with the blanks between."""
    parted = itertools.groupby(range(len(glyphs)), key=lambda i: glyphs[i].char.isspace())
    for word, after in itertools.pairwise(list(run) for blank, run in parted if not blank):
        end, beside = word[-1], after[0]
        is_stop = len(word) > 1 and glyphs[end].char in ".," and glyphs[end - 1].char.isalnum()
        if is_stop and looks[end].style & MONO and not looks[beside].style & MONO:
            yield from range(end, beside)


def paced(glyphs: Sequence[Glyph], steps: Sequence[float]) -> list[Glyph]:
    """Characters with the style of one width where they are set so."""
    return [
        glyph._replace(style=glyph.style | MONO if step else glyph.style & ~MONO)
        for glyph, step in zip(glyphs, steps, strict=True)
    ]


def bounds(line: Line, glyphs: Sequence[Glyph], steps: Sequence[float]) -> list[float]:
    """Left edges of the characters and the last one's right edge, px: by their centres and usual widths."""
    halves = [step / 2 or glyph.half_width for glyph, step in zip(glyphs, steps, strict=True)]
    edges = [line.box[0]]
    for i in range(1, len(glyphs)):
        if glyphs[i].char.isspace():
            edge = min(glyphs[i - 1].x + halves[i - 1], (glyphs[i - 1].x + glyphs[i].x) / 2)
        elif glyphs[i - 1].char.isspace():
            edge = max(glyphs[i].x - halves[i], (glyphs[i - 1].x + glyphs[i].x) / 2)
        else:
            edge = (glyphs[i - 1].x + glyphs[i].x) / 2
        edges.append(max(edge, edges[-1]))
    return [*edges, max(line.box[2], edges[-1])]


def span(text: str, edges: Sequence[float], look: Setting, scale: float) -> Span:
    """A run of one setting, in points."""
    top, bottom = look.baseline - ASCENT * look.size, look.baseline + DESCENT * look.size
    return Span(
        text,
        points((edges[0], top, edges[-1], bottom), scale),
        tuple(edge / scale for edge in edges),
        look.baseline / scale,
        look.size / scale,
        bold=bool(look.style & BOLD),
        italic=bool(look.style & ITALIC),
        mono=bool(look.style & MONO),
        raised=look.raised,
    )
