"""Formulas within lines of a scan: each asked for by itself, its LaTeX vouched for or the text left as it was read."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np
from PIL import Image

from vary_cli.compose.formulas.phrases import BINARY, Phrase, phrases
from vary_cli.compose.formulas.suspects import parted, suspected
from vary_cli.convert import displays
from vary_cli.convert.crops import cut
from vary_cli.document import Line, PageImage, Region
from vary_cli.example import Example, Generation
from vary_cli.formula.commands import ARGUMENTS, SETTINGS
from vary_cli.formula.spelling import sign, spelled
from vary_cli.ink import tones
from vary_cli.ink.blobs import Bits, blobs

KINDS = frozenset(["text", "list", "footnote", "caption", "heading", "table"])
"""Regions whose lines may hold formulas."""
ABOVE, BELOW, BESIDE = 1.3, 0.65, 0.12
"""Ems of a line's baseline that a formula in it reaches up and down, and of paper left and right."""
STOPS = " .,"
_BEFORE, _AFTER = re.compile(r"[^\W_](?![-–—])\S*$"), re.compile(r"(?![-–—]|[’']s\b)\S*?[^\W_]")
STRUCTURE = frozenset(["_", "^", *(f"\\{name}" for name in ARGUMENTS if name not in SETTINGS | {"underline"})])
"""What text cannot say; a line below is mostly a table's."""
OPEN = {*"=<>+-/*", *(sign(char) for char in BINARY if char not in "⊤∗")}
"""What stands between two operands."""
BEGUN = (OPEN | {"_", "^", ")", "]", ",", "."}) - {"-", "\\pm", "\\mp", "+"}
WORD = 4
"""Letters that stand one after the other are as many factors of a product, or a word."""
_LETTER = frozenset(string.ascii_letters)
OUTER, HANGING, HIGH = 0.25, 0.42, 0.2
"""Ems: ink that is cut by an edge and goes no further than this is of a neighbour; at the upper edge descenders go
further; and what lies as near to that edge is of the line above in any case, a full stop, say."""


class Place(NamedTuple):
    """Where a formula stands: the region, the line in it, and the characters of that line's text."""

    region: int
    line: int
    start: int
    end: int


def found(regions: Sequence[Region]) -> Iterator[tuple[Place, Phrase]]:
    """What may be formulas within the lines of a page."""
    for i, region in enumerate(regions):
        for j, line in enumerate(region.lines if region.kind in KINDS else ()):
            for phrase in phrases(suspected(line.spans)):
                if not is_cut(line.text, phrase):
                    yield Place(i, j, phrase.start, phrase.end), phrase


def is_cut(text: str, phrase: Phrase) -> bool:
    """Whether a formula is only a part of a word, compounds aside: then it is not known how far it goes."""
    before, after = _BEFORE.search(text[: phrase.start]), _AFTER.match(text[phrase.end :])
    return before is not None or after is not None


def example(page: PageImage, line: Line, phrase: Phrase, scale: float, question: str) -> Example:
    """A formula alone on its paper: its neighbours in the line and the lines around are left out.

    `scale` is how many px a point of the phrase has.
    """
    left, right = phrase.items[0].box[0] * scale, phrase.items[-1].box[2] * scale
    em = line.em
    box = (left - BESIDE * em, line.baseline - ABOVE * em, right + BESIDE * em, line.baseline + BELOW * em)
    crop, _ = cut(page.image, box)
    paper = displays.on_paper(crop, em, Image.fromarray(~foreign(crop, em)))
    return Example(paper, question, em=em, source=f"page {page.number}")


def foreign(crop: Image.Image, em: float) -> Bits:
    """Which px of a cut-out are of its neighbours: ink at the edges."""
    gray = np.asarray(crop.convert("L"))
    height, width = gray.shape
    boxes = blobs(tones.find(gray).bits).boxes
    x0, y0, x1, y1 = boxes.T
    beyond = ((y0 <= 0) & (y1 < HANGING * em)) | (y1 < HIGH * em) | ((y1 >= height) & (y0 > height - OUTER * em))
    beyond |= ((x0 <= 0) & (x1 < OUTER * em)) | ((x1 >= width) & (x0 > width - OUTER * em))
    mask = np.zeros(gray.shape, np.bool_)
    for box in boxes[beyond]:
        mask[max(0, box[1] - 1) : box[3] + 1, max(0, box[0] - 1) : box[2] + 1] = True
    return mask


def vouched(answer: Generation) -> str | None:
    """An answer about a formula in a line as LaTeX.

    None where it is not to be believed, or where text says as much: letters and signs one after the other.
    """
    latex = (displays.vouched(answer, trust=displays.WITHIN) or "").rstrip(STOPS)
    tokens = (spelled(latex) or "").split()
    return latex if is_whole(tokens) and is_structured(tokens) and not has_word(tokens) else None


def is_structured(tokens: Sequence[str]) -> bool:
    """Whether a formula is more than a row of signs."""
    return any(token in STRUCTURE or token.startswith("\\begin") for token in tokens)


def has_word(tokens: Sequence[str]) -> bool:
    """Whether letters of a formula spell a word, which stands in text, perhaps in brackets: <name>."""
    return any(is_letter and len(list(run)) >= WORD for is_letter, run in groupby(tokens, key=_LETTER.__contains__))


def is_whole(tokens: Sequence[str]) -> bool:
    """Whether a formula neither begins as the rest of another one nor lacks an operand."""
    is_empty = ("{", "}") in pairwise(tokens)
    return bool(tokens) and tokens[0] not in BEGUN and tokens[-1] not in OPEN and not is_empty


def told(regions: Sequence[Region], latex: Mapping[Place, str | None]) -> tuple[Region, ...]:
    """Regions whose lines know the formulas in them; None: one that is not believed, and stays text."""
    return tuple(
        replace(region, lines=tuple(with_formulas(line, i, j, latex) for j, line in enumerate(region.lines)))
        for i, region in enumerate(regions)
    )


def with_formulas(line: Line, region: int, number: int, latex: Mapping[Place, str | None]) -> Line:
    """A line that knows its formulas. The letters of others are slanted as such, not for emphasis, lone ones aside."""
    own = [(place.start, place.end, said) for place, said in latex.items() if place[:2] == (region, number)]
    formal = {i for start, end, said in own if said is None and end - start > 1 for i in range(start, end)}
    spans = tuple(parted(line.spans, formal)) if formal else line.spans
    known = tuple((start, end, said) for start, end, said in own if said is not None)
    return replace(line, spans=spans, formulas=known)
