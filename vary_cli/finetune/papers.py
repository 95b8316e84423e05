"""Batches of whole pages: questions and answers of about the same length together, pictures opened when they are due.

A pool of draws is sorted by length and cut into batches; which examples a batch holds is known without opening one.
Measured on a small decoder with answers of 64 to 1024 tokens: batches as they come are 47 % padding and learn 3,300
tokens/s, batches of like length 2–3 % and 6,000–7,000; answers packed into sequences of 1024 behind a block mask are
5 % padding, but the mask shuts out the fast attention: 4,100 tokens/s. So there is no packing.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from tokenizers import Tokenizer

from vary_cli.finetune.lesson import Lesson
from vary_cli.finetune.mixture import Entry, Mixture, Place
from vary_cli.model.batch import Ask, Sequenced, batched, sequenced
from vary_cli.model.spec import ModelSpec

POOL = 32  # batches that are filled together


@dataclass(frozen=True, eq=False)
class Papers:
    """Batch number -> its one lesson."""

    mixture: Mixture
    spec: ModelSpec
    words: Tokenizer
    size: int
    """Examples of a batch."""
    length: int
    """Longest sequence, tokens; of a longer one the end is cut off."""

    batches = 1

    def __getitem__(self, number: int) -> list[Lesson]:
        return [self.lesson(self.places(number))]

    def lesson(self, places: Sequence[Place]) -> Lesson:
        """Some examples as a lesson."""
        found = [self.sequence(place) for place in places]
        fitting = [cut(one, self.longest) for one in found]
        shortened = sum(len(one.ids) > self.longest for one in found)
        return Lesson(batched(fitting, self.spec, left=False), shortened=shortened)

    @property
    def longest(self) -> int:
        """Longest sequence that the model takes."""
        assert self.spec.decoder is not None
        return min(self.length, self.spec.decoder.positions)

    def places(self, number: int) -> list[Place]:
        """The examples of a batch."""
        return list(pool(self, number // POOL)[number % POOL])

    def sequence(self, place: Place) -> Sequenced:
        """An example as ids and labels. Raises DataError for a picture that is broken."""
        return sequenced(self.mixture.entry(place).example(), self.spec, self.words, Ask())


def cut(sequence: Sequenced, longest: int) -> Sequenced:
    """A sequence as far as it fits: what is cut off is an answer's end, and nothing is taught to stand in its place."""
    return Sequenced(sequence.ids[:longest], sequence.learned[:longest], sequence.pictures)


@lru_cache(maxsize=4)
def pool(papers: Papers, number: int) -> list[list[Place]]:
    """The batches of a pool: alike in length, in random order."""
    size = papers.size * POOL
    draws = papers.mixture.draws(number * size, (number + 1) * size)
    chance = random.Random(f"{papers.mixture.seed}/pool/{number}")
    chance.shuffle(draws)
    draws.sort(key=lambda place: length(papers.mixture.entry(place)))
    ends = [len(draws) * i // POOL for i in range(POOL + 1)]
    batches = [draws[a:b] for a, b in pairwise(ends)]
    chance.shuffle(batches)
    return batches


def length(entry: Entry) -> int:
    """About how much there is to read and write, bytes: what a tokenizer makes of it goes with that."""
    said = (entry.prompt or "", entry.text, *(text for turn in entry.history for text in turn))
    return sum(len(text.encode()) for text in said)
