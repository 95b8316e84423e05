"""A scan that has been read, laid out once more: by what was read it says as much of itself as a born-digital page.

The pixels told where lines, rules and pictures are; styles, sizes and words tell headings, lists, tables and code.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from vary_cli import boxes, layout
from vary_cli.convert.crops import frame
from vary_cli.convert.evidence import is_legible
from vary_cli.document import Box, Line, PageImage, Region
from vary_cli.example import Generation, Glyph
from vary_cli.layout import displays, seen


@dataclass(frozen=True)
class Relaid:
    """A page laid out once more."""

    regions: tuple[Region, ...]
    scale: float
    """px of the page for a point of the regions' layer."""
    unread: tuple[Box, ...]
    """Where something looked like text and could not be read for sure, px: in pictures now, and in display formulas."""


def relaid(
    page: PageImage,
    found: Sequence[Region],
    answers: Sequence[Generation],
    drawn: seen.Drawn,
    formulas: bool = False,
) -> Relaid | None:
    """The regions of a page of which `found` were read, with what was read as their lines' spans.

    `answers`: for each region with lines in turn. `formulas`: display formulas are regions of their own. None where the
    model did not tell the places of its characters.
    """
    if any(answer.glyphs is None for answer in answers):
        return None
    read = list(lines(page, found, answers))
    shown, rest = displays.take(read, page.image, drawn.rules) if formulas else ([], read)
    asked = zip([region for region in found if region.is_read], answers, strict=True)
    unread = [region for region, answer in asked if not is_legible(answer)]
    plain = [region for region in unread if any(is_of(region, one) for one in rest)]
    rest = [one for one in rest if not any(is_of(region, one) for region in plain)]
    known = [region for region in found if region not in plain]
    em = max((region.em for region in plain), default=0.0)
    pictures = [Region("picture", box) for box in boxes.merged([region.box for region in plain], em)]
    layer, scale = seen.layer(rest, drawn, [*known, *pictures])
    layer = replace(layer, displays=tuple(seen.display(*one, scale) for one in shown))
    fresh = replace(page, layer=layer, size=(page.image.width / scale, page.image.height / scale))
    return Relaid(layout.regions(fresh), scale, tuple(region.box for region in unread))


def is_of(region: Region, read: seen.Seen) -> bool:
    """Whether a line that was read is one of a region's."""
    return any(line.box == read[0].box for line in region.lines)


def lines(page: PageImage, found: Sequence[Region], answers: Sequence[Generation]) -> Iterator[seen.Seen]:
    """The lines of a page and what was read on each, px of the page."""
    told = iter(answers)
    for region in found:
        if not region.is_read:
            continue
        left, top, _, _ = frame(page.image, region.box, region.em)
        glyphs = [glyph._replace(x=glyph.x + left, y=glyph.y + top) for glyph in next(told).glyphs or ()]
        for number, line in enumerate(region.lines):
            own = [glyph for glyph in glyphs if glyph.line == number]
            yield sized(line, own), own


def sized(line: Line, glyphs: Sequence[Glyph]) -> Line:
    """A line of the size that its characters were read in, where the pixels left two."""
    if not line.doubt or not glyphs:
        return line
    size = statistics.median(glyph.size for glyph in glyphs)
    return replace(line, em=min((line.em, line.doubt), key=lambda em: abs(math.log(em / size))))
