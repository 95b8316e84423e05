"""Batches of formulas for the decoder of a region-reading model: what stands there and what is to be written of it.

The eyes are frozen and need not look: a data set says which characters stand where, its pictures say how far their ink
reaches, and errors are made as the glyph head makes them (misreading.py). So a decoder learns from hundreds of formulas
a second. Rounds are numbered and each has its own random stream, as those of strips.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tokenizers import Tokenizer

from vary_cli import formula
from vary_cli.errors import DataError
from vary_cli.example import FORMULA, Example, usual_em
from vary_cli.finetune.augment import seen_glyphs
from vary_cli.finetune.lesson import Lesson
from vary_cli.finetune.misreading import misread, seen_again
from vary_cli.finetune.mixture import Entry, Mixture, Place
from vary_cli.finetune.renaming import renamed
from vary_cli.formula.spelling import spelled
from vary_cli.model.batch import Sequenced, translated, translation
from vary_cli.model.chat import Turn
from vary_cli.model.marks import Marks, marks
from vary_cli.model.spec import ModelSpec

LONGEST = 200  # words of a formula that is learned
KEPT = 100_000  # formulas whose marks are remembered
BARREN = 1000  # examples in turn that give no formula; then there is nothing to be had
RENAMED = 0.7  # of the others are given other letters
SEEN = 0.5  # of the formulas are shown as the eyes read them, if they have looked at some
HINT = "make some with: vary data make formulas"


@dataclass(frozen=True)
class Formula:
    """What stands on a picture, and what it says in its one spelling."""

    marks: Marks
    said: str


@dataclass(frozen=True, eq=False)
class Translations:
    """Round number -> its lessons, `batches` of them."""

    mixture: Mixture
    spec: ModelSpec
    words: Tokenizer
    tokens: int
    """Tokens of a lesson, rows and padding too."""
    batches: int = 24
    """Lessons of a round."""
    seen: Sequence[Formula] = ()
    """Formulas as the eyes read them: half of what is learned."""

    def __getitem__(self, number: int) -> list[Lesson]:
        chance = random.Random(f"{self.mixture.seed}/{number}")
        pool: list[Sequenced] = []
        while len(groups := packed(sized(pool, chance), self.tokens)) <= self.batches:
            pool += self.drawn(chance, max(self.batches, len(pool) // 8))
        chance.shuffle(groups)
        return [self.lesson(group) for group in groups[: self.batches]]

    def lesson(self, group: Sequence[Sequenced]) -> Lesson:
        """Some formulas as a lesson."""
        return Lesson(translated(group, self.words, left=False))

    def drawn(self, chance: random.Random, count: int) -> Iterator[Sequenced]:
        """Formulas as they were read, or misread."""
        for _ in range(count):
            if self.seen and chance.random() < SEEN:
                found = chance.choice(self.seen)
                yield self.sequence(Formula(seen_again(found.marks, chance), found.said))
            else:
                found = self.found(chance)
                marks, said = found.marks, found.said
                if chance.random() < RENAMED:
                    marks, said = renamed(marks, said, chance)
                yield self.sequence(Formula(misread(marks, chance), said))

    def found(self, chance: random.Random) -> Formula:
        """A formula of one of the sets, each by its share. Raises DataError where none is found."""
        for _ in range(BARREN):
            (name,) = chance.choices(list(self.mixture.shares), list(self.mixture.shares.values()))
            index = chance.randrange(len(self.mixture.sets[name]))
            found = None if index in self.mixture.held.get(name, ()) else known(self, (name, index))
            if found is not None:
                return found
        raise DataError(f"{name} gives no formula to learn from", HINT, "data_empty")

    def sequence(self, found: Formula) -> Sequenced:
        """A formula as ids and labels."""
        return translation(found.marks, Turn(self.spec.chat.asked(FORMULA), found.said), self.spec, self.words)

    def held(self) -> list[Lesson]:
        """The formulas that are kept out, as they truly stand there."""
        told = [known(self, place) for place in self.mixture.kept_out()]
        sequences = [self.sequence(one) for one in told if one is not None]
        return [self.lesson(group) for group in packed(sized(sequences), self.tokens)]


@lru_cache(maxsize=KEPT)
def known(source: Translations, place: Place) -> Formula | None:
    """The formula of a place; None where there is none that can be learned."""
    entry = source.mixture.entry(place)
    said = lesson_of(entry)
    return None if said is None else read(entry.example(), said)


def lesson_of(entry: Entry) -> str | None:
    """What is to be written of an entry; None where it is no formula that can be learned."""
    return answer(entry.text) if entry.prompt == FORMULA and entry.columns is not None else None


def answer(latex: str) -> str | None:
    """What is to be written of a formula; None if it has no spelling, or is long."""
    fit = formula.typeset(latex, display=True)
    said = spelled(fit) if fit else None
    return None if said is None or len(said.split()) > LONGEST else said


def read(example: Example, said: str) -> Formula | None:
    """A formula and what stands on its picture."""
    glyphs = seen_glyphs(example)
    return Formula(marks(example.image, glyphs, usual_em(glyphs)), f" {said}") if glyphs else None


def sized(sequences: Sequence[Sequenced], chance: random.Random | None = None) -> list[Sequenced]:
    """Sequences by their length; with chance, roughly."""
    return sorted(sequences, key=lambda one: len(one.ids) + (6 * chance.random() if chance else 0))


def packed(ordered: Sequence[Sequenced], most: int) -> list[list[Sequenced]]:
    """Sequences in their order, in groups of at most so many tokens when padded, or of one."""
    found: list[list[Sequenced]] = []
    longest = 0
    for one in ordered:
        longest = max(longest, len(one.ids))
        if found and (len(found[-1]) + 1) * longest <= most:
            found[-1].append(one)
        else:
            found.append([one])
            longest = len(one.ids)
    return found
