"""What the glyph head would make of a formula: characters taken for others, overlooked, seen twice, a little beside.

A decoder that learns from what truly stands there alone has never seen an error, and passes each one on. Places,
sizes and slants are off as they were on 800 formulas that vary-nano read; characters are overlooked and mistaken more
often than there.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vary_cli.example import MIDDLE
from vary_cli.finetune.augment import GROWING
from vary_cli.ink.owners import THIN
from vary_cli.model.marks import Marks
from vary_cli.model.repertoire import ALPHABETS

LEVELS = (0.0, 0.2, 0.4, 0.7, 1.0, 1.5)
"""How much worse than usual a formula is read: decoders that have seen few errors pass them on."""
OVERLOOKED, GONE = 0.075, 0.3
"""Share of characters that are not named, and of those whose ink a neighbour takes."""
MISTAKEN = 0.08
"""Share of characters that are taken for another one."""
TWICE, TALL = 0.03, 0.12
"""Share of characters that are named twice; tall ones are read in more than one row."""
BARRED = 0.12
"""Share of bars that are taken for a sign."""
DOTTED = 0.05
"""Share of dotted letters whose dot is named."""
SLANTED = 0.02
"""Share of characters whose slant is told wrong."""
WEIGHED = (3.3, 2.9), (-5.0, 1.5)
"""Log odds of bold characters, and of others: mean and deviation."""
PLACED, SIZED, INKED = 0.05, 0.06, 0.02
"""Errors of baselines, sizes (as a share) and ink, ems; the formula's own em is off as sizes are, or less."""
ALIKE = (
    "l1I|ι∣′i oO0σ∘° vνυ wω xχ× uµ nη pρP kκK aα BβS8 yγ cCe sS zZ23 tτif εe∈ϵc φϕψ Vν Uμ ·.,⋅ -−–_¯ ~∼ =≡⋃ dδ∂ LΛA "
    "5S3 gq9 6b hħ rΓ fJ∫ \"'′ ([{⟨ )]}⟩ ji,; ⋯… θΘ ∣|‖∥ ∪∩⋃ ⊕⊗⊙ ≤<≥ →− ∅⌀0 ∑Σ ∏Π"
)
OTHERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789αβγδ+-=(),.|"
LOOKALIKES: dict[str, str] = {}
for _group in ALIKE.split():
    for _char in _group:
        LOOKALIKES[_char] = LOOKALIKES.get(_char, "") + _group.replace(_char, "")
LOOKALIKES |= {char: unicodedata.normalize("NFKC", char) for letters in ALPHABETS for char in letters}


class Mark(NamedTuple):
    """One row of Marks."""

    char: str
    place: NDArray[np.float32]


def misread(marks: Marks, chance: random.Random) -> Marks:
    """The marks of a formula as they might have been read."""
    noise, level = np.random.default_rng(chance.getrandbits(63)), chance.choice(LEVELS)
    told = [Mark(char, place.copy()) for char, place in zip(marks.chars, marks.places, strict=True)]
    seen = [one for mark in told for one in named(mark, marks.em, level, chance)]
    if not seen:
        return marks
    places = np.stack([mark.place for mark in seen])
    is_named = np.array([bool(mark.char) for mark in seen])
    places[:, 6] = np.where(is_named, weighed(places[:, 6], noise), 0.0)
    places[:, 7] = np.where(is_named & (noise.random(len(seen)) < SLANTED), 1 - places[:, 7], places[:, 7])
    return moved(Marks(tuple(mark.char for mark in seen), places, marks.em), 1.0, noise)


def weighed(bold: NDArray[np.float32], noise: np.random.Generator) -> NDArray[np.float64]:
    """How probably each is bold, as it would be seen: (N,), 0 or 1 -> between."""
    odds = np.where(bold, *(noise.normal(mean, spread, bold.shape) for mean, spread in WEIGHED))
    return 1 / (1 + np.exp(-odds))


def seen_again(marks: Marks, chance: random.Random) -> Marks:
    """Marks that were read, as another look might have them: elsewhere by half as much as they are off already."""
    return moved(marks, 0.5, np.random.default_rng(chance.getrandbits(63)))


def moved(marks: Marks, share: float, noise: np.random.Generator) -> Marks:
    """Marks elsewhere and of other sizes, by a share of how far they are off when they are read."""
    places, count = marks.places.copy(), len(marks.chars)
    is_named = np.array([bool(char) for char in marks.chars])
    places[:, :4] += noise.normal(0, share * INKED * marks.em, (count, 4))
    places[:, 4] += is_named * noise.normal(0, share * PLACED * marks.em, count)
    places[:, 5] *= np.exp(noise.normal(0, share * SIZED, count))
    return replace(marks, places=places, em=marks.em * float(np.exp(noise.normal(0, SIZED / 2))))


def named(mark: Mark, em: float, level: float, chance: random.Random) -> list[Mark]:
    """What becomes of one mark: itself, nothing, another one, or two."""
    if not mark.char:
        return [bar(mark, em, chance) if is_bar(mark, em) and chance.random() < BARRED * level else mark]
    drawn = chance.random() / max(level, 1e-6)
    if drawn < OVERLOOKED:
        return [] if chance.random() < GONE else [nameless(mark)]
    if drawn < OVERLOOKED + MISTAKEN:
        return [mark._replace(char=chance.choice(LOOKALIKES.get(mark.char) or OTHERS))]
    if mark.char in "ij" and chance.random() < DOTTED * level:
        return [mark, mark._replace(char=".")]
    if chance.random() < (TALL if mark.char in GROWING else TWICE) * level:
        return [mark, again(mark, em, chance)]
    return [mark]


def again(mark: Mark, em: float, chance: random.Random) -> Mark:
    """A character named once more: as itself or as another, higher or lower on the same ink."""
    place = mark.place.copy()
    place[4] += chance.uniform(-0.6, 0.6) * em
    return Mark(mark.char if chance.random() < 0.6 else chance.choice(LOOKALIKES.get(mark.char) or OTHERS), place)


def nameless(mark: Mark) -> Mark:
    """A character's ink alone."""
    place = mark.place.copy()
    place[4], place[5:] = place[3], 0.0
    return Mark("", place)


def is_bar(mark: Mark, em: float) -> bool:
    """Whether nameless ink is a level bar."""
    return bool(mark.place[3] - mark.place[1] < THIN * em)


def bar(mark: Mark, em: float, chance: random.Random) -> Mark:
    """A bar that was taken for a sign."""
    place, char = mark.place.copy(), chance.choice("−−_")
    size = em * chance.choice((1.0, 1.0, 0.7))
    middle = (place[1] + place[3]) / 2
    place[4], place[5] = middle + (MIDDLE if char == "−" else -0.1) * size, size
    return Mark(char, place)
