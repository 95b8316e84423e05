"""Pages whose text is known but not where it stands: which text each line carries, found with the model's own reading.

The page is cut into lines by its pixels, the lines are read, and the readings are looked for in the answer. A reading
that errs in a letter still says where the letter stands: the answer then says which one it is. Lines of which nobody
can be sure are left out and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from PIL import Image

from vary_cli.document import Line, PageImage
from vary_cli.example import Example, Glyph
from vary_cli.finetune.alignment import Told, folded, told
from vary_cli.finetune.augment import KnownLine
from vary_cli.finetune.wording import BARRIER, seen
from vary_cli.layout import pixels, regions
from vary_cli.model.glyphs import SLOTS, ReadGlyph, read
from vary_cli.model.strips import EM, line_box, strip, vision_tokens
from vary_cli.model.vary import VaryModel

LEAST_EM = 6  # px; smaller print is not cut out: nobody could read it
ATONCE = 32  # lines read at once


@dataclass(frozen=True)
class Known:
    """What is known of one picture's lines."""

    lines: tuple[KnownLine, ...]
    turned: bool
    """Whether the picture must be levelled before they are cut out."""
    count: int
    """Lines that the picture has."""


def known(example: Example, model: VaryModel) -> Known:
    """The lines of an example's picture that its answer tells."""
    image, turn = pixels.upright(example.image)
    lines = lines_of(image)
    readings = [reading for group in grouped(lines) for reading in glyphs_of(model, image, group)]
    texts = ["".join(glyph.char for glyph in reading) for reading in readings]
    answer = seen(example.answer or "")
    found = told(texts, answer)
    if all(one is None for one in found):
        found = in_order(texts, answer)
    width = model.spec.vocabulary.cell[1]
    made = [placed(*one, width) for one in zip(lines, readings, found, strict=True)]
    return Known(tuple(line for line in made if line is not None), bool(turn), len(lines))


def grouped(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """Lines in their order, as many at once as fill a pass."""
    return [lines[i : i + ATONCE] for i in range(0, len(lines), ATONCE)]


@torch.inference_mode()
def glyphs_of(model: VaryModel, image: Image.Image, lines: Sequence[Line]) -> list[list[ReadGlyph]]:
    """What the glyph head sees on some lines of a picture."""
    assert model.glyphs is not None
    gray, width = image.convert("L"), model.spec.vocabulary.cell[1]
    cut = [strip(gray, line) for line in lines]
    return read(model.glyphs, vision_tokens(model.vocabulary, cut), [SLOTS * -(-one.shape[1] // width) for one in cut])


def lines_of(image: Image.Image) -> list[Line]:
    """The lines of text of an upright picture, in reading order."""
    page = PageImage(1, "1", image, (float(image.width), float(image.height)))
    inside = [line for region in regions(page) if region.kind != "picture" for line in region.lines]
    return [line for line in inside if line.em >= LEAST_EM]


def in_order(readings: Sequence[str], answer: str) -> list[Told | None]:
    """An answer's lines, one for each line of the picture: a text whose readings say nothing, but whose lines count."""
    texts = answer.split("\n")
    if len(texts) != len(readings) or BARRIER in answer:
        return [None] * len(readings)
    return [Told(text, (), False) if text.strip() else None for text in texts]


def placed(line: Line, reading: Sequence[ReadGlyph], one: Told | None, cell_width: int) -> KnownLine | None:
    """A line with its text, if that is told; each character stands where its partner in the reading does."""
    if one is None:
        return None
    (left, _, _, _), _ = line_box(line)
    scale = line.em / EM * cell_width
    text = one.text.strip()
    found = [
        None if x is None else left + x * scale for x in places_of(text, reading, dict((j, i) for i, j in one.pairs))
    ]
    places = filled(found, line.box[0], line.box[2])
    glyphs = tuple(Glyph(char, x, line.baseline, line.em, 0) for char, x in zip(text, places, strict=True))
    rising = all(a < b for a, b in pairwise(places))
    return KnownLine(line, glyphs, rising and None not in found)


def places_of(text: str, reading: Sequence[ReadGlyph], partners: Mapping[int, int]) -> list[float | None]:
    """Where each character of a text stands, in cells: where its partner in the reading does.

    A space stands where one was read between the same two letters; its neighbours' middles do not tell.
    """
    inked = [i for i, glyph in enumerate(reading) if not glyph.char.isspace()]
    places: list[float | None] = []
    last, number = -1, 0
    for char in text:
        if char.isspace():
            after = inked[partners[number]] if number in partners else -1
            places.append(next((reading[i].x for i in range(last + 1, after)), None) if last >= 0 else None)
            continue
        last = inked[partners[number]] if number in partners else -1
        places.append(reading[last].x if last >= 0 else None)
        number += 1
    return places


def filled(places: Sequence[float | None], left: float, right: float) -> list[float]:
    """Places with those that are not known put evenly between their neighbours."""
    known = [(-1, left), *((i, x) for i, x in enumerate(places) if x is not None), (len(places), right)]
    made: list[float] = []
    for (i, x), (j, y) in pairwise(known):
        made += [x + (y - x) * k / (j - i) for k in range(1, j - i)]
        made += [y] if j < len(places) else []
    return made


def errors(readings: Sequence[str], truths: Sequence[str]) -> tuple[int, int]:
    """(edits, characters) between readings of lines and their true texts; characters of one look are equal."""
    from rapidfuzz.distance import Levenshtein

    pairs = [(alike(reading), alike(truth)) for reading, truth in zip(readings, truths, strict=True)]
    return sum(Levenshtein.distance(*pair) for pair in pairs), sum(len(truth) for _, truth in pairs)


def alike(text: str) -> str:
    """A text in characters that stand for all of one look."""
    return "".join(folded(char) for char in text)
