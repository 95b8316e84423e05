"""Display formulas of a scan: each asked for by itself, its LaTeX vouched for or dropped. Knows no model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image

from vary_cli.convert.crops import frame
from vary_cli.document import PageImage, Region
from vary_cli.example import Example, Generation, Glyph
from vary_cli.formula import typeset
from vary_cli.formula.spelling import spelled
from vary_cli.formula.visible import unlike

AROUND = 0.3
"""Paper around a formula, ems."""

WORD = re.compile(r"[a-z]{4,}")
"""Small letters alone: a word, as figures have them, and no formula."""


class Trust(NamedTuple):
    """What an answer is believed by."""

    sure: float
    """Least probability that all of it is right: one wrong sign makes a formula wrong, however sure the others are."""
    unlike: float
    """Largest share of its characters that are others than those that were named."""
    display: bool
    """Whether the formula stands by itself."""


DISPLAY, WITHIN = Trust(0.65, 0.15, True), Trust(0.55, 0.0, False)
"""Displays, and formulas within lines: those are short, and text is left where they are not believed."""


def example(page: PageImage, region: Region, question: str) -> Example:
    """A formula alone on its paper, to be translated: what stands around it is left out."""
    crop = page.image.crop(frame(page.image, region.box))
    return Example(on_paper(crop, region.em), question, em=region.em or None, source=f"page {page.number}")


def on_paper(crop: Image.Image, em: float, mask: Image.Image | None = None) -> Image.Image:
    """A cut-out, or what a mask shows of it, with paper around."""
    room = round(AROUND * em)
    paper = Image.new(crop.mode, (crop.width + 2 * room, crop.height + 2 * room), tone(crop))
    paper.paste(crop, (room, room), mask)
    return paper


def tone(image: Image.Image) -> tuple[int, ...]:
    """The colour of the paper: the median of the half that is brighter than the other."""
    levels = [sorted(band.resize((64, 64)).tobytes()) for band in image.split()]
    return tuple(band[3 * len(band) // 4] for band in levels)


def vouched(answer: Generation, number: str = "", trust: Trust = DISPLAY) -> str | None:
    """An answer about a formula's picture in LaTeX that compiles, with the number in its margin.

    None where the model was not sure, where it wrote other characters than it had named, or where it does not compile.
    """
    if answer.finish != "stop" or answer.probability < trust.sure or not (said := answer.text.strip()):
        return None
    latex = typeset(said, display=trust.display)
    if latex is None or (trust.display and WORD.fullmatch(said)):
        return None
    if answer.glyphs is not None and invented(latex, answer.glyphs, trust.unlike):
        return None
    return typeset(rf"{said} \tag{{{number}}}", display=True) if number and r"\tag" not in said else latex


def invented(latex: str, glyphs: Sequence[Glyph], most: float) -> bool:
    """Whether a formula shows other characters than those that were named on its picture."""
    return unlike(spelled(latex) or "", (glyph.char for glyph in glyphs)) > most
