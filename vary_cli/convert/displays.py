"""Display formulas of a scan: each asked for by itself, its LaTeX vouched for or dropped. Knows no model."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image

from vary_cli.compose import formulas
from vary_cli.convert.crops import frame
from vary_cli.document import PageImage, Region
from vary_cli.example import Example, Generation, Glyph
from vary_cli.formula import typeset
from vary_cli.layout.displays import inked

AROUND = 0.3
"""Paper around a formula, ems."""
SURE = 0.93
"""Mean probability of an answer's glyphs or tokens below which it is not believed: one in twenty of the others is much
other than the truth."""


def example(page: PageImage, region: Region, question: str) -> Example:
    """A formula alone on its paper, to be translated: what stands around it is left out."""
    room = round(AROUND * region.em)
    crop = page.image.crop(frame(page.image, region.box))
    paper = Image.new(crop.mode, (crop.width + 2 * room, crop.height + 2 * room), tone(crop))
    paper.paste(crop, (room, room))
    return Example(paper, question, em=region.em or None, source=f"page {page.number}")


def tone(image: Image.Image) -> tuple[int, ...]:
    """The colour of the paper: the median of the half that is brighter than the other."""
    levels = [sorted(band.resize((64, 64)).tobytes()) for band in image.split()]
    return tuple(band[3 * len(band) // 4] for band in levels)


def vouched(asked: Example, answer: Generation, number: str = "") -> str | None:
    """An answer about a formula's picture in LaTeX that compiles, with the number in its margin.

    None where the model was not sure or it does not compile.
    """
    if answer.finish != "stop" or math.exp(answer.score) < SURE:
        return None
    said = answer.text.strip() or composed(asked, answer.glyphs or ())
    tag = rf" \tag{{{number}}}" if number and r"\tag" not in said else ""
    return typeset(said + tag, display=True) if said else None


def composed(asked: Example, glyphs: Sequence[Glyph]) -> str:
    """What glyphs that a model named and placed say together with the ink they have; empty if that is not clear."""
    spans, bars = inked.told(asked.image, glyphs, asked.em)
    told = formulas.displays(spans, bars) if spans else None
    return r" \\ ".join(told) if told else ""
