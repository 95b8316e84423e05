"""formulas.json of a run: what ready eyes see on some of its formulas. Found once, before the decoder learns.

Errors that are made up (misreading.py) are those that are usual; a decoder that is shown what its own eyes made of some
thousand formulas knows which of them these make, and how sure it may be.
"""

from __future__ import annotations

import json
import math
import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from vary_cli.example import Example, usual_em
from vary_cli.finetune.augment import seen_glyphs, worn
from vary_cli.finetune.mixture import Mixture
from vary_cli.finetune.run import FORMULAS, writing, written
from vary_cli.finetune.translations import Formula, lesson_of
from vary_cli.model.blocks import BlockReader
from vary_cli.model.marks import Marks, marks
from vary_cli.model.vary import VaryModel

DIGITS = 2  # of a px
WORN = 0.5
"""Share of the formulas that are worn, four in ten of them not at all (augment.worn),"""
SMALLEST = 0.6
"""and how much smaller they may become."""
MISJUDGED = 0.03
"""Log of the ratio between an em and what it is taken for."""


class Sightings:
    """What the eyes see on the first `count` formulas that a run draws."""

    def __init__(self, run: Path, mixture: Mixture, count: int) -> None:
        self.file, self.mixture, self.count = run / FORMULAS, mixture, count

    def fill(self, model: VaryModel, say: Callable[[str], None]) -> None:
        """Look at the formulas, unless that was done."""
        if self.file.is_file():
            return
        seen = list(sights(model, formulas(self.mixture, self.count)))
        with writing(self.file.parent):
            written(self.file, json.dumps([packed(one) for one in seen], ensure_ascii=False).encode())
        say(f"the eyes looked at {len(seen)} formulas")

    def read(self) -> list[Formula]:
        """What was seen."""
        return [unpacked(item) for item in json.loads(self.file.read_text(encoding="utf-8"))]


def sights(model: VaryModel, told: Iterable[tuple[Example, str]]) -> Iterator[Formula]:
    """What a model sees on formulas; those on which it sees nothing are left out."""
    assert model.glyphs is not None
    waiting: deque[tuple[Image.Image, str]] = deque()

    def shown() -> Iterator[Example]:
        for example, said in told:
            waiting.append((example.image, said))
            yield example

    for seen in BlockReader(model.vocabulary, model.glyphs)(shown()):
        image, said = waiting.popleft()
        if seen.glyphs:
            yield Formula(marks(image, seen.glyphs, usual_em(seen.glyphs)), said)


def formulas(mixture: Mixture, count: int) -> Iterator[tuple[Example, str]]:
    """The formulas among the first `count` examples that are drawn, each once, and what is to be written of them.

    Some are worn as scans are, and their size is known as roughly as a page tells it.
    """
    for place in dict.fromkeys(mixture.draws(0, count)):
        entry = mixture.entry(place)
        said = lesson_of(entry)
        example = entry.example() if said is not None else None
        if example is not None and (glyphs := seen_glyphs(example)):
            chance = random.Random(f"{mixture.seed}/{place}/looks")
            image, scale = example.image.convert("L"), 1.0
            if chance.random() < WORN:
                image, scale = worn(image, chance, SMALLEST)
            em = scale * usual_em(glyphs) * math.exp(chance.gauss(0, MISJUDGED))
            yield replace(example, image=image, em=em), f" {said}"


def packed(one: Formula) -> list[Any]:
    """What was seen on a formula, as JSON."""
    return [one.said, one.marks.chars, np.round(one.marks.places.astype(float), DIGITS).tolist(), one.marks.em]


def unpacked(item: Sequence[Any]) -> Formula:
    """The inverse of `packed`."""
    said, chars, places, em = item
    return Formula(Marks(tuple(chars), np.array(places, np.float32).reshape(-1, 8), em), said)
