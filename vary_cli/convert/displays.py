"""Display formulas of a scan: each asked for by itself, its LaTeX vouched for or dropped. Knows no model."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image

from vary_cli.convert.crops import frame
from vary_cli.document import PageImage, Region
from vary_cli.example import Example, Generation, Glyph
from vary_cli.formula import typeset
from vary_cli.formula.spelling import spelled
from vary_cli.formula.visible import unlike

AROUND = 0.3
"""Paper around a formula, ems."""
SURE, UNLIKE = 0.85, 0.15
"""Mean probability of an answer's tokens below which it is not believed, and the share of its characters that may be
other than those that were named."""


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


def vouched(answer: Generation, number: str = "") -> str | None:
    """An answer about a formula's picture in LaTeX that compiles, with the number in its margin.

    None where the model was not sure, where it wrote other characters than it had named, or where it does not compile.
    """
    if answer.finish != "stop" or math.exp(answer.score) < SURE or not (said := answer.text.strip()):
        return None
    latex = typeset(said, display=True)
    if latex is None or (answer.glyphs is not None and invented(latex, answer.glyphs)):
        return None
    return typeset(rf"{said} \tag{{{number}}}", display=True) if number and r"\tag" not in said else latex


def invented(latex: str, glyphs: Sequence[Glyph]) -> bool:
    """Whether a formula shows other characters than those that were named on its picture."""
    return unlike(spelled(latex) or "", (glyph.char for glyph in glyphs)) > UNLIKE
